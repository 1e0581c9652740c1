"""Draw every figure of a study, in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.run.engines.processes import safe_path
from report.figures.across import is_across
from sim.outcomes.records import THEMES

if TYPE_CHECKING:
    from experiments.analysis.study import Study
    from report.figures.style import Page

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
        workers: Processes that draw, this one among them; one language alone is drawn here.

    Returns:
        The files written, by language and figure.
    """
    jobs = [Job(study, geography, Path(folder), lang, tuple(figures)) for lang in langs]
    if workers > 1 and len(jobs) > 1 and figures:
        return _shared_out(jobs, workers)
    return [path for job in jobs for path in draw_language(job)]


def _shared_out(jobs: Sequence[Job], workers: int) -> list[Path]:
    """Draw figure by figure in this process and others; whoever is free takes the next one."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    single = [(k, name) for k, job in enumerate(jobs) for name in job.figures]
    others = min(workers, len(single)) - 1
    context = multiprocessing.get_context("spawn")
    with safe_path():
        pool = ProcessPoolExecutor(others, mp_context=context, initializer=_hold, initargs=(jobs,))
        futures = [pool.submit(_draw_held, k, name) for k, name in single]
    with pool:
        own: dict[int, list[Path]] = {}
        for i in reversed(range(len(single))):  # others begin at the front
            if futures[i].cancel():
                k, name = single[i]
                own[i] = draw_language(replace(jobs[k], figures=(name,)))
        parts = [own[i] if i in own else future.result() for i, future in enumerate(futures)]
    return [path for part in parts for path in part]


_HELD: list[Job] = []
"""The jobs of the process that started this one: sent once, not with every figure."""


def _hold(jobs: Sequence[Job]) -> None:
    _HELD[:] = jobs


def _draw_held(k: int, name: str) -> list[Path]:
    return draw_language(replace(_HELD[k], figures=(name,)))


def draw_language(job: Job) -> list[Path]:
    """Draw one language's figures."""
    import gc

    import matplotlib

    from report.figures.style import save, settings

    written: list[Path] = []
    collecting = gc.isenabled()
    gc.disable()  # a figure is tens of thousands of small objects that all live until it is saved
    try:
        with matplotlib.rc_context(settings()):
            many = is_across(job.study)
            for name in job.figures:
                if many != (name == BY_ROWS):
                    continue  # rows for many regimes, colours for few
                made = _drawers()[name](job, name)
                if made is not None:
                    written += save(made, job.folder / f"{name}.{job.lang}")
    finally:
        if collecting:
            gc.enable()
    return written


def _drawers() -> Mapping[str, Callable[[Job, str], Page | None]]:
    from report.figures import dots, lines, linkage, network, regimes, stack

    themes = {name: lambda job, theme: lines.draw(job.study, theme, job.lang) for name in THEMES}
    return {
        **themes,
        BY_ROWS: lambda job, _: regimes.draw(job.study, job.lang),
        "differences": lambda job, _: dots.draw(job.study, job.lang),
        "spending": lambda job, _: stack.draw(job.study, job.lang),
        "network": lambda job, _: network.draw(job.study, job.geography, job.lang),
        LINKAGE: lambda job, _: linkage.draw(job.study, job.geography, job.lang),
    }
