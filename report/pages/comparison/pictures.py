"""The figures of a result, each with what it shows in words."""

from __future__ import annotations

from experiments.analysis.opened import Result
from experiments.analysis.study import Study
from report.blocks import Joined, Paragraph, Picture, Section, Sentence, Text, message
from report.figures.registry import figures
from report.text.studies import where

FOLDER = "figures"


def section(result: Result) -> list[Section]:
    """The section, none where the folder holds no figure."""
    study = result.study
    if study is None:
        return []
    known = list(figures())
    names = {path.name.split(".")[0] for path in (result.folder / FOLDER).glob("*.png")}
    shown = [_picture(study, name) for name in sorted(names, key=lambda n: (_place(known, n), n))]
    note = Paragraph(message("comparison.figures_note"))
    return [Section(message("comparison.figures"), (note, *shown), "figures")] if shown else []


def _place(known: list[str], name: str) -> int:
    return known.index(name) if name in known else len(known)


def _picture(study: Study, name: str) -> Picture:
    figure = figures().get(name)
    called: Text = figure.title if figure else name
    said = Sentence(finding) if figure and (finding := figure.said(study)) else ""
    caption = Joined((Sentence(called), said, where(study)), "space")
    return Picture(f"{FOLDER}/{name}", message("language.told", name=called, what=said or where(study)), caption)
