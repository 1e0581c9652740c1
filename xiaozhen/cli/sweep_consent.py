"""Before a sweep: what it will take, and whether to go on. When it stops on the way: that nothing is lost."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from report.text.catalogue import say
from report.text.errors import told
from xiaozhen.cli.output import note
from xiaozhen.cli.sweep_progress import foretold

if TYPE_CHECKING:
    from experiments.run.pilot import Estimate


def asking(
    lang: str, silent: bool, *, told: Callable[[Estimate], None] | None = None, least: int = 1
) -> Callable[[Estimate], bool]:
    """Print what a sweep will take; ask only where somebody sits at a terminal.

    Args:
        lang: "zh" or "en".
        silent: Do not ask.
        told: Called with the estimate as well.
        least: Replicates that intervals are told for at least, where points have one each and the design many.
    """

    def consent(found: Estimate) -> bool:
        if told is not None:
            told(found)
        for text in foretold(replace(found, replicates=max(least, found.replicates)), lang):
            note(text)
        if silent or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return True
        return click.confirm(say("sweep.go_on", lang), default=True, err=True)

    return consent


@contextmanager
def keeping(store: Path, lang: str, go_on: str, folder: Path) -> Iterator[None]:
    """Where a sweep stops on the way, say that nothing is lost and how to go on.

    Args:
        store: The folder of its runs.
        lang: "zh" or "en".
        go_on: Id of the message that says how to go on.
        folder: The folder that the message names.
    """
    from experiments.run.engines.errors import EngineError
    from experiments.run.errors import SweepError
    from experiments.store.errors import StoreFull
    from experiments.store.layout import is_store

    try:
        yield
    except StoreFull as error:
        note(told(error, lang))
        raise click.exceptions.Exit(1) from None
    except SweepError as error:
        if error.message_id != "declined":
            raise
        note(say(go_on, lang, folder=folder))
        raise click.exceptions.Exit(0) from None
    except (EngineError, KeyboardInterrupt):
        if is_store(store):
            note(say(go_on, lang, folder=folder))
        raise
