"""Figures and summaries of a comparison, written into its result folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.analysis.opened import Result
from experiments.run.runner import available_cores
from experiments.store.tables import write_text
from report.figures.across import is_across
from report.figures.draw import draw_all, drawable
from report.figures.registry import figures
from report.pages.comparison.page import summary
from report.render.markdown import markdown
from report.text.messages import LANGS
from sim.world.build import build_geography, load_world


def write_pages(
    result: Result,
    *,
    langs: Sequence[str] = LANGS,
    names: Sequence[str] | None = None,
    root: Path | None = None,
    counties: Path | None = None,
    geography: Any = None,
    workers: int | None = None,
) -> list[Path]:
    """Draw the figures of a study and write its summary in each language.

    Args:
        result: The study's result, of which the tables are written.
        langs: Languages.
        names: Which figures, by id; all that fit unless told.
        root: Folder of the scenario files, for the places of the world.
        counties: The user's own county table.
        geography: The places themselves, where they are at hand.
        workers: Processes that draw.

    Returns:
        The files written.
    """
    study = result.study
    if study is None:
        return []
    chosen = drawable(study, names)
    if geography is None and any(figures()[one].places for one in chosen):
        geography = build_geography(load_world(study.groups[0].resolved.world, root), counties)
    cores = workers or available_cores()
    written = draw_all(study, result.folder / "figures", langs, geography=geography, names=chosen, workers=cores)
    called, page = "findings" if is_across(study) else "summary", summary(result)
    for lang in langs:
        written.append(result.folder / f"{called}.{lang}.md")
        write_text(written[-1], markdown(page, lang))
    return written
