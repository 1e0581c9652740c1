"""How far a sweep is, how fast it goes, and how long it will still take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from experiments.run.work import Failure, Reply

WINDOW_S = 60.0
"""Seconds over which the rate is taken: long enough for chunks to even out, short enough to follow other loads."""


class State(NamedTuple):
    """How far a sweep is.

    Attributes:
        total: Runs of this plan (or of this shard).
        done: Those with a record, failed ones too.
        failed: Runs that failed since it was started or resumed.
        rate: Runs a second over the last minute; 0 before the first.
        left: Seconds still to go at this rate; NaN while unknown.
        failure: The latest failure.
    """

    total: int
    done: int
    failed: int
    rate: float
    left: float
    failure: Failure | None = None


@dataclass
class Meter:
    """Counts replies.

    Attributes:
        total: Runs in all.
        done: Runs that have a record.
        failed: Failed runs so far.
        tell: Called with every new state.
    """

    total: int
    done: int = 0
    failed: int = 0
    tell: Callable[[State], None] | None = None
    _marks: deque[tuple[float, int]] = field(default_factory=deque)
    _run_seconds: float = 0.0
    _runs: float = 0.0
    _failure: Failure | None = None

    def start(self) -> None:
        """Start the clock of the rate, again after a pause."""
        self._marks.clear()
        self._marks.append((time.monotonic(), self.done))

    def take(self, reply: Reply) -> None:
        """Count a reply."""
        self.done += reply.runs
        self.failed += reply.failed
        self._failure = reply.failures[-1] if reply.failures else self._failure
        # Half of the past is forgotten at each reply of weight, so that the first run (it loads code) fades.
        self._run_seconds = self._run_seconds / 2 + reply.seconds
        self._runs = self._runs / 2 + reply.runs
        now = time.monotonic()
        self._marks.append((now, self.done))
        while len(self._marks) > 2 and now - self._marks[0][0] > WINDOW_S:
            self._marks.popleft()
        if self.tell is not None:
            self.tell(self.state())

    @property
    def seconds_a_run(self) -> float:
        """Seconds that a worker takes for one run; NaN before the first."""
        return self._run_seconds / self._runs if self._runs else float("nan")

    def state(self) -> State:
        """How far it is now."""
        (then, before), (now, done) = self._marks[0], self._marks[-1]
        rate = (done - before) / (now - then) if now > then else 0.0
        left = (self.total - self.done) / rate if rate > 0 else float("nan")
        return State(self.total, self.done, self.failed, rate, left, self._failure)
