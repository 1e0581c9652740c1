"""Around a sweep, on standard error: what it will take, how far it is, and that nothing is lost where it stops."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from experiments.run.engines.errors import EngineError
from experiments.run.errors import SweepError
from experiments.run.meter import State
from experiments.run.pilot import Estimate
from experiments.store.errors import StoreFull
from experiments.store.layout import is_store
from report.pages.stores import size
from report.text.catalogue import say
from report.text.errors import told as explained
from report.text.quantity import quantity
from sim.outcomes.records import OUTCOMES
from xiaozhen.cli.streams import note
from xiaozhen.cli.terminal import progress


def span(seconds: float, lang: str) -> str:
    """A length of time to two digits: seconds, minutes, hours or days."""
    if not math.isfinite(seconds):
        return "?"
    for unit, long in (("sweep.span_d", 86400.0), ("sweep.span_h", 3600.0), ("sweep.span_min", 60.0)):
        if seconds >= 1.5 * long:
            whole = seconds >= 10 * long
            return say(unit, lang, n=f"{seconds / long:.0f}" if whole else f"{seconds / long:.1f}".removesuffix(".0"))
    return say("sweep.span_s", lang, n=f"{seconds:.0f}" if seconds >= 10 else f"{max(seconds, 0.0):.2g}")


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
    """Show how far a sweep is.

    Yields:
        A function to be called with each state.
    """
    with progress(lang) as tell:
        yield lambda state: tell(state.done, state.total, told(state, lang))


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
    outcome = OUTCOMES.get(found.outcome)
    title = outcome.title[lang] if outcome else found.outcome
    half = quantity(found.half_width, outcome.unit if outcome else "", lang)
    message = "sweep.half_width_paired" if found.paired else "sweep.half_width"
    return say(message, lang, title=title, half=half, replicates=found.replicates)


def asking(
    lang: str, silent: bool, *, heard: Callable[[Estimate], None] | None = None, least: int = 1
) -> Callable[[Estimate], bool]:
    """Print what a sweep will take; ask only where somebody sits at a terminal.

    Args:
        lang: "zh" or "en".
        silent: Do not ask.
        heard: Called with the estimate as well.
        least: Replicates that intervals are told for at least, where points have one each and the design many.
    """

    def consent(found: Estimate) -> bool:
        if heard is not None:
            heard(found)
        for text in foretold(replace(found, replicates=max(least, found.replicates)), lang):
            note(text)
        if silent or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return True
        return click.confirm(say("sweep.go_on", lang), default=True, err=True)

    return consent


@contextmanager
def keeping(folder: str, lang: str, go_on: str) -> Iterator[None]:
    """Where a sweep stops on the way, say that nothing is lost and how to go on.

    Args:
        folder: The store.
        lang: "zh" or "en".
        go_on: Id of the message that says how to go on.
    """
    try:
        yield
    except StoreFull as error:
        note(explained(error, lang))
        raise click.exceptions.Exit(1) from None
    except SweepError as error:
        if error.message_id != "declined":
            raise
        note(say(go_on, lang, folder=folder))
        raise click.exceptions.Exit(0) from None
    except (EngineError, KeyboardInterrupt):
        if is_store(Path(folder)):
            note(say(go_on, lang, folder=folder))
        raise
