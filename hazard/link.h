// A retired object that carries its own place in a list: those of cohorts, and those for which there was no memory.
// Internal.
#pragma once

namespace weir::hazard::detail {

struct link {
  link* next = nullptr;
  // Tells the object's address, or, if `reclaim`, reclaims it.
  void* (*handle)(link* self, bool reclaim) = nullptr;
};

}  // namespace weir::hazard::detail
