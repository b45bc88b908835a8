#include "tests/sync/nt/explorer/fiber.h"

#include <cstdint>
#include <cstring>

// weir_explorer_switch(from, to): keeps what a callee must keep on the stack, and the stack in *from; goes on with to's.
extern "C" void weir_explorer_switch(void** from, void* to);
asm(R"(
.text
.globl weir_explorer_switch
.type weir_explorer_switch, @function
weir_explorer_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size weir_explorer_switch, .-weir_explorer_switch
)");

namespace weir::nt::explorer {
namespace {

void* scheduler_sp = nullptr;

}  // namespace

void fiber::start(char* stack, std::size_t bytes, void (*body)()) noexcept {
  std::memset(stack, 0, bytes);
  auto* top = reinterpret_cast<std::uintptr_t*>(stack + bytes);
  *--top = 0;  // the ABI's alignment at a function's entry; and the caller that body() has not
  *--top = reinterpret_cast<std::uintptr_t>(body);
  for (int i = 0; i < 6; ++i) *--top = 0;
  sp_ = top;
}

void fiber::resume() noexcept { weir_explorer_switch(&scheduler_sp, sp_); }
void fiber::stop() noexcept { weir_explorer_switch(&sp_, scheduler_sp); }

}  // namespace weir::nt::explorer
