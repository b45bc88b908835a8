#!/usr/bin/env python3
"""The rows of Wine's server: runs windows/server.c by Wine, and answers as the other programs do (support/program.h).

tools/bench.sh says where the program for Windows and the prefix (Wine's idea of a disk) are; without them there are no
rows. Rows whose name ends in _2s or _10m run where the system likes; for all others the program and the server have
one CPU, which is what suits them best: no message has to wake another processor.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Dict, List, Optional, Set

TICK = os.sysconf("SC_CLK_TCK")
DEADLINE = 60  # seconds, for a program that measures for two or three


def absent(row: str, why: str) -> Dict[str, object]:
    return {"row": row, "absent": why}


def server_of(prefix: str) -> Optional[int]:
    """The process that is the prefix's server."""
    wanted = f"WINEPREFIX={prefix}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "comm").read_text().startswith("wineserver"):
                if wanted in (process / "environ").read_bytes().split(b"\0"):
                    return int(process.name)
        except OSError:  # it has ended, or is somebody else's
            continue
    return None


def cpu_of(process: int) -> float:
    """Seconds that it has had so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def of_cpus(cpus: Set[int]) -> List[float]:
    """Seconds in which they were busy, and that were stolen from them (proc(5))."""
    sums = [0.0, 0.0]
    for line in Path("/proc/stat").read_text().splitlines():
        name, *ticks = line.split()
        if name[:3] == "cpu" and name[3:].isdigit() and int(name[3:]) in cpus:
            sums[0] += sum(int(t) for t in ticks[:3]) / TICK
            sums[1] += int(ticks[7]) / TICK
    return sums


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(exe: str, prefix: str, cpus: Set[int], milliseconds: str, rows: List[str]) -> List[Dict[str, object]]:
    environment = {**os.environ, "WINEDEBUG": "-all", "WINEPREFIX": prefix}
    environment.pop("DISPLAY", None)
    # It stays for a minute, or a program's end would be its own; does nothing if there is one.
    subprocess.run(["wineserver", "-p60"], env=environment, check=False, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = server_of(prefix)
    if server is None:
        sys.exit("bench: Wine's server has not started")
    os.sched_setaffinity(server, cpus)
    os.sched_setaffinity(0, cpus)  # what we start has them too
    before, own, wall = of_cpus(cpus), children() + cpu_of(server), time.monotonic()
    command = ["timeout", "-k", "5", str(DEADLINE), "wine", exe, milliseconds, *rows]
    # Files, and no pipes: the first program starts Wine's services, which have its output too, and stay.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        status = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
                                check=False).returncode
        out.seek(0)
        errors.seek(0)
        answer, complaint = out.read(), errors.read().strip().splitlines()
    after, had, took = of_cpus(cpus), children() + cpu_of(server) - own, time.monotonic() - wall
    if status != 0:
        sys.exit(complaint[-1] if complaint else f"bench: Wine's program ended with status {status}")
    # Both ends of what each CPU tells are rounded to ticks.
    foreign = max(0.0, after[0] - before[0] - had - 2 * len(cpus) / TICK) / (took * len(cpus))
    lines = []
    for line in answer.splitlines():
        name, ns, wall_ms = line.split()
        lines.append({"row": name, "ns": float(ns), "wall_ms": float(wall_ms), "share": round(1 - foreign, 5),
                      "company": 1, "stolen_ms": round(1000 * (after[1] - before[1])), "others": 0})
    return lines


def main(arguments: List[str]) -> None:
    options = {"--cpu": "0", "--other": "-1", "--ms": "20"}
    while arguments and arguments[0] in options:
        options[arguments[0]], arguments = arguments[1], arguments[2:]
    exe, prefix = os.environ.get("WEIR_BENCH_WINE_PROGRAM"), os.environ.get("WEIR_BENCH_WINE_PREFIX")
    if not exe or not prefix:
        for row in arguments:
            print(json.dumps(absent(row, "there is no Wine here, or no compiler for it (./run cross windows)")))
        return
    everywhere = os.sched_getaffinity(0)
    lines = {}
    for cpus, bound in (({int(options["--cpu"])}, True), (everywhere, False)):
        rows = [r for r in arguments if r.endswith(("_2s", "_10m")) != bound]
        if rows:
            os.sched_setaffinity(0, everywhere)
            lines.update({str(line["row"]): line for line in run(exe, prefix, cpus, options["--ms"], rows)})
    for row in arguments:
        print(json.dumps(lines[row]))


if __name__ == "__main__":
    main(sys.argv[1:])
