#include "weir/barrier/mprotect_x86.h"

#include <cerrno>
#include <cpuid.h>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "weir/barrier/fail.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/patience.h"

namespace weir::barrier::detail {
namespace {

// The page whose access is taken away. Written before threads rely on it; used by one caller at a time. Children share
// it with their parents: what stands in it means nothing.
void* page = nullptr;
std::size_t page_bytes = 0;

struct registers {
  unsigned a, b, c, d;
};

registers cpuid(unsigned leaf) noexcept {
  registers r{};
  __cpuid_count(leaf, 0, r.a, r.b, r.c, r.d);
  return r;
}

// Twelve characters that stand in three registers; `text` has room for 13.
void signature(unsigned first, unsigned second, unsigned third, char* text) noexcept {
  std::memcpy(text, &first, 4);
  std::memcpy(text + 4, &second, 4);
  std::memcpy(text + 8, &third, 4);
  text[12] = 0;
}

// Gives access to the page and takes it away. 0, or why not.
int shoot_down_once() noexcept {
  if (::mprotect(page, page_bytes, PROT_READ | PROT_WRITE) != 0) return errno;
  // The page must have been accessed and written since the last time, else the kernel has nothing to flush.
  auto* const word = static_cast<volatile unsigned*>(page);
  *word = *word + 1;
  return ::mprotect(page, page_bytes, PROT_NONE) == 0 ? 0 : errno;
}

// The same, with patience while memory is short.
int shoot_down() noexcept {
  int error = shoot_down_once();
  for (int attempt = 0; error == ENOMEM && attempt < patience; ++attempt) {
    pause_for_memory();
    error = shoot_down_once();
  }
  return error;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) noexcept {
  for (const std::string_view n : names) {
    if (text == n) return true;
  }
  return false;
}

}  // namespace

verdict judge(const flush_facts& f, wish w) noexcept {
  const int length = static_cast<int>(f.hypervisor.size());
  const char* const signature_text = f.hypervisor.data();
  if (f.translated) {
    return verdict::no("this is an x86 program on a translator, which need not interrupt the processors below it");
  }
  if (f.broadcasts) {
    return verdict::no("the CPU has INVLPGB: Linux 6.14 and newer flush a busy process with it, without interrupts");
  }
  if (f.hypercalls) {
    return verdict::no("under this hypervisor (%.*s) the kernel asks it to flush, which promises no barrier", length,
                       signature_text);
  }
  if (w == wish::named) return verdict::yes("a TLB shootdown by interrupt, by explicit wish");
  if (f.kernel_major > 6 || (f.kernel_major == 6 && f.kernel_minor >= 14)) {
    return verdict::no("kernel %d.%d may flush without interrupts (6.14 and newer); WEIR_BARRIER=mprotect insists",
                       f.kernel_major, f.kernel_minor);
  }
  if (f.kernel_major == 0) return verdict::no("the kernel's version cannot be read; WEIR_BARRIER=mprotect insists");
  if (!f.hypervisor.empty() && !is_one_of(f.hypervisor, {"KVMKVMKVM", "VMwareVMware"})) {
    return verdict::no("it is not known how this hypervisor (%.*s) flushes; WEIR_BARRIER=mprotect insists", length,
                       signature_text);
  }
  return verdict::yes("a TLB shootdown by interrupt (kernel %d.%d)", f.kernel_major, f.kernel_minor);
}

flush_facts look_at_this_machine() noexcept {
  static char hypervisor[13];
  flush_facts f;

  utsname names{};
  if (::uname(&names) != 0 || std::sscanf(names.release, "%d.%d", &f.kernel_major, &f.kernel_minor) != 2) {
    f.kernel_major = f.kernel_minor = 0;
  }

  char vendor[13];
  const registers basic = cpuid(0);
  signature(basic.b, basic.d, basic.c, vendor);
  f.translated = !is_one_of(vendor, {"GenuineIntel", "AuthenticAMD", "HygonGenuine", "CentaurHauls", "  Shanghai  "});

  if (cpuid(0x8000'0000).a >= 0x8000'0008) f.broadcasts = (cpuid(0x8000'0008).b & (1u << 3)) != 0;

  // CPUID 1 ECX bit 31: a hypervisor, whose leaves begin at 0x4000'0000; one that also speaks another's interface has
  // that 0x100 further on (Linux looks for Xen and KVM in this way).
  if ((cpuid(1).c & (1u << 31)) != 0) {
    for (unsigned leaf = 0x4000'0000; leaf < 0x4001'0000; leaf += 0x100) {
      const registers r = cpuid(leaf);
      char text[13];
      signature(r.b, r.c, r.d, text);
      if (leaf == 0x4000'0000) std::memcpy(hypervisor, text, sizeof hypervisor);
      if (is_one_of(text, {"Microsoft Hv", "XenVMMXenVMM"})) {
        f.hypercalls = true;
        std::memcpy(hypervisor, text, sizeof hypervisor);
      }
      if (is_one_of(text, {"TCGTCGTCGTCG", "FEXIFEXIEMU"})) f.translated = true;
    }
    f.hypervisor = hypervisor[0] != 0 ? std::string_view(hypervisor) : std::string_view("without a name");
  }
  return f;
}

verdict mprotect::install() noexcept {
  if (page == nullptr) {
    const std::size_t bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    // Shared, with nobody: such a page is a mapping of its own, whatever lies beside it. A private one becomes one with
    // its neighbours, and to part them again is refused in a process with as many mappings as it may have.
    void* p = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return verdict::no("mapping its page failed (%s)", weir::detail::words(errno));
    // Only to save a page fault in heavy(): a page that is swapped out has been flushed from every TLB by interrupt
    // too. Refused without the right to lock memory, and not inherited by fork: no matter.
    static_cast<void>(::mlock(p, bytes));
    page_bytes = bytes;
    page = p;
    // A filter may have denied the call from the start.
    if (const int error = shoot_down(); error != 0) {
      ::munmap(page, page_bytes);
      page = nullptr;
      return verdict::no("the first call failed (%s)", weir::detail::words(error));
    }
  }
  return verdict::yes("TLB shootdowns by interrupt, with a page of %zu bytes", page_bytes);
}

void mprotect::heavy() noexcept {
  if (mutation::removed<"heavy-call">()) return;
  if (const int error = shoot_down(); error != 0) {
    weir::detail::die("mprotect(2) on the barrier's own page failed (%s); readers without fences rely on it",
                      weir::detail::words(error));
  }
}

}  // namespace weir::barrier::detail
