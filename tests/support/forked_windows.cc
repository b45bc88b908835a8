// Windows has no fork(): the program is started anew, for the same test case alone, and takes the place of the child at
// the same call of forked(). What the case did before that call it does again there; bodies must not care.
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>
#include <windows.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"

namespace weir::test {
namespace {

// In such a program: which call of forked() it was started for.
constexpr const char* turn_variable = "WEIR_TEST_FORKED";

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": error " + std::to_string(::GetLastError()));
}

class handle {
 public:
  explicit handle(HANDLE h = nullptr) noexcept : h_(h) {}
  ~handle() { close(); }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;
  void close() noexcept {
    if (h_ != nullptr) ::CloseHandle(std::exchange(h_, nullptr));
  }
  [[nodiscard]] HANDLE get() const noexcept { return h_; }
  [[nodiscard]] HANDLE* address() noexcept { return &h_; }

 private:
  HANDLE h_;
};

// Sets variables for a program about to be started, and takes them back.
class variables {
 public:
  explicit variables(const std::vector<std::string>& settings) {
    for (const std::string& setting : settings) {
      const std::size_t at = setting.find('=');
      names_.push_back(setting.substr(0, at));
      ::SetEnvironmentVariableA(names_.back().c_str(), setting.substr(at + 1).c_str());
    }
  }
  ~variables() {
    for (const std::string& name : names_) ::SetEnvironmentVariableA(name.c_str(), nullptr);
  }
  variables(const variables&) = delete;
  variables& operator=(const variables&) = delete;

 private:
  std::vector<std::string> names_;
};

std::string own_path() {
  std::array<char, 4096> path;
  const DWORD n = ::GetModuleFileNameA(nullptr, path.data(), path.size());
  if (n == 0 || n == path.size()) fail("GetModuleFileName");
  return {path.data(), n};
}

// As the C runtime takes command lines apart. No argument here ends with a backslash.
std::string quoted(const std::string& argument) {
  std::string result = "\"";
  for (const char c : argument) {
    if (c == '"') result += '\\';
    result += c;
  }
  return result + "\"";
}

// Output is read with the line ends of the C standard.
std::string read_all(HANDLE from) {
  std::string text;
  std::array<char, 4096> buffer;
  for (DWORD n = 0; ::ReadFile(from, buffer.data(), buffer.size(), &n, nullptr) != 0 && n > 0;) {
    for (const char c : std::string(buffer.data(), n)) {
      if (c != '\r') text += c;
    }
  }
  return text;
}

// A test case as an argument of Catch2's.
std::string escaped(const std::string& name) {
  std::string result;
  for (const char c : name) {
    if (std::string(",[]\\\"").find(c) != std::string::npos) result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

outcome rerun(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
  const variables set(environment);
  std::string command = quoted(own_path());
  for (const std::string& a : arguments) command += " " + quoted(a);
  SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
  handle from;
  handle to;
  if (::CreatePipe(from.address(), to.address(), &inherited, 0) == 0) fail("CreatePipe");
  ::SetHandleInformation(from.get(), HANDLE_FLAG_INHERIT, 0);
  STARTUPINFOA start{};
  start.cb = sizeof start;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdOutput = start.hStdError = to.get();
  PROCESS_INFORMATION started{};
  std::fflush(nullptr);
  if (::CreateProcessA(nullptr, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start, &started) == 0) {
    fail("CreateProcess");
  }
  const handle process(started.hProcess);
  const handle first_thread(started.hThread);
  to.close();
  outcome result;
  std::thread reader([&] { result.text = read_all(from.get()); });
  const auto in_time = static_cast<DWORD>(std::chrono::milliseconds(deadline()).count());
  if (::WaitForSingleObject(process.get(), in_time) != WAIT_OBJECT_0) ::TerminateProcess(process.get(), 255);
  ::WaitForSingleObject(process.get(), INFINITE);
  reader.join();
  DWORD code = 0;
  ::GetExitCodeProcess(process.get(), &code);
  constexpr DWORD of_abort = 3;  // the C runtime's; no body returns it
  result.exited = code != of_abort;
  result.status = result.exited ? static_cast<int>(code) : SIGABRT;
  return result;
}

outcome forked(const std::function<int()>& body) {
  static std::string now;
  static int turn = 0;
  const std::string name = Catch::getResultCapture().getCurrentTestName();
  turn = name == now ? turn + 1 : 1;
  now = name;
  const char* const wanted = std::getenv(turn_variable);
  if (wanted == nullptr) return rerun({escaped(name)}, {turn_variable + ("=" + std::to_string(turn))});
  if (std::atoi(wanted) != turn) return {.exited = true, .status = 0, .text = {}};  // not the one: has been, or comes
  const int result = body();
  std::fflush(nullptr);
  ::TerminateProcess(::GetCurrentProcess(), static_cast<UINT>(result));
  std::abort();
}

}  // namespace weir::test
