"""What can go wrong around runs: a run that stopped, a result folder that is not ours, a study without scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.parameters.errors import InputError
from sim.parameters.texts import Text, in_language

if TYPE_CHECKING:
    from sim.run import RunSpec

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "folder_not_ours": {
        "zh": "文件夹不是空的，里面也不是以前的结果，为免覆盖您的文件，什么都没有写",
        "en": "the folder is not empty and holds no earlier result, so nothing was written and no file was touched",
    },
    "holds_results": {
        "zh": "这里已有结果（{what}），什么都没有写；要替换请加 --force（Python 中为 force=True），或另选一处",
        "en": "results stand here already ({what}), so nothing was written; --force (force=True in Python) replaces "
        "them, another place keeps both",
    },
    "folder_is_file": {
        "zh": "这里已有一个同名文件，不能建立文件夹",
        "en": "a file of this name stands where the folder should be",
    },
    "folder_unwritable": {"zh": "不能在这里写入", "en": "this place cannot be written to"},
    "empty_study": {"zh": "研究里没有任何情景", "en": "the study has no scenario"},
    "bad_count": {"zh": "次数必须是正整数", "en": "the count must be a positive whole number"},
    "bad_language": {"zh": "没有这种语言", "en": "there is no such language"},
}
"""Sentences by message id, in both languages."""

_FOLDER_ALLOWED = Text(
    "新文件夹、空文件夹，或以前由本程序写出的结果文件夹",
    "a new folder, an empty folder, or a result folder written earlier by this program",
)


class ExperimentError(InputError):
    """An input mistake that concerns a study or its result folder; same shape as every input error.

    Attributes:
        messages: Sentences by message id; a room with mistakes of its own gives its errors a table of its own.
    """

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = MESSAGES

    def sentence(self, lang: str) -> str:
        """What is wrong, in `lang`."""
        filled = {name: in_language(value, lang) for name, value in self.details.items()}
        return self.messages[self.message_id][lang].format_map(filled)

    def place(self, lang: str) -> str:
        """The file or folder, where there is one; a mistake of the line has none."""
        return super().place(lang) if self.file else self.key

    def render(self, lang: str = "en") -> str:
        """The whole message in `lang`: place and sentence, what was found, what is allowed, did you mean."""
        if self.message_id == "folder_not_ours":
            self.allowed = _FOLDER_ALLOWED
        return super().render(lang).removeprefix("：").removeprefix(": ")


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


class RunFailures(Exception):
    """Some runs of a batch failed; the others finished.

    Attributes:
        failures: The failed runs, in spec order.
        results: Everything in spec order: results, and a :class:`FailedRun` where a run failed.
    """

    def __init__(self, failures: Sequence[FailedRun], results: Sequence[Any]) -> None:
        self.failures = tuple(failures)
        self.results = list(results)
        super().__init__(self.render("en"))

    def render(self, lang: str = "en") -> str:
        """One message that names the first failed run and its cause."""
        first = self.failures[0]
        regime = getattr(first.spec.scenario, "regime", "?")
        if lang == "zh":
            return (
                f"{len(self.results)} 次运行中有 {len(self.failures)} 次失败。第一个：政策体系 {regime}，"
                f"第 {first.spec.replicate} 次重复，步骤 {first.stage}：{first.cause}"
            )
        return (
            f"{len(self.failures)} of {len(self.results)} runs failed. The first: regime {regime}, "
            f"replicate {first.spec.replicate}, stage {first.stage}: {first.cause}"
        )
