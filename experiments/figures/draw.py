"""Draw every figure of a study, in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.across import is_across
from experiments.figures.captions import THEMES

if TYPE_CHECKING:
    from experiments.figures.style import Page
    from experiments.study import Study

BY_ROWS = "regimes"
"""The one figure of a study of many regimes, which the others cannot tell apart."""
LINKAGE = "linkage"
"""Drawn where a scenario links villages, however many scenarios there are."""
FIGURES: tuple[str, ...] = (BY_ROWS, *THEMES, "differences", "spending", "network", LINKAGE)
"""Ids of all figures; files are ``<id>.<lang>.png`` and ``.svg``."""


@dataclass(frozen=True)
class Job:
    """Everything one language needs; crosses process borders."""

    study: Study
    geography: Any
    folder: Path
    lang: str
    figures: tuple[str, ...]


def draw_all(
    study: Study,
    folder: Path,
    langs: Sequence[str] = ("zh", "en"),
    *,
    geography: Any = None,
    figures: Sequence[str] = FIGURES,
    workers: int = 1,
) -> list[Path]:
    """Draw figures into ``folder``.

    Args:
        study: A finished study.
        folder: Where the files go.
        langs: Languages.
        geography: Places for the map; without it, or without the table ``towns`` in the first runs, no map is drawn.
        figures: Which figures.
        workers: With more than one and more than one language, each language is drawn in a process of its own.

    Returns:
        The files written, by language and figure.
    """
    jobs = [Job(study, geography, Path(folder), lang, tuple(figures)) for lang in langs]
    if workers > 1 and len(jobs) > 1 and figures:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(len(jobs) - 1, mp_context=multiprocessing.get_context("spawn")) as pool:
            others = [pool.submit(draw_language, job) for job in jobs[1:]]
            parts = [draw_language(jobs[0]), *(future.result() for future in others)]
    else:
        parts = [draw_language(job) for job in jobs]
    return [path for part in parts for path in part]


def draw_language(job: Job) -> list[Path]:
    """Draw one language's figures."""
    import gc

    import matplotlib

    from experiments.figures.style import save, settings

    written: list[Path] = []
    collecting = gc.isenabled()
    gc.disable()  # a figure is tens of thousands of small objects that all live until it is saved
    try:
        with matplotlib.rc_context(settings()):
            many = is_across(job.study)
            for name in job.figures:
                if name != LINKAGE and many != (name == BY_ROWS):
                    continue  # rows for many regimes, colours for few
                made = _drawers()[name](job, name)
                if made is not None:
                    written += save(made, job.folder / f"{name}.{job.lang}")
    finally:
        if collecting:
            gc.enable()
    return written


def _drawers() -> Mapping[str, Callable[[Job, str], Page | None]]:
    from experiments.figures import dots, lines, linkage, network, regimes, stack

    themes = {name: lambda job, theme: lines.draw(job.study, theme, job.lang) for name in THEMES}
    return {
        **themes,
        BY_ROWS: lambda job, _: regimes.draw(job.study, job.lang),
        "differences": lambda job, _: dots.draw(job.study, job.lang),
        "spending": lambda job, _: stack.draw(job.study, job.lang),
        "network": lambda job, _: network.draw(job.study, job.geography, job.lang),
        LINKAGE: lambda job, _: linkage.draw(job.study, job.geography, job.lang),
    }
