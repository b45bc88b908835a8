"""Runs the programs of a room round by round, takes disturbed samples again, and keeps what each round gave."""

import json
import subprocess
import time
from dataclasses import dataclass
from typing import Callable, Dict, List, Optional

from bench.report import judge
from bench.report.model import Program, Result, Room, Row, Series

LEAST_ROUNDS = 7
MOST_RETAKES = 6  # of one sample


@dataclass(frozen=True)
class Plan:
    quick: bool
    rounds: int
    seconds: float  # for all rounds and their retakes; LEAST_ROUNDS are made in any case

    def milliseconds(self, program: Program) -> int:
        return program.quick_ms if self.quick else program.full_ms


FULL = Plan(quick=False, rounds=31, seconds=110)
QUICK = Plan(quick=True, rounds=11, seconds=28)


class Refused(Exception):
    """A program could not be run; the text is its own."""


def launch(command: List[str]) -> List[Dict]:
    """The lines of JSON that a program prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise Refused(said[-1] if said else f"{command[0]} ended with status {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


class Runner:
    """One run of one room. `launcher`, `clock` and `rest` are the world; tests bring their own."""

    def __init__(self, room: Room, machine: Dict, plan: Plan, command: Callable[[str], List[str]],
                 launcher=launch, clock=time.monotonic, rest=time.sleep, progress=lambda text: None):
        self._plan = plan
        self._command = command
        self._launch = launcher
        self._clock = clock
        self._rest = rest
        self._progress = progress
        self._started = clock()
        self._result = Result(room, machine)
        for program in room.programs:
            for row in program.rows:
                self._result.rows[row.name] = Series(row.name, row.unit, row.about, row.reference)

    def run(self) -> Result:
        result = self._result
        for number in range(self._plan.rounds):
            if number >= LEAST_ROUNDS and self._elapsed() > self._plan.seconds:
                break
            self._round(number)
            result.rounds = number + 1
            self._progress(f"round {number + 1} of {self._plan.rounds}, {self._elapsed():.0f} s, "
                           f"{result.retaken} samples taken again")
        self._derive()
        result.seconds = self._elapsed()
        return result

    def _elapsed(self) -> float:
        return self._clock() - self._started

    def _round(self, number: int) -> None:
        # The retakes of a round may use up the time of the rounds so far, and not of those to come.
        until = self._plan.seconds * (number + 1) / self._plan.rounds
        for program in self._result.room.programs:
            rows = [r for r in program.rows if r.name not in self._result.absent]
            if rows:
                self._one_round_of(program, rows, until)

    def _one_round_of(self, program: Program, rows: List[Row], until: float) -> None:
        wanted = self._plan.milliseconds(program)
        samples = self._take(program, rows)
        for attempt in range(MOST_RETAKES):
            again = [r for r in rows if r.name in samples and r.name in self._result.rows
                     and judge.disturbed(samples[r.name], wanted)]
            if not again or self._elapsed() >= until:
                break
            self._rest(0.02 * 2**attempt)  # foreign work comes in bursts
            for name, second in self._take(program, again).items():
                self._result.rows[name].retaken += 1
                samples[name] = judge.better(samples[name], second, wanted)
        for row in rows:
            name = row.name
            if name not in samples:
                continue
            sample = samples[name]
            series = self._result.rows.get(name)
            if series is None:  # it has become absent while it was taken again
                continue
            series.samples.append(sample[row.field] / row.scale)
            series.disturbed += judge.disturbed(sample, wanted)

    def _take(self, program: Program, rows: List[Row]) -> Dict[str, Dict]:
        """One sample of each row that can be had; what cannot is noted with its reason."""
        names: Dict[str, List[str]] = {}
        for r in rows:
            names.setdefault(r.inner, []).append(r.name)
        command = self._command(program.path) + ["--ms", str(self._plan.milliseconds(program)), *names]
        try:
            lines = self._launch(command)
        except Refused as refusal:
            if not program.may_refuse or self._result.rounds > 0:
                raise
            lines = [{"row": inner, "absent": str(refusal)} for inner in names]
        samples = {}
        for line in lines:
            for name in names[line["row"]]:
                if "absent" in line:
                    self._result.absent[name] = line["absent"]
                    self._result.rows.pop(name, None)
                else:
                    samples[name] = line
                    self._result.steal_known = self._result.steal_known and line["stolen_ms"] >= 0
        return samples

    def _derive(self) -> None:
        result = self._result
        for d in result.room.derived:
            gone = [n for n in d.needs if n not in result.rows]
            if gone:
                result.absent[d.name] = f"{gone[0]} is absent"
                continue
            rounds = zip(*(result.rows[n].samples for n in d.needs))
            every: List[Optional[float]] = [d.compute(dict(zip(d.needs, r))) for r in rounds]
            values = [v for v in every if v is not None]
            # A round or two without a value are noise; where it is the rule, the others would not be believed.
            among = "" if len(values) == len(every) else f" (in {len(values)} of {len(every)} rounds)"
            if 2 * len(values) <= len(every):
                result.absent[d.name] = d.why_none + among
            else:
                result.rows[d.name] = Series(d.name, d.unit, d.about + among, samples=values,
                                             disturbed=max(result.rows[n].disturbed for n in d.needs))
