// Objects of different forms (barrier/form.h) must not become one program: their light() and heavy() would be unordered
// without a word. Each case compiles and links, with the compiler that the library was built with.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;
namespace fs = std::filesystem;

struct form {
  const char* name;        // as //barrier:form has it
  const char* flag;        // of the compiler
  const char* inner_name;  // of the inline namespace: what a linker's message must contain
};
constexpr form forms[] = {
    {"dynamic", "-DFORM_DYNAMIC", "form_dynamic"},
    {"edges", "-DWEIR_BARRIER_EDGES", "form_edges"},
    {"pin-fence", "-DWEIR_BARRIER_PIN=fence", "form_pin_fence"},
    {"pin-membarrier", "-DWEIR_BARRIER_PIN=membarrier", "form_pin_membarrier"},
    {"pin-mprotect", "-DWEIR_BARRIER_PIN=mprotect", "form_pin_mprotect"},
};
constexpr form model{"model", "-DWEIR_BARRIER_MODEL", "form_model"};

constexpr const char* two_forms = "weir_barrier_is_built_in_two_forms";

// The least that a user can do: include and call, or only include.
const std::map<std::string, std::string> sources = {
    {"light", "#include \"weir/barrier/barrier.h\"\nint main() { weir::barrier::light(); }\n"},
    {"light_only", "#include \"weir/barrier/barrier.h\"\nvoid f();\nvoid f() { weir::barrier::light(); }\n"},
    {"heavy", "#include \"weir/barrier/barrier.h\"\nint main() { weir::barrier::heavy(); }\n"},
    {"nothing", "#include \"weir/barrier/form.h\"\nint main() {}\n"},
};

// A directory for this program alone, gone at its end.
class workshop {
 public:
  workshop() {
    const char* where = std::getenv("TEST_TMPDIR");
    std::string path = std::string(where != nullptr ? where : "/tmp") + "/forms_XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp " + path);
    root_ = path;
    fs::create_directory(root_ / "include");
    fs::create_directory_symlink(fs::absolute(weir::test::data("barrier")).parent_path(), root_ / "include" / "weir");
    for (const auto& [name, text] : sources) std::ofstream(root_ / (name + ".cc")) << text;
  }
  ~workshop() { fs::remove_all(root_); }
  workshop(const workshop&) = delete;
  workshop& operator=(const workshop&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return (root_ / name).string(); }

  // The object made of a source above, or of the library's own file; made once.
  std::string object(const std::string& source, const form& f) {
    std::string result = path(source + "-" + f.name + ".o");
    if (fs::exists(result)) return result;
    const std::string input =
        sources.contains(source) ? path(source + ".cc") : weir::test::data("barrier/" + source + ".cc");
    const ended e = tool({"-std=c++20", "-O1", "-ffunction-sections", "-fdata-sections", f.flag, "-I" + path("include"),
                          "-c", input, "-o", result});
    INFO(e);
    REQUIRE(e.well());
    return result;
  }

  [[nodiscard]] ended link(std::vector<std::string> inputs) const {
    inputs.insert(inputs.end(), {"-o", path("program"), "-pthread", "-lstdc++"});
    return tool(inputs);
  }

  static std::string archive(const form& f) { return program(std::string("libweir_") + f.name + ".a"); }

 private:
  static ended tool(const std::vector<std::string>& arguments) {
    weir::test::child c;
    c.command = {WEIR_TEST_COMPILER};
    c.command.insert(c.command.end(), arguments.begin(), arguments.end());
    c.native = true;
    c.environment = {{"LC_ALL", "C"}};
    c.deadline = std::chrono::seconds(200);
    return run(c);
  }

  fs::path root_;
};

workshop& shop() {
  static workshop w;
  return w;
}

// With this a linker drops what nobody refers to, so it is the harder case for a tag.
constexpr const char* drop = "-Wl,--gc-sections";

void check_refused(const ended& e, const std::string& names) {
  INFO(e);
  CHECK(e.status > 0);
  CHECK(e.err.find(names) != std::string::npos);
}

TEST_CASE("an object and a library of the same form link and run") {
  for (const form& f : forms) {
    if (std::string(f.name) == "pin-membarrier" && !membarrier_is_here()) continue;
    if (std::string(f.name) == "pin-mprotect" && !mprotect_is_here()) continue;
    for (const char* source : {"light", "heavy", "nothing"}) {
      const ended linked = shop().link({shop().object(source, f), workshop::archive(f), drop});
      INFO(f.name << " " << source << ": " << linked);
      REQUIRE(linked.well());
      const ended e = run({.command = {shop().path("program")}});
      INFO(e);
      CHECK(e.well());
    }
  }
}

TEST_CASE("an object of one form does not link with the library of another, and the message names the object's form") {
  for (const form& object : forms) {
    for (const form& library : forms) {
      if (object.name == library.name) continue;
      INFO(object.name << " object, " << library.name << " library");
      check_refused(shop().link({shop().object("light", object), workshop::archive(library), drop}), object.inner_name);
    }
  }
}

TEST_CASE("not even an object that only includes, and calls nothing") {
  for (const form& object : {forms[0], forms[1], forms[3], model}) {
    const form& library = object.name == forms[0].name ? forms[2] : forms[0];
    for (const char* way : {"-Wl,--no-gc-sections", drop}) {
      INFO(object.name << " object, " << library.name << " library, " << way);
      check_refused(shop().link({shop().object("nothing", object), workshop::archive(library), way}),
                    object.inner_name);
    }
  }
}

TEST_CASE("two libraries of two forms in one program do not link, whatever is used of each") {
  for (const form& one : forms) {
    for (const form& other : forms) {
      if (one.name == other.name) continue;
      // light() of the one with heavy() of the other is what would be unordered.
      INFO(one.name << " light(), " << other.name << " heavy()");
      const std::string a = shop().object("light_only", one);
      const std::string b = shop().object("heavy", other);
      check_refused(shop().link({a, b, workshop::archive(one), workshop::archive(other), drop}), two_forms);
    }
  }
}

TEST_CASE("nor do the model and a library") {
  const std::string tag = shop().object("light_model", model);
  const ended e = shop().link(
      {shop().object("nothing", model), shop().object("light_only", forms[0]), tag, workshop::archive(forms[0])});
  check_refused(e, two_forms);
}

TEST_CASE("a process is refused a pinned program where light() is all that it uses, too") {
  if (!can_filter()) return;
  const form& pinned = forms[3];
  REQUIRE(shop().link({shop().object("light", pinned), workshop::archive(pinned), "-Wl,--gc-sections"}).well());
  const ended e = run(under(refuse(seccomp::fail(ENOSYS)), {.command = {shop().path("program")}}));
  INFO(e);
  CHECK(e.died_saying("the build (its pin) asks for the barrier \"membarrier\", which cannot be had here: "));
}

}  // namespace
