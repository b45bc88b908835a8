"""What the figures were measured on, and which of its CPUs."""

import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import Dict, List, Tuple


def _first(path: str, key: str) -> str:
    """The value of the first `key : value` in a file of /proc."""
    try:
        for line in Path(path).read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    except OSError:
        pass
    return ""


def _git(*args: str) -> str:
    try:
        return subprocess.run(["git", *args], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def commit() -> str:
    head = _git("rev-parse", "--short=12", "HEAD")
    if not head:
        return "unknown"
    return head + ("-changed" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _siblings(cpu: int) -> List[int]:
    """The CPUs that are hyperthreads of one core with `cpu`, itself included."""
    try:
        text = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
    except OSError:
        return [cpu]
    cpus: List[int] = []
    for part in text.strip().split(","):
        low, _, high = part.partition("-")
        cpus += range(int(low), int(high or low) + 1)
    return cpus


def choose_cpus() -> Tuple[int, int]:
    """The CPU to measure on, and one for a second thread: of another core if there is one; -1: there is none."""
    allowed = sorted(os.sched_getaffinity(0))
    first, rest = allowed[0], allowed[1:]
    cores = [c for c in rest if c not in _siblings(first)]
    return first, (cores or rest or [-1])[0]


def describe(about: Dict[str, str]) -> Dict[str, object]:
    """`about`: what a benchmark program says of itself (its compiler, the strategy and why)."""
    version = about["compiler"]
    first, other = choose_cpus()
    return {
        "cpu": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "virtual": " hypervisor" in " " + _first("/proc/cpuinfo", "flags"),
        "kernel": f"{platform.system()} {platform.release()}",
        "compiler": version if not version[:1].isdigit() else f"gcc {version}",
        "commit": commit(),
        "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "measured_on_cpus": [c for c in (first, other) if c >= 0],
        "strategy": about.get("strategy", ""),
        "reason": about.get("reason", ""),
        "forced": os.environ.get("WEIR_BARRIER", ""),
    }
