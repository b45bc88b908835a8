"""The forms of light() and heavy() that a whole build can choose from (form.h)."""

# The strategies that light() can be pinned to. One that a system does not have aborts the program at its start there.
PINS = [
    "fence",
    "flush",
    "membarrier",
    "mprotect",
    "registers",
]

FORMS = [
    "dynamic",
    "edges",
] + ["pin-" + pin for pin in PINS]

# For select(): form -> its file and its macro.
LIGHT = {":dynamic": ["light_dynamic.cc"], ":edges": ["light_edges.cc"]}

DEFINES = {":dynamic": [], ":edges": ["WEIR_BARRIER_EDGES"]}

LIGHT.update([(":pin-" + pin, ["light_pinned.cc"]) for pin in PINS])

DEFINES.update([(":pin-" + pin, ["WEIR_BARRIER_PIN=" + pin]) for pin in PINS])
