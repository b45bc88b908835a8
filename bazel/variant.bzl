"""The same program built in another form of the barrier: pinned, with TSan edges, as on another
system, or with one ordering removed.

The form must be the same in every object of a program (barrier/form.h), so it is a setting of the whole build; these
rules change it for one program by a transition.
"""

def _variant_transition_impl(settings, attr):
    return {
        "//barrier:form": attr.form,
        "//barrier:mutation": attr.mutation or settings["//barrier:mutation"],
        "//barrier:shim": attr.shim,
    }

_variant_transition = transition(
    implementation = _variant_transition_impl,
    inputs = ["//barrier:mutation"],
    outputs = [
        "//barrier:form",
        "//barrier:mutation",
        "//barrier:shim",
    ],
)

def _variant_impl(ctx):
    actual = ctx.attr.actual[0]
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = program, target_file = ctx.executable.actual, is_executable = True)

    # Without the actual program itself: a test may need it in the build's own form, under the same path.
    needed = [f for f in actual[DefaultInfo].default_runfiles.files.to_list() if f != ctx.executable.actual]
    runfiles = ctx.runfiles(files = [program] + needed)
    return [DefaultInfo(executable = program, runfiles = runfiles)]

_ATTRS = {
    "actual": attr.label(
        cfg = _variant_transition,
        executable = True,
        mandatory = True,
    ),
    "form": attr.string(default = "dynamic"),
    "mutation": attr.string(doc = "empty: that of the build"),
    "shim": attr.string(
        default = "none",
        doc = "the library as it is on this system, over tests/support/shim",
    ),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

weir_variant_binary = rule(
    implementation = _variant_impl,
    attrs = _ATTRS,
    executable = True,
)

weir_variant_test = rule(
    implementation = _variant_impl,
    attrs = _ATTRS,
    test = True,
)

def _archive_impl(ctx):
    archive = ctx.actions.declare_file(ctx.label.name)
    static = [f for f in ctx.files.actual if f.extension == "a"]
    ctx.actions.symlink(output = archive, target_file = static[0])
    return [DefaultInfo(files = depset([archive]), runfiles = ctx.runfiles(files = [archive]))]

# The static library of a cc_library in another form: for tests that link by themselves.
weir_variant_archive = rule(
    implementation = _archive_impl,
    attrs = dict(_ATTRS, actual = attr.label(
        cfg = _variant_transition,
        mandatory = True,
    )),
)

def _common_transition_impl(_settings, _attr):
    return {
        "//barrier:form": "dynamic",
        "//barrier:mutation": "none",
        "//barrier:shim": "none",
    }

_common_transition = transition(
    implementation = _common_transition_impl,
    inputs = [],
    outputs = [
        "//barrier:form",
        "//barrier:mutation",
        "//barrier:shim",
    ],
)

def _common_library_impl(ctx):
    return [ctx.attr.actual[0][CcInfo]]

# A library that does not include Weir, compiled once for all variants.
weir_common_library = rule(
    implementation = _common_library_impl,
    attrs = {
        "actual": attr.label(
            cfg = _common_transition,
            mandatory = True,
            providers = [CcInfo],
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
