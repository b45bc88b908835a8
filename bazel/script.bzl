"""Programs that need no compiler as tests; py_test and sh_test would bring other repositories with newer Bazels."""

def _impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = program, target_file = ctx.file.script, is_executable = True)
    runfiles = ctx.runfiles(files = [ctx.file.script] + ctx.files.data)
    for data in ctx.attr.data:
        runfiles = runfiles.merge(data[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = program, runfiles = runfiles)]

weir_script_test = rule(
    implementation = _impl,
    doc = "Runs an executable script at the top of the repository. It prints the line `cases: N passed, N failed`.",
    attrs = {
        "data": attr.label_list(allow_files = True, doc = "what the script reads and runs"),
        "script": attr.label(allow_single_file = True, mandatory = True),
    },
    test = True,
)
