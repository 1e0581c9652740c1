"""What can go wrong around runs: a run that stopped, a result folder that is not ours, a study without scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.parameters.errors import InputError, ProductError, Words
from sim.parameters.texts import Phrase

if TYPE_CHECKING:
    from sim.run import RunSpec

MESSAGES: Mapping[str, str] = {
    "folder_not_ours": (
        "the folder is not empty and holds no earlier result, so nothing was written and no file was touched"
    ),
    "holds_results": (
        "results stand here already ({what}), so nothing was written; --force (force=True in Python) "
        "replaces them, another place keeps both"
    ),
    "folder_is_file": "a file of this name stands where the folder should be",
    "folder_unwritable": "this place cannot be written to",
    "empty_study": "the study has no scenario",
    "bad_count": "the count must be a positive whole number",
    "bad_language": "there is no such language",
}
"""Sentences by id."""

FOLDER_ALLOWED = Phrase(
    "study.folder_allowed", "a new folder, an empty folder, or a result folder written earlier by this program"
)


class ExperimentError(InputError):
    """An input mistake that concerns a study or its result folder; same shape as every input error."""

    topic: ClassVar[str] = "study"
    sentences: ClassVar[Mapping[str, str]] = MESSAGES

    def place(self) -> Words:
        """The file or folder, where there is one; a mistake of the line has none."""
        return super().place() if self.file else self.key


class FolderError(ExperimentError):
    """A result folder that cannot or must not be written."""


class StudyError(ExperimentError):
    """A study that cannot be run as it was asked for."""


@dataclass(frozen=True)
class FailedRun:
    """A run that stopped.

    Attributes:
        spec: What was to be run; running it again alone gives the same failure.
        stage: The step of the quarter that stopped ("audit", "land", ...), "run" where unknown, "worker" where the
            process itself died.
        cause: Type and message of the error.
        trace: The traceback of the worker, for a bug report.
    """

    spec: RunSpec
    stage: str
    cause: str
    trace: str = ""


class RunFailures(ProductError):
    """Some runs of a batch failed; the others finished.

    Attributes:
        failures: The failed runs, in spec order.
        results: Everything in spec order: results, and a :class:`FailedRun` where a run failed.
    """

    topic: ClassVar[str] = "study"
    sentences: ClassVar[Mapping[str, str]] = {
        "runs_failed": (
            "{failed} of {runs} runs failed. The first: regime {regime}, replicate {replicate}, stage {stage}: {cause}"
        ),
    }

    def __init__(self, failures: Sequence[FailedRun], results: Sequence[Any]) -> None:
        self.failures = tuple(failures)
        self.results = list(results)
        super().__init__()

    def lines(self) -> list[Words]:
        """One line that names the first failed run and its cause."""
        first = self.failures[0]
        values = {"failed": len(self.failures), "runs": len(self.results), "stage": first.stage, "cause": first.cause}
        values |= {"regime": getattr(first.spec.scenario, "regime", "?"), "replicate": first.spec.replicate}
        return [self.phrase("runs_failed", values)]
