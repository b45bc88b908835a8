"""The orderings that a build can weaken (mutation.h), by the names of their sites."""

MUTATIONS = [
    # The strategies and the forms.
    "heavy-call",
    "heavy-edge",
    "heavy-fence",
    "light-edge",
    "light-fence",
    "register",
    "shared-heavy",
    "shared-light",
    # combine.h
    "heavy-begin",
    "heavy-end",
    "heavy-next",
    "heavy-number-first",
    "heavy-served",
    "heavy-ticket",
    "lead-lock",
    "lead-unlock",
    "sleep",
    "sleep-look",
    "turn",
    "wake",
    # The choice, and the registry of threads.
    "choice",
    "chosen",
    "chunk",
    "made",
    "making",
    "thread-fence",
    "thread-register",
    "thread-scan",
]
