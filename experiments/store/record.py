"""What the store keeps of one run: its numbers, or where and why it failed."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from numpy.typing import NDArray

from experiments.errors import FailedRun

DONE, FAILED = "done", "failed"
OWN = ("run", "point", "replicate", "key", "status", "stage", "cause", "trace", "layout", "levers_read", "years",
       "cohorts", "tables")  # fmt: skip
"""Columns of a run's row that are no outcome."""
_ROOT = Path(__file__).resolve().parents[2]
_FILE = re.compile(r'File "([^"]+)"')
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes:
        key: Key of the run, see :mod:`experiments.store.keys`.
        status: "done" or "failed".
        stage, cause, trace: Where and why it failed; empty when done.
        summary: Outcome -> number, NaN where it is not defined.
        yearly: Outcome -> one number a year.
        years: Calendar years of ``yearly``.
        cohorts: Listing year -> outcome -> number.
        levers_read: Levers that the run read.
        tables: Agent-level table -> column -> values.
        seconds: CPU seconds; told while a sweep runs, never part of a finished store.
    """

    key: str
    status: str = DONE
    stage: str = ""
    cause: str = ""
    trace: str = ""
    summary: Mapping[str, float] = field(default_factory=dict)
    yearly: Mapping[str, Sequence[float]] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    cohorts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    levers_read: tuple[str, ...] = ()
    tables: Mapping[str, Mapping[str, NDArray[Any]]] = field(default_factory=dict, compare=False)
    seconds: float = field(default=0.0, compare=False)


def record_of(key: str, result: Any, parts: Sequence[str], *, seconds: float = 0.0) -> Record:
    """What is kept of a result.

    Args:
        key: Key of the run.
        result: A ``RunResult``, a mapping of numbers, or a :class:`FailedRun`.
        parts: Which of "summary", "yearly", "cohorts" to keep.
        tables: Agent-level table -> column -> values.
        seconds: CPU seconds of the run.

    Raises:
        ValueError: If an outcome has the name of one of the store's own columns.
    """
    if isinstance(result, FailedRun):
        return Record(key, FAILED, result.stage, portable(result.cause), portable(result.trace), seconds=seconds)
    if isinstance(result, Mapping):
        return Record(key, summary=_numbers(result), seconds=seconds)
    yearly = "yearly" in parts
    cohorts = result.cohorts if "cohorts" in parts else {}
    return Record(
        key,
        summary=_numbers(result.summary) if "summary" in parts else {},
        yearly={str(n): [_number(x) for x in v] for n, v in result.yearly.items()} if yearly else {},
        years=tuple(int(y) for y in result.years) if yearly else (),
        cohorts={str(c): _numbers(v) for c, v in cohorts.items()},
        levers_read=tuple(result.guards.get("levers_read", ())),
        tables=getattr(result, "tables", {}),
        seconds=seconds,
    )


def _numbers(found: Mapping[str, Any]) -> dict[str, float]:
    taken = [name for name in found if name in OWN or "." in name]
    if taken:
        raise ValueError(f"outcomes may not be called {', '.join(taken)}")
    return {str(name): _number(value) for name, value in found.items()}


def _number(value: Any) -> float:
    """A float; every NaN is the same NaN, so that equal means equal to the bit."""
    number = float(value)
    return number if number == number else float("nan")


def portable(text: str) -> str:
    """A message without this machine's folders and memory addresses: the same failure gives the same bytes anywhere."""
    return _ADDRESS.sub("0x…", _FILE.sub(lambda m: f'File "{_short(m[1])}"', text))


def _short(name: str) -> str:
    path = PurePath(name)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return path.relative_to(_ROOT).as_posix()
    if "site-packages" in path.parts:
        return PurePath(*path.parts[path.parts.index("site-packages") + 1 :]).as_posix()
    return path.name


def passing(stage: str, cause: str) -> bool:
    """Whether a failure may go away by itself: the process died, or the machine refused memory, disk or network."""
    if stage == "worker":
        return True
    kind = getattr(builtins, cause.partition(":")[0].strip(), None)
    return isinstance(kind, type) and issubclass(kind, OSError | MemoryError)
