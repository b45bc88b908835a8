// A user of Weir in a DLL.
#include "weir/barrier/barrier.h"

extern "C" const char* strategy_of_plugin();
extern "C" const char* strategy_of_plugin() {
  weir::barrier::light();
  weir::barrier::heavy();
  return weir::barrier::name(weir::barrier::active()).data();
}
