"""What a command is given and what it gives: who reads, and the answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report.blocks import Block, Paragraph, Text, message


@dataclass(frozen=True)
class Answer:
    """What a command answers.

    Attributes:
        document: Plain data for ``--json``.
        blocks: What a person reads, on standard output.
        notes: What stands beside it on standard error, whichever is printed.
        code: Exit code.
    """

    document: Any
    blocks: Sequence[Block] = ()
    notes: Sequence[Text] = ()
    code: int = 0


@dataclass(frozen=True)
class Screen(ABC):
    """Who reads the answer.

    Attributes:
        lang: In which language.
        as_json: Whether it is a program.
        silent: Whether nobody is to be asked.
    """

    lang: str
    as_json: bool
    silent: bool

    @abstractmethod
    def progress(self) -> AbstractContextManager[Callable[[int, int], None]]:
        """Show how many runs are done: gives a function to be called with (done, all)."""

    @abstractmethod
    def note(self, text: Text) -> None:
        """Say something on standard error at once."""


def written(folder: str | Path | None, first: str | Path | None = None) -> list[Block]:
    """Where results were written, and what to read first; nothing where they were not."""
    said = [message("output.written", folder=Path(folder).as_posix())] if folder is not None else []
    return [Paragraph(text) for text in (*said, *([message("output.read_first", file=str(first))] if first else []))]


def asks(function: Callable[[Any, Screen], Answer]) -> Callable[[Any, Screen], Answer]:
    """Mark a command that asks whether to go on, and so has ``--yes``."""
    function.asks = True  # type: ignore[attr-defined]
    return function
