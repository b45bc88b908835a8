"""bzlmod's way to the same repositories that WORKSPACE uses."""

load(":deps.bzl", "weir_dev_dependencies")

def _dev_impl(_):
    weir_dev_dependencies()

dev_dependencies = module_extension(implementation = _dev_impl)
