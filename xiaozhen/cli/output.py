"""Printing: one JSON document, or tables; and progress, which goes to standard error only."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from report.text.catalogue import say

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 140
"""Width of tables that go to a file or a pipe."""
PLAIN_EVERY_S = 5.0
"""Seconds between progress lines where standard error is no terminal."""
PATIENCE_S = 3.0
"""Seconds without a result after which somebody should learn why nothing comes."""


def utf8_streams() -> None:
    """Write UTF-8 whatever the terminal or pipe says, so that Chinese never stops a command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def console(stderr: bool = False) -> Console:
    """A console for tables; wide where nobody looks at a terminal."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PLAIN_WIDTH, highlight=False)


def plain(value: Any) -> Any:
    """A value as JSON data: NaN and infinities become null, NumPy becomes Python, paths and quarters become text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value] if type(value) in (list, tuple, set, frozenset) else str(value)
    return str(value)


def print_json(document: Any) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(plain(document), ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    sys.stdout.flush()


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> None:
    """Print a table.

    Args:
        title: Line above it.
        heads: Column heads; none for a table without them.
        rows: Cells as text.
        right: Columns to align right.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(
        title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, show_header=bool(heads)
    )
    for i, head in enumerate(heads or [""] * len(rows[0]) if rows else heads):
        made.add_column(head, justify="right" if i in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    console().print(made)


def line(text: str) -> None:
    """Print one line of text as it is."""
    console().print(text, markup=False, soft_wrap=True)


def note(text: str) -> None:
    """Print one line on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@contextmanager
def progress(lang: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many runs are done: a bar on a terminal, else a line every few seconds.

    Yields:
        A function to be called with (done, all).
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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("output.preparing", lang), total=None)
        yield lambda done, total: bar.update(task, description=say("output.runs", lang), completed=done, total=total)


def _lines(lang: str, waiting: threading.Timer) -> Callable[[int, int], None]:
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        waiting.cancel()
        if done < total and time.monotonic() - last >= PLAIN_EVERY_S:
            last = time.monotonic()
            note(say("output.progress", lang, done=done, total=total))

    return tell
