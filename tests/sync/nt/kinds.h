// The engine's kind of an object for the model's. Apart from model.h, which knows nothing of the engine.
#pragma once

#include "tests/sync/nt/model.h"
#include "weir/sync/nt/word.h"

namespace weir::nt::test {

inline detail::kind kind_for(what k) {
  switch (k) {
    case what::auto_event: return detail::kind::auto_event;
    case what::manual_event: return detail::kind::manual_event;
    case what::semaphore: return detail::kind::semaphore;
    case what::mutant: break;
  }
  return detail::kind::mutant;
}

}  // namespace weir::nt::test
