// Loads shared objects that may carry Weir, and uses them.
//   loader local|global {FILE FUNCTION}...   loads each, calls its function
//   loader linked {FUNCTION}...              calls functions of what is linked to it
//   loader unload FILE FUNCTION              unloads it under a thread that has used it; then that thread ends
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <link.h>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>

namespace {

struct view {  // see plugin.cc
  const void* copy;
  unsigned thread;
  const char* active;
};
using function = view (*)();

int failed() {
  std::printf("failed=%s\n", ::dlerror());
  return 1;
}

function find(void* object, const char* name) {
  void* const address = ::dlsym(object, name);
  function f = nullptr;
  std::memcpy(&f, &address, sizeof f);
  return f;
}

void print(const char* name, const view& v) {
  std::printf("%s=%p %u %s\n", name, v.copy, v.thread, v.active);
  std::fflush(stdout);
}

int load(int flags, char** pairs) {
  for (; pairs[0] != nullptr; pairs += 2) {
    void* const object = ::dlopen(pairs[0], RTLD_NOW | flags);
    const function f = object != nullptr ? find(object, pairs[1]) : nullptr;
    if (f == nullptr) return failed();
    print(pairs[1], f());
  }
  return 0;
}

int use_linked(char** names) {
  for (; names[0] != nullptr; ++names) {
    const function f = find(RTLD_DEFAULT, names[0]);
    if (f == nullptr) return failed();
    print(names[0], f());
  }
  return 0;
}

bool is_mapped(std::string_view file) {
  std::FILE* const maps = std::fopen("/proc/self/maps", "r");
  if (maps == nullptr) return false;
  bool found = false;
  for (char line[4096]; std::fgets(line, sizeof line, maps) != nullptr;) {
    found = found || std::string_view(line).find(file) != std::string_view::npos;
  }
  std::fclose(maps);
  return found;
}

// What -z nodelete leaves in an object. g++ alone often keeps one loaded too (for symbols that are unique in a
// process), so that it stays proves little.
bool asks_to_stay(void* object) {
  link_map* map = nullptr;
  if (::dlinfo(object, RTLD_DI_LINKMAP, &map) != 0) return false;
  for (const ElfW(Dyn)* d = map->l_ld; d->d_tag != DT_NULL; ++d) {
    if (d->d_tag == DT_FLAGS_1) return (d->d_un.d_val & DF_1_NODELETE) != 0;
  }
  return false;
}

int unload(const char* file, const char* name) {
  void* const object = ::dlopen(file, RTLD_NOW | RTLD_LOCAL);
  const function f = object != nullptr ? find(object, name) : nullptr;
  if (f == nullptr) return failed();
  std::printf("asks-to-stay=%s\n", asks_to_stay(object) ? "yes" : "no");
  std::binary_semaphore used{0};
  std::binary_semaphore unloaded{0};
  std::thread user([&] {
    print(name, f());
    used.release();
    unloaded.acquire();
  });  // and ends: its number is given back by code of the object
  used.acquire();
  if (::dlclose(object) != 0) return failed();
  unloaded.release();
  user.join();
  std::printf("mapped=%s\n", is_mapped(std::strrchr(file, '/')) ? "yes" : "no");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 2 ? argv[1] : "";
  if (what == "local") return load(RTLD_LOCAL, argv + 2);
  if (what == "global") return load(RTLD_GLOBAL, argv + 2);
  if (what == "linked") return use_linked(argv + 2);
  if (what == "unload" && argc == 4) return unload(argv[2], argv[3]);
  return 2;
}
