#include "tests/support/forked.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "tests/support/gate.h"
#include "tests/support/launcher.h"

namespace weir::test {
namespace {

// In the child.
[[noreturn]] void become(const std::function<int()>& body, int out) {
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  // Later than what the body itself waits for: its own words are better.
  ::alarm(static_cast<unsigned>(deadline().count()) * 5 / 4);
  const int result = body();
  std::fflush(nullptr);
  ::_exit(result);
}

std::string read_all(int from) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t n = 0; (n = ::read(from, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

// Where this program lies. Not executed as /proc/self/exe, which under valgrind is valgrind.
std::string own_path() {
  std::array<char, 4096> path;
  const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size());
  if (n <= 0) throw std::runtime_error("readlink");
  return {path.data(), static_cast<std::size_t>(n)};
}

}  // namespace

beside::beside(const std::function<int()>& body) {
  std::array<int, 2> ends;
  if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe");
  std::fflush(nullptr);
  child_ = ::fork();
  if (child_ < 0) throw std::runtime_error("fork");
  if (child_ == 0) {
    ::close(ends[0]);
    become(body, ends[1]);
  }
  ::close(ends[1]);
  text_ = ends[0];
}

beside::~beside() {
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  ::close(text_);
}

outcome beside::end() {
  outcome result;
  result.text = read_all(text_);
  ::close(text_);
  int status = 0;
  if (::waitpid(std::exchange(child_, -1), &status, 0) < 0) throw std::runtime_error("waitpid");
  result.exited = WIFEXITED(status);
  result.status = result.exited ? WEXITSTATUS(status) : WTERMSIG(status);
  return result;
}

outcome forked(const std::function<int()>& body) { return beside(body).end(); }

outcome rerun(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
  return forked([&] {
    for (const std::string& setting : environment) {
      const std::size_t at = setting.find('=');
      ::setenv(setting.substr(0, at).c_str(), setting.substr(at + 1).c_str(), 1);
    }
    std::string program = own_path();
    std::vector<char*> argv;
    if (const char* with = launcher(); with != nullptr) argv.push_back(const_cast<char*>(with));
    argv.push_back(program.data());
    for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    std::perror("execv");
    return 127;
  });
}

}  // namespace weir::test
