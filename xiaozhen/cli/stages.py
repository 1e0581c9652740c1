"""Progress of a fit: one bar for each of the stages that follow one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from report.text.catalogue import say
from xiaozhen.cli.streams import note
from xiaozhen.cli.terminal import progress


@contextmanager
def stages(lang: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far each stage is.

    Yields:
        A function to be called with (stage, done, all).
    """
    shown: dict[str, Callable[[int, int], None]] = {}
    with ExitStack() as open_:

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in shown:
                open_.close()
                note(say(f"calibrate.fit_stage_{stage}", lang))
                shown[stage] = open_.enter_context(progress(lang))
            shown[stage](done, total)

        yield tell
