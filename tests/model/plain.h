// A plain variable that Relacy follows, for shipped code that knows nothing of rl::var's way to write.
#pragma once

#include "weir/barrier/atomic.h"

namespace weir::model {

template <class T>
class plain {
 public:
  plain() = default;
  plain(const plain&) = delete;
  ~plain() = default;
  plain& operator=(T v) {
    value_($) = v;
    return *this;
  }
  plain& operator=(const plain& other) {  // NOLINT(cert-oop54-cpp): to itself it is a read and a write, as of a T
    return *this = static_cast<T>(other);
  }
  operator T() const { return value_($); }  // NOLINT(google-explicit-constructor): as a T

 private:
  mutable rl::var<T> value_;
};

}  // namespace weir::model
