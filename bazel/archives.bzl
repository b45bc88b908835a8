"""Pinned archives for machines that have a network."""

# The digests below are placeholders in this prototype.
ARCHIVES = {
    "rules_cc": {
        "sha256": "",
        "strip_prefix": "rules_cc-0.0.4",
        "urls": ["https://example.invalid/rules_cc-0.0.4.tar.gz"],
    },
    "catch2": {
        "sha256": "",
        "strip_prefix": "Catch2-3.7.1",
        "urls": ["https://example.invalid/Catch2-3.7.1.tar.gz"],
    },
    "google_benchmark": {
        "sha256": "",
        "strip_prefix": "benchmark-1.9.1",
        "urls": ["https://example.invalid/benchmark-1.9.1.tar.gz"],
    },
}
