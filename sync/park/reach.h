// Who may wake a thread that sleeps on a word.
#pragma once

namespace weir::park {

// Threads of this process, or of any that has the word in shared memory.
enum class reach : unsigned char { process, system };

}  // namespace weir::park
