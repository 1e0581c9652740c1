"""How a sweep tells what it will take and how far it is; all on standard error, so that results stay apart."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from report.text.catalogue import say
from xiaozhen.cli.output import PLAIN_EVERY_S, console, note

if TYPE_CHECKING:
    from experiments.run.meter import State
    from experiments.run.pilot import Estimate


def span(seconds: float, lang: str) -> str:
    """A length of time to two digits: seconds, minutes, hours or days."""
    if not math.isfinite(seconds):
        return "?"
    for unit, size in (("sweep.span_d", 86400.0), ("sweep.span_h", 3600.0), ("sweep.span_min", 60.0)):
        if seconds >= 1.5 * size:
            whole = seconds >= 10 * size
            return say(unit, lang, n=f"{seconds / size:.0f}" if whole else f"{seconds / size:.1f}".removesuffix(".0"))
    return say("sweep.span_s", lang, n=f"{seconds:.0f}" if seconds >= 10 else f"{max(seconds, 0.0):.2g}")


def size(count: float) -> str:
    """A number of bytes."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 10 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def rate(per_second: float, lang: str) -> str:
    """Runs a second, or a minute where they are slow."""
    slow = per_second < 0.5
    return say("sweep.rate_min" if slow else "sweep.rate_s", lang, n=f"{per_second * (60 if slow else 1):.3g}")


def told(state: State, lang: str) -> str:
    """One line on how far a sweep is."""
    line = say("sweep.sweep_progress", lang, done=f"{state.done:,}", total=f"{state.total:,}")
    if state.rate > 0:
        line += say("sweep.sweep_pace", lang, rate=rate(state.rate, lang), left=span(state.left, lang))
    if state.failed:
        line += say("sweep.sweep_failed_so_far", lang, n=f"{state.failed:,}")
    return line


@contextmanager
def watching(lang: str) -> Iterator[Callable[[State], None]]:
    """Show how far a sweep is: a bar on a terminal, else a line every few seconds.

    Yields:
        A function to be called with each state.
    """
    if not sys.stderr.isatty():
        yield _lines(lang)
        return
    from rich.progress import BarColumn, Progress, TextColumn

    with Progress(BarColumn(), TextColumn("{task.description}"), console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda state: bar.update(task, completed=state.done, total=state.total, description=told(state, lang))


def _lines(lang: str) -> Callable[[State], None]:
    last = time.monotonic()

    def tell(state: State) -> None:
        nonlocal last
        if state.done < state.total and time.monotonic() - last >= PLAIN_EVERY_S:
            last = time.monotonic()
            note(told(state, lang))

    return tell


def foretold(found: Estimate, lang: str) -> list[str]:
    """What a sweep will take and how sure its answer will be, one line each."""
    lines = [
        say("sweep.pilot_done", lang, runs=found.pilot, seconds=span(found.seconds_a_run, lang)),
        say("sweep.will_take", lang, waiting=f"{found.waiting:,}", runs=f"{found.runs:,}",
            time=span(found.seconds, lang), workers=found.workers, disk=size(found.bytes)),
    ]  # fmt: skip
    if found.outcome:
        lines.append(_width(found, lang))
    elif found.replicates < 2:
        lines.append(say("sweep.no_interval", lang))
    if found.free < 2 * found.bytes:
        lines.append(say("sweep.little_room", lang, free=size(found.free)))
    return lines


def _width(found: Estimate, lang: str) -> str:
    from experiments.outcomes import catalogue
    from report.text.quantity import quantity

    outcome = catalogue().get(f"summary.{found.outcome}")
    title = outcome.title[lang] if outcome else found.outcome
    half = quantity(found.half_width, outcome.unit if outcome else "", lang)
    message = "sweep.half_width_paired" if found.paired else "sweep.half_width"
    return say(message, lang, title=title, half=half, replicates=found.replicates)
