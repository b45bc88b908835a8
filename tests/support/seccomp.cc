#include "tests/support/seccomp.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::test::seccomp {
namespace {

// The program that the kernel runs for each call: rules that jump over their answer unless they fit, then what is
// said of all others.
constexpr sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
constexpr sock_filter skip_unless(std::uint32_t value, unsigned char steps) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, steps);
}
constexpr sock_filter give(answer what) { return BPF_STMT(BPF_RET | BPF_K, static_cast<std::uint32_t>(what)); }

constexpr std::size_t lower_half(unsigned argument) {
  return offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t) +
         (std::endian::native == std::endian::big ? sizeof(std::uint32_t) : 0);
}

// Whether `attempt` succeeds in a child, which it may ruin.
bool in_child(bool (*attempt)()) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(attempt() ? 0 : 1);
  int status = 0;
  return pid > 0 && ::waitpid(pid, &status, 0) == pid && status == 0;
}

}  // namespace

filter& filter::on(long call, answer what) {
  const auto number = static_cast<std::uint32_t>(call);
  rules_.insert(rules_.end(), {load(offsetof(seccomp_data, nr)), skip_unless(number, 1), give(what)});
  return *this;
}

filter& filter::on(long call, argument with, answer what) {
  const auto number = static_cast<std::uint32_t>(call);
  rules_.insert(rules_.end(), {load(offsetof(seccomp_data, nr)), skip_unless(number, 3), load(lower_half(with.number)),
                               skip_unless(with.value, 1), give(what)});
  return *this;
}

filter& filter::on(long call, argument with, argument and_with, answer what) {
  const auto number = static_cast<std::uint32_t>(call);
  rules_.insert(rules_.end(), {load(offsetof(seccomp_data, nr)), skip_unless(number, 5), load(lower_half(with.number)),
                               skip_unless(with.value, 3), load(lower_half(and_with.number)),
                               skip_unless(and_with.value, 1), give(what)});
  return *this;
}

filter& filter::otherwise(answer what) {
  otherwise_ = what;
  return *this;
}

int filter::install() const noexcept { return enter(SECCOMP_FILTER_FLAG_TSYNC); }

int filter::install_to_listen() const noexcept { return enter(SECCOMP_FILTER_FLAG_NEW_LISTENER); }

int filter::enter(unsigned flags) const noexcept {
  constexpr std::size_t most = 256;
  sock_filter code[most];
  if (rules_.size() >= most) return -E2BIG;
  code[std::copy(rules_.begin(), rules_.end(), code) - code] = give(otherwise_);
  const sock_fprog program{static_cast<unsigned short>(rules_.size() + 1), code};
  // Without this promise (no gain of rights by exec) a filter needs CAP_SYS_ADMIN (seccomp(2)).
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
  const long r = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  if (r > 0 && flags == SECCOMP_FILTER_FLAG_TSYNC) return -EBUSY;  // a thread that has filters of its own
  return r < 0 ? -errno : static_cast<int>(r);
}

bool answer_one(int listener, const judge& decide) {
  // A newer kernel may write more than this header's structs hold.
  seccomp_notif_sizes sizes{};
  if (::syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) return false;
  union {
    seccomp_notif request;
    char room[1024];
  } asked{};
  union {
    seccomp_notif_resp response;
    char room[1024];
  } said{};
  if (sizes.seccomp_notif > sizeof asked || sizes.seccomp_notif_resp > sizeof said) return false;
  if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) return false;
  const int error = decide(asked.request.data);
  said.response.id = asked.request.id;
  said.response.error = -error;
  said.response.flags = error == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
  return ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &said) == 0;
}

bool works() {
  static const bool result = in_child([] { return filter{}.install() == 0; });
  return result;
}

bool can_ask() {
  static const bool result =
      works() && in_child([] {
        std::uint32_t known = SECCOMP_RET_USER_NOTIF;
        return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &known) == 0 && filter{}.install_to_listen() >= 0;
      });
  return result;
}

}  // namespace weir::test::seccomp
