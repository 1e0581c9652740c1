"""The interface of an engine: takes jobs, gives futures, and tells what became of each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, wait
from enum import Enum
from typing import Any, Protocol

AHEAD = 2
"""Jobs handed over for each worker: one under way and one ready. The rest waits, so a million jobs stay small."""


class Fate(Enum):
    """What became of a job."""

    DONE = "done"
    """It gave a result or an ordinary error."""
    UNTOUCHED = "untouched"
    """Its worker died before the job began."""
    DIED = "died"
    """Its worker died during the job."""


class Engine(Protocol):
    """Where jobs run.

    Attributes:
        name: For records and messages: "serial", "threads", "processes", "executor", "dask".
        remote: Whether workers may be on other machines.
    """

    name: str
    remote: bool

    @property
    def slots(self) -> int:
        """Jobs that run at the same time."""

    @property
    def room(self) -> int:
        """Jobs that may be handed over and not finished."""

    def submit(self, function: Callable[[Any], Any], job: Any) -> Future[Any]:
        """Hand a job over. Both cross process borders, so the function must be importable by name."""

    def finished(self, futures: Collection[Future[Any]]) -> Collection[Future[Any]]:
        """Wait until at least one has finished, and return those that have."""

    def fate(self, future: Future[Any]) -> Fate:
        """What became of a finished future; asked once for each."""

    def close(self, now: bool = False) -> None:
        """Let workers go; ``now`` stops what is under way."""


def first_of(futures: Collection[Future[Any]], timeout: float | None = None) -> Collection[Future[Any]]:
    """Those of some futures that have finished, at least one unless the time is up."""
    return wait(futures, timeout, return_when=FIRST_COMPLETED).done
