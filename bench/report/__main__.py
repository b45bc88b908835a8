"""The command line: see `./run bench --help`."""

import argparse
import json
import sys
from pathlib import Path
from typing import List

from bench.report import document, machine, page, runner, text
from bench.report.model import Result, Room
from bench.report.rooms import ROOMS

OUT = Path("out/bench")


def parse(arguments: List[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="Measures Weir beside its rivals.",
                                     allow_abbrev=False)  # tools/bench.sh knows whole names only
    parser.add_argument("room", nargs="*", help=f"which rooms; all by default: {', '.join(ROOMS)}")
    parser.add_argument("--quick", action="store_true", help="at most 40 s for each room")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there too")
    parser.add_argument("--bin", type=Path, help=argparse.SUPPRESS)  # where the programs are; none: look at usage only
    options = parser.parse_args(arguments)
    for name in options.room:
        if name not in ROOMS:
            parser.error(f"there is no room \"{name}\"; there are: {', '.join(ROOMS)}")
    return options


class Progress:
    """One line that is written over on a terminal; a line now and then elsewhere."""

    def __init__(self, room: str):
        self._room = room
        self._calls = 0

    def __call__(self, said: str) -> None:
        self._calls += 1
        if sys.stderr.isatty():
            print(f"\r\033[K{self._room}: {said}", end="", file=sys.stderr, flush=True)
        elif self._calls % 5 == 1:
            print(f"{self._room}: {said}", file=sys.stderr, flush=True)

    def done(self) -> None:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def run(room: Room, options: argparse.Namespace) -> Result:
    first, other = machine.choose_cpus()
    plan = runner.QUICK if options.quick else runner.FULL
    about = runner.launch([str(options.bin / room.about), "--about"])[0]
    progress = Progress(room.name)

    def command(program: str) -> List[str]:
        return [str(options.bin / program), "--cpu", str(first), "--other", str(other)]

    result = runner.Runner(room, machine.describe(about), plan, command, progress=progress).run()
    progress.done()
    return result


def main(arguments: List[str]) -> int:
    options = parse(arguments)
    if options.bin is None:
        return 0
    results = []
    for name in options.room or ROOMS:
        result = run(ROOMS[name], options)
        if not results:
            print("\n".join(text.machine(result.machine)))
        print("\n" + "\n".join(text.room(result)), flush=True)
        results.append(result)

    OUT.mkdir(parents=True, exist_ok=True)
    written = json.dumps(document.document(results), indent=1, ensure_ascii=False) + "\n"
    for path in filter(None, [OUT / "report.json", options.json]):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    (OUT / "report.html").write_text(page.page(results), encoding="utf-8")
    print(f"\npage: {(OUT / 'report.html').resolve()}\njson: {(OUT / 'report.json').resolve()}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except runner.Refused as refusal:
        sys.exit(f"bench: {refusal}")
