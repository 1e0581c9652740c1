"""What is written around the figures of a study: where the numbers come from, and units of axes."""

from __future__ import annotations

from experiments.analysis.study import Study
from report.blocks import Joined, Text, Unit, message, title
from report.text.spoken import spoken
from report.text.studies import behaviour_of, effect_dates


def source_line(study: Study, marks: Text, runs: str = "figures.runs") -> Text:
    """The caption: what the marks mean, how many runs, dates of effect, behaviour, and the study's fingerprint."""
    source = message("figures.source", title=title(study.title), mark=study.fingerprint[:12])
    dates = effect_dates(study) if runs == "figures.runs" else ""
    return Joined((marks, message(runs, n=study.replicates), dates, behaviour_of(study), source), "space")


def axis_unit(unit: str, lang: str, *, difference: bool = False) -> str:
    """A unit for an axis, or what stands in its place."""
    return spoken(Unit(unit, difference), lang) or spoken(message("figures.index"), lang)
