#include "tests/support/child.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <ostream>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "tests/support/launcher.h"

namespace weir::test {
namespace {

using clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error(what + ": " + std::strerror(error));
}

class descriptor {
 public:
  explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
  ~descriptor() { close(); }
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  void close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

struct pipe_ends {
  descriptor read, write;
};

pipe_ends make_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) fail("pipe2", errno);
  return {descriptor(fds[0]), descriptor(fds[1])};
}

// Over this the child tells why it could not start, or hands over the listener of its filter; exec closes it.
pipe_ends make_report() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) fail("socketpair", errno);
  return {descriptor(fds[0]), descriptor(fds[1])};
}

struct report {
  char what[32] = {};  // the step that failed; empty: here is the listener
  int error = 0;
};

union control {
  cmsghdr header;
  char room[CMSG_SPACE(sizeof(int))];
};

void send_report(int socket, const char* what, int error, int listener) noexcept {
  report r;
  std::strncpy(r.what, what, sizeof r.what - 1);
  r.error = error;
  iovec data{&r, sizeof r};
  control c{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  if (listener >= 0) {
    message.msg_control = &c;
    message.msg_controllen = sizeof c;
    c.header.cmsg_level = SOL_SOCKET;
    c.header.cmsg_type = SCM_RIGHTS;
    c.header.cmsg_len = CMSG_LEN(sizeof listener);
    std::memcpy(CMSG_DATA(&c.header), &listener, sizeof listener);
  }
  static_cast<void>(::sendmsg(socket, &message, MSG_NOSIGNAL));
}

// The listener, or none if the child had no need of one. Throws if the child could not start.
descriptor receive_report(int socket) {
  descriptor listener;
  for (;;) {
    report r;
    iovec data{&r, sizeof r};
    control c{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = &c;
    message.msg_controllen = sizeof c;
    const ssize_t n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return listener;  // closed by exec: it runs
    if (r.what[0] != 0) fail(r.what, r.error);
    int fd = -1;
    if (message.msg_controllen >= CMSG_LEN(sizeof fd)) std::memcpy(&fd, CMSG_DATA(&c.header), sizeof fd);
    listener = descriptor(fd);
  }
}

// All that the child needs, made before fork(): after it only signal-safe calls are allowed.
struct plan {
  const child& what;
  std::vector<std::string> texts{};
  std::vector<char*> argv{};
  std::vector<char*> envp{};
  pipe_ends out = make_pipe();
  pipe_ends err = make_pipe();
  pipe_ends told = make_report();
};

void fill(plan& p) {
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string_view entry = *e;
    const std::string name(entry.substr(0, entry.find('=')));
    if (name != "WEIR_BARRIER" && !p.what.environment.contains(name)) p.texts.emplace_back(entry);
  }
  for (const auto& [name, value] : p.what.environment) p.texts.emplace_back(name).append("=").append(value);
  for (std::string& t : p.texts) p.envp.push_back(t.data());
  p.envp.push_back(nullptr);
  if (const char* with = launcher(); with != nullptr && !p.what.native) p.argv.push_back(const_cast<char*>(with));
  for (const std::string& a : p.what.command) p.argv.push_back(const_cast<char*>(a.c_str()));
  p.argv.push_back(nullptr);
}

[[noreturn]] void become(const plan& p) noexcept {
  const int told = p.told.write.get();
  const auto give_up = [told](const char* what, int error) {
    send_report(told, what, error, -1);
    ::_exit(127);
  };
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || ::dup2(nothing, 0) < 0) give_up("/dev/null", errno);
  if (::dup2(p.out.write.get(), 1) < 0 || ::dup2(p.err.write.get(), 2) < 0) give_up("dup2", errno);
  if (p.what.filter) {
    const int r = p.what.decide ? p.what.filter->install_to_listen() : p.what.filter->install();
    if (r < 0) give_up("seccomp", -r);
    if (p.what.decide) {
      send_report(told, "", 0, r);
      ::close(r);
    }
  }
  ::execve(p.argv[0], p.argv.data(), p.envp.data());
  give_up("execve", errno);
  ::_exit(127);
}

int milliseconds_until(clock::time_point t) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(t - clock::now()).count();
  return static_cast<int>(std::max<decltype(left)>(left, 0));
}

// Appends what can be read; false at the end.
bool read_some(int fd, std::string& to) {
  std::array<char, 4096> buffer;
  const ssize_t n = ::read(fd, buffer.data(), buffer.size());
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  to.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0;
}

// Reads and judges until both outputs are at their end: all who hold them have ended. False: the deadline came first.
// `until` is put off when what the deadline counts from has come.
bool attend(plan& p, descriptor& listener, ended& e, clock::time_point& until) {
  bool counting = p.what.deadline_after.empty();
  while (p.out.read.get() >= 0 || p.err.read.get() >= 0) {
    pollfd fds[] = {{p.out.read.get(), POLLIN, 0}, {p.err.read.get(), POLLIN, 0}, {listener.get(), POLLIN, 0}};
    const int n = ::poll(fds, 3, milliseconds_until(until));
    if (n == 0) return false;
    if (n < 0 && errno != EINTR) fail("poll", errno);
    if (n < 0) continue;
    if (fds[0].revents != 0 && !read_some(p.out.read.get(), e.out)) p.out.read.close();
    if (!counting && e.out.find(p.what.deadline_after) != std::string::npos) {
      counting = true;
      until = clock::now() + p.what.deadline;
    }
    if (fds[1].revents != 0 && !read_some(p.err.read.get(), e.err)) p.err.read.close();
    if ((fds[2].revents & POLLIN) != 0) {
      seccomp::answer_one(listener.get(), p.what.decide);
    } else if (fds[2].revents != 0) {
      listener.close();  // nobody is under the filter any more
    }
  }
  return true;
}

// A process can close its outputs and live on. Without pidfds (Linux 5.3) the wait that follows has no deadline.
bool wait_for_end(pid_t pid, clock::time_point until) {
  const descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd fd{process.get(), POLLIN, 0};
  return process.get() < 0 || ::poll(&fd, 1, milliseconds_until(until)) > 0;
}

// The translator adds a line of its own to the words of a program that dies by a signal.
void forget_launcher(std::string& err) {
  const std::size_t line = err.rfind("qemu: uncaught target signal");
  if (launcher() != nullptr && line != std::string::npos) err.resize(line);
}

}  // namespace

bool ended::died_saying(std::string_view sentence) const {
  return !late && signal == SIGABRT && err.starts_with("weir: ") && std::count(err.begin(), err.end(), '\n') == 1 &&
         err.ends_with('\n') && err.find(sentence) != std::string::npos;
}

std::string ended::value(std::string_view key) const {
  const std::string wanted = "\n" + std::string(key) + "=";
  const std::string lines = "\n" + out;
  const std::size_t at = lines.find(wanted);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + wanted.size();
  return lines.substr(begin, lines.find('\n', begin) - begin);
}

std::ostream& operator<<(std::ostream& to, const ended& e) {
  if (e.late) to << "still running at its deadline, killed";
  else if (e.signal != 0) to << "killed by signal " << e.signal << " (" << ::strsignal(e.signal) << ')';
  else to << "exit status " << e.status;
  return to << "\n--- its stdout\n" << e.out << "--- its stderr\n" << e.err << "---";
}

ended run(const child& c) {
  plan p{.what = c};
  fill(p);
  auto until = clock::now() + (c.deadline_after.empty() ? c.deadline : child{}.deadline);
  const pid_t pid = ::fork();
  if (pid < 0) fail("fork", errno);
  if (pid == 0) become(p);
  ::setpgid(pid, pid);  // both do it: whoever is first, the group exists from here on
  p.out.write.close();
  p.err.write.close();
  p.told.write.close();
  ended e;
  int status = 0;
  try {
    descriptor listener = receive_report(p.told.read.get());
    e.late = !attend(p, listener, e, until) || !wait_for_end(pid, until);
  } catch (...) {
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, &status, 0);
    throw;
  }
  if (e.late) ::kill(-pid, SIGKILL);
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  forget_launcher(e.err);
  if (WIFEXITED(status)) e.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) e.signal = WTERMSIG(status);
  return e;
}

std::string data(std::string_view path) {
  // Bazel's test runner says where the files are; `bazel run` starts in that place.
  const char* root = std::getenv("TEST_SRCDIR");
  const char* workspace = std::getenv("TEST_WORKSPACE");
  if (root == nullptr || workspace == nullptr) return std::string(path);
  return std::string(root) + "/" + workspace + "/" + std::string(path);
}

}  // namespace weir::test
