"""Pinned public releases, for machines that do not have them as packages.

The digests are those published in the Bazel Central Registry (rules_cc) and in several package collections (Catch2; it
is also the digest of Debian's /usr/include/catch2/catch.hpp).
"""

ARCHIVES = {
    # The last version but a few: from 0.2 on, WORKSPACE has to call more of it than its archive.
    "rules_cc": {
        "sha256": "b26168b9a13f094794982b832975eaf53cefc5dced5b3be7df6b8b794dc2744b",
        "strip_prefix": "rules_cc-0.0.12",
        "urls": ["https://github.com/bazelbuild/rules_cc/releases/download/0.0.12/rules_cc-0.0.12.tar.gz"],
    },
    # Version 2 is one header: no build file of its own, and what Debian 12 has.
    "catch2": {
        "file": "include/catch2/catch.hpp",
        "sha256": "3725c0f0a75f376a5005dde31ead0feb8f7da7507644c201b814443de8355170",
        "urls": ["https://github.com/catchorg/Catch2/releases/download/v2.13.10/catch.hpp"],
    },
}
