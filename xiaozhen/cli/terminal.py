"""Printing an answer, and progress, which goes to standard error only."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from report.blocks import Text
from report.render.json import written
from report.render.terminal import console, show
from report.text.catalogue import say
from report.text.spoken import spoken
from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.cli.streams import note

PLAIN_EVERY_S = 5.0
"""Seconds between progress lines where standard error is no terminal."""
PATIENCE_S = 3.0
"""Seconds without a result after which somebody should learn why nothing comes."""


class Terminal(Screen):
    """A person at a terminal, or a pipe."""

    def progress(self) -> AbstractContextManager[Callable[[int, int], None]]:
        """Show how many runs are done."""
        return progress(self.lang)

    def note(self, text: Text) -> None:
        """Say something on standard error at once."""
        note(spoken(text, self.lang))

    def give(self, answer: Answer) -> int:
        """Print an answer and return its exit code."""
        if self.as_json:
            sys.stdout.write(written(answer.document, indent=2))
            sys.stdout.flush()
        else:
            show(answer.blocks, self.lang)
        for text in answer.notes:
            self.note(text)
        return answer.code


@contextmanager
def progress(lang: str) -> Iterator[Callable[..., None]]:
    """Show how many runs are done: a bar on a terminal, else a line every few seconds.

    Yields:
        A function to be called with (done, all), and with more to say where there is more.
    """
    if not sys.stderr.isatty():
        waiting = threading.Timer(PATIENCE_S, note, (say("output.preparing", lang),))
        waiting.daemon = True
        waiting.start()
        try:
            yield _lines(lang, waiting)
        finally:
            waiting.cancel()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("output.preparing", lang), total=None)

        def tell(done: int, total: int, more: str = "") -> None:
            bar.update(task, description=more or say("output.runs", lang), completed=done, total=total)

        yield tell


def _lines(lang: str, waiting: threading.Timer) -> Callable[..., None]:
    last = time.monotonic()

    def tell(done: int, total: int, more: str = "") -> None:
        nonlocal last
        waiting.cancel()
        if done < total and time.monotonic() - last >= PLAIN_EVERY_S:
            last = time.monotonic()
            note(more or say("output.progress", lang, done=done, total=total))

    return tell
