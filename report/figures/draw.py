"""Draw every figure of a study, in every language."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.analysis.study import Study
from experiments.run.engines.processes import safe_path
from report.figures.registry import Scene, figures
from report.figures.style import save, styled


@dataclass(frozen=True)
class Job:
    """Everything one language needs; crosses process borders."""

    scene: Scene
    folder: Path
    names: tuple[str, ...]


def drawable(study: Study, names: Sequence[str] | None = None) -> list[str]:
    """Figures for a study, those asked for or all."""
    return [name for name, one in figures().items() if one.applies(study) and (names is None or name in names)]


def draw_all(
    study: Study,
    folder: Path,
    langs: Sequence[str] = ("zh", "en"),
    *,
    geography: Any = None,
    names: Sequence[str] | None = None,
    workers: int = 1,
) -> list[Path]:
    """Draw figures into ``folder``.

    Args:
        study: A finished study.
        folder: Where the files go.
        langs: Languages.
        geography: Places for the map; without it, or without the table ``towns`` in the first runs, no map is drawn.
        names: Which figures, by id; all unless told.
        workers: Processes that draw, this one among them; one language alone is drawn here.

    Returns:
        The files written, by language and figure.
    """
    chosen = tuple(drawable(study, names))
    jobs = [Job(Scene(study, geography, lang), Path(folder), chosen) for lang in langs]
    if workers > 1 and len(jobs) > 1 and chosen:
        return _shared_out(jobs, workers)
    return [path for job in jobs for path in draw_language(job)]


def _shared_out(jobs: Sequence[Job], workers: int) -> list[Path]:
    """Draw figure by figure in this process and others; whoever is free takes the next one."""
    single = [(k, name) for k, job in enumerate(jobs) for name in job.names]
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
                own[i] = draw_language(replace(jobs[k], names=(name,)))
        parts = [own[i] if i in own else future.result() for i, future in enumerate(futures)]
    return [path for part in parts for path in part]


_HELD: list[Job] = []
"""The jobs of the process that started this one: sent once, not with every figure."""


def _hold(jobs: Sequence[Job]) -> None:
    _HELD[:] = jobs


def _draw_held(k: int, name: str) -> list[Path]:
    return draw_language(replace(_HELD[k], names=(name,)))


def draw_language(job: Job) -> list[Path]:
    """Draw one language's figures."""
    written: list[Path] = []
    collecting = gc.isenabled()
    gc.disable()  # a figure is tens of thousands of small objects that all live until it is saved
    try:
        with styled():
            for name in job.names:
                made = figures()[name].draw(job.scene)
                if made is not None:
                    written += save(made, job.folder / f"{name}.{job.scene.lang}")
    finally:
        if collecting:
            gc.enable()
    return written
