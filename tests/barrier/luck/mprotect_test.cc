// mprotect as a barrier is a by-product, and unsound where the kernel or a hypervisor flushes without interrupts:
// judged by the facts, over a table; then for real on the machine at hand. A kernel before 6.14, a processor with
// INVLPGB and other hypervisors than the one here cannot be had for real: for those the table is all there is.
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"
#include "weir/barrier/port.h"

namespace {

using namespace luck;
namespace detail = weir::barrier::detail;
using detail::flush_facts;
using detail::wish;

struct judged {
  const char* what;
  flush_facts facts;
  bool automatic;    // whether it may be chosen
  bool named;        // whether it may be insisted on
  const char* says;  // part of the reason why it is not chosen
};

const judged table[] = {
    {"bare metal, an old kernel", {.kernel_major = 4, .kernel_minor = 13}, true, true, ""},
    {"bare metal, the last kernel that always interrupts", {.kernel_major = 6, .kernel_minor = 13}, true, true, ""},
    {"kernel 6.14", {.kernel_major = 6, .kernel_minor = 14}, false, true, "kernel 6.14 may flush without interrupts"},
    {"kernel 6.18", {.kernel_major = 6, .kernel_minor = 18}, false, true, "kernel 6.18 may"},
    {"kernel 7.0", {.kernel_major = 7, .kernel_minor = 0}, false, true, "kernel 7.0 may"},
    {"kernel 10.1", {.kernel_major = 10, .kernel_minor = 1}, false, true, "WEIR_BARRIER=mprotect insists"},
    {"a kernel without a version", {}, false, true, "the kernel's version cannot be read"},
    {"INVLPGB, an old kernel", {.kernel_major = 5, .kernel_minor = 10, .broadcasts = true}, false, false, "INVLPGB"},
    {"INVLPGB", {.kernel_major = 6, .kernel_minor = 18, .broadcasts = true}, false, false, "INVLPGB"},
    {"KVM", {.kernel_major = 6, .kernel_minor = 1, .hypervisor = "KVMKVMKVM"}, true, true, ""},
    {"VMware", {.kernel_major = 6, .kernel_minor = 1, .hypervisor = "VMwareVMware"}, true, true, ""},
    {"KVM, a new kernel",
     {.kernel_major = 6, .kernel_minor = 14, .hypervisor = "KVMKVMKVM"},
     false,
     true,
     "kernel 6.14"},
    {"an unknown hypervisor",
     {.kernel_major = 6, .kernel_minor = 1, .hypervisor = "WhoKnowsWho?"},
     false,
     true,
     "it is not known how this hypervisor (WhoKnowsWho?) flushes"},
    {"a hypervisor without a name",
     {.kernel_major = 6, .kernel_minor = 1, .hypervisor = "without a name"},
     false,
     true,
     "it is not known how"},
    {"Hyper-V",
     {.kernel_major = 6, .kernel_minor = 1, .hypervisor = "Microsoft Hv", .hypercalls = true},
     false,
     false,
     "under this hypervisor (Microsoft Hv) the kernel asks it to flush"},
    {"Xen",
     {.kernel_major = 4, .kernel_minor = 19, .hypervisor = "XenVMMXenVMM", .hypercalls = true},
     false,
     false,
     "(XenVMMXenVMM)"},
    {"a translator", {.kernel_major = 6, .kernel_minor = 1, .translated = true}, false, false, "on a translator"},
    {"a translator under KVM",
     {.kernel_major = 6, .kernel_minor = 1, .translated = true, .hypervisor = "KVMKVMKVM"},
     false,
     false,
     "on a translator"},
};

bool on_x86() {
  if (weir::port::is_x86) return true;
  std::printf("left out: mprotect is refused on this processor, whatever the facts\n");
  return false;
}

TEST_CASE("mprotect is judged by the facts: chosen where it is known to be sound, never where it is known not to be") {
  if (!on_x86()) return;
  for (const judged& j : table) {
    INFO(j.what);
    const detail::verdict automatic = detail::judge(j.facts, wish::automatic);
    const detail::verdict named = detail::judge(j.facts, wish::named);
    CHECK(static_cast<bool>(automatic) == j.automatic);
    CHECK(static_cast<bool>(named) == j.named);
    CHECK(std::string(automatic.why()).find(j.says) != std::string::npos);
    CHECK(std::strlen(automatic.why()) > 0);
    CHECK((named || std::string(named.why()).find(j.says) != std::string::npos));
  }
}

TEST_CASE("this machine's facts are plausible") {
  if (!on_x86()) return;
  const flush_facts f = detail::look_at_this_machine();
  std::printf("here: kernel %d.%d, hypervisor \"%s\", hypercalls %d, broadcasts %d, translated %d\n", f.kernel_major,
              f.kernel_minor, std::string(f.hypervisor).c_str(), f.hypercalls, f.broadcasts, f.translated);
  CHECK(f.kernel_major >= 3);
  CHECK(f.hypervisor.size() <= 14);
}

TEST_CASE("without membarrier, mprotect is chosen or passed over by the same judgement, and describe() says which") {
  if (!can_filter()) return;
  const detail::verdict v = detail::mprotect::available(wish::automatic);
  const ended e = run(under(refuse(seccomp::fail(ENOSYS)), probe({"state"})));
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("active") == without_membarrier());
  const std::string told = v ? "mprotect: TLB shootdowns by interrupt" : "; not mprotect: " + std::string(v.why());
  CHECK(e.value("describe").find(told) != std::string::npos);
}

TEST_CASE("WEIR_BARRIER=mprotect insists, or gets the sentence") {
  const detail::verdict v = detail::mprotect::available(wish::named);
  const ended e = run(with("mprotect", probe({"state"})));
  INFO(e);
  if (v) {
    CHECK(e.well());
    CHECK(e.value("active") == "mprotect");
    CHECK(e.value("barriers") == "5");
    CHECK(e.value("describe").find("chosen by the environment (WEIR_BARRIER)") != std::string::npos);
  } else {
    CHECK(e.died_saying("asks for the barrier \"mprotect\", which cannot be had here: " + std::string(v.why())));
  }
}

TEST_CASE("a program with mprotect pinned keeps the contract; where it cannot be had, it gets the sentence") {
  weir::test::child c = probe({"~[long]~[role]"}, "barrier_test_pin_mprotect");
  c.deadline = std::chrono::seconds(200);
  const ended e = run(c);
  INFO(e);
  if (mprotect_is_here()) {
    CHECK(e.well());
    CHECK(e.out.find("selected: mprotect: ") != std::string::npos);
    CHECK(e.out.find(" passed, 0 failed\n") != std::string::npos);
  } else {
    CHECK(e.died_saying("the build (its pin) asks for the barrier \"mprotect\", which cannot be had here: "));
  }
}

TEST_CASE("mprotect(2) refused from the start: the trial notices") {
  if (!can_filter() || !detail::mprotect::available(wish::named)) return;
  // Only where all access is taken from one page: what libc asks for is something else.
  const auto page = static_cast<std::uint32_t>(::sysconf(_SC_PAGESIZE));
  seccomp::filter f;
  f.on(SYS_mprotect, {1, page}, {2, PROT_NONE}, seccomp::fail(EACCES));
  const ended named = run(with("mprotect", under(f, probe({"state"}))));
  INFO(named);
  CHECK(
      named.died_saying("asks for the barrier \"mprotect\", which cannot be had here: the first call failed "
                        "(Permission denied)"));
  f.on(SYS_membarrier, seccomp::fail(ENOSYS));
  // The search for leaks at the end takes all access from a page, too.
  const ended automatic = run(sanitized("ASAN_OPTIONS", "detect_leaks=0", under(f, probe({"state"}))));
  INFO(automatic);
  CHECK(automatic.well());
  CHECK(automatic.value("active") == "fence");
}

// Mappings are counted by the kernel, and by none of ours: AddressSanitizer's and others' are among them.
TEST_CASE("heavy() by mprotect in a process that may have no more mappings") {
  if (weir::port::under_tsan) {
    std::printf("left out: ThreadSanitizer itself needs further mappings all the time\n");
    return;
  }
  unsigned long limit = 0;
  if (std::ifstream("/proc/sys/vm/max_map_count") >> limit; limit == 0 || limit > 2'000'000) {
    std::printf("left out: %lu mappings are too many to make\n", limit);
    return;
  }
  if (!can_filter() || !detail::mprotect::available(wish::named)) return;
  // A page that is locked in memory is unlike its neighbours; who has not the right to lock has one that is like them.
  seccomp::filter f;
  f.on(SYS_mlock, seccomp::fail(EPERM));
  const ended e = run(with("mprotect", under(f, probe({"crowded"}))));
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("active") == "mprotect");
  CHECK(e.value("refused") == "ENOMEM");
}

}  // namespace
