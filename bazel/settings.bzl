"""Build settings of our own (bazel_skylib would be a dependency for ten lines)."""

def _string_setting(ctx):
    value = ctx.build_setting_value
    if ctx.attr.values and value not in ctx.attr.values:
        allowed = ", ".join(["\"%s\"" % v for v in ctx.attr.values])
        fail("%s must be one of %s, not \"%s\"" % (ctx.label, allowed, value))
    return []

string_setting = rule(
    implementation = _string_setting,
    build_setting = config.string(flag = True),
    attrs = {"values": attr.string_list(doc = "allowed values; empty: any")},
)
