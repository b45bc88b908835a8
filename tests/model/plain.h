// A plain variable that Relacy follows, for shipped code that knows nothing of rl::var's way to write.
#pragma once

#include "weir/barrier/atomic.h"

namespace weir::model {

template <class T>
class plain {
 public:
  plain& operator=(T v) {
    value_($) = v;
    return *this;
  }
  operator T() const { return value_($); }  // NOLINT(google-explicit-constructor): as a T

 private:
  mutable rl::var<T> value_;
};

}  // namespace weir::model
