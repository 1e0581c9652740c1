"""What pages and figures both say of a study: its outcomes, place, years, dates of effect and behaviour."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.analysis.study import ScenarioRuns, Study
from report.blocks import Joined, Quantity, Text, Title, Unit, message, title
from sim.outcomes.records import SHARE_UNITS


def outcome_title(study: Study, name: str, kind: str = "summary") -> Text:
    """Title of an outcome."""
    return title(study.definition(kind, name).title)


def label(study: Study, name: str, *, difference: bool = False) -> Text:
    """Title and unit of a summary outcome."""
    unit = study.definition("summary", name).unit
    return message("language.with_unit", name=outcome_title(study, name), unit=Unit(unit, difference))


def short_title(group: ScenarioRuns) -> Title:
    """A scenario's title without the place in brackets."""
    return Title({lang: str(words).split("（")[0].split(" (")[0].strip() for lang, words in group.title.items()})


def world_title(study: Study, world: str) -> Text:
    """Title of a world; its id where it has none."""
    return title(study.worlds[world]) if world in study.worlds else world


def place(study: Study) -> Text:
    """The world of the study, or how many it has."""
    worlds = list(dict.fromkeys(g.resolved.world for g in study.groups))
    return world_title(study, worlds[0]) if len(worlds) == 1 else message("comparison.worlds_many", n=len(worlds))


def years(study: Study) -> tuple[int, int]:
    """First and last year of any scenario."""
    found = sorted({year for g in study.groups for year in g.years})
    return found[0], found[-1]


def where(study: Study) -> Text:
    """Place, years and replicates in one sentence, so that a caption stands alone."""
    first, last = years(study)
    return message("comparison.figure_source", world=place(study), first=first, last=last, n=study.replicates)


def baselines(study: Study) -> Text:
    """What the scenarios are compared with; the first two where there are many."""
    return Joined([title(study.group(b).title) for b in list(dict.fromkeys(study.baseline_of.values()))[:2]], "and")


def with_interval(study: Study) -> Text:
    """That means and differences have intervals, or that the runs are too few."""
    return message("comparison.with_interval" if study.independent > 1 else "comparison.without_interval")


def compared_ids(study: Study) -> list[str]:
    """Main outcomes whose difference from the baseline is defined in some scenario."""
    return [
        name
        for name in study.main_ids
        if any(not math.isnan(study.contrasts[g.id][name].difference.value) for g, _ in study.pairs())
    ]


def quarter(day: object) -> Text:
    """A quarter, such as 2015Q2, as it is said."""
    year, _, number = str(day).partition("Q")
    return message("comparison.quarter", year=year, quarter=number)


def effect_dates(study: Study) -> Text:
    """When the scenarios take effect, in one sentence; nothing where none has a policy."""
    dated = [(g, g.resolved.start + g.resolved.effective_index) for g in study.groups if g.resolved.regime != "null"]
    days = list(dict.fromkeys(str(day) for _, day in dated))
    if len(days) < 2:
        return message("comparison.effect_one", day=quarter(days[0])) if days else ""
    parts = [message("comparison.effect_of", name=title(g.title), day=quarter(day)) for g, day in dated]
    return message("comparison.effect_many", parts=Joined(parts, "comma"))


def behaviour_of(study: Study) -> Text:
    """Where the behavioural parameters come from, in one sentence."""
    changed = {k for g in study.groups for k in g.resolved.overridden if k in g.resolved.behaviour}
    return behaviour_said(study.behaviour, study.independent, len(changed), study.at_prior, study.earlier)


def behaviour_said(mode: str, draws: int, changed: int = 0, at_prior: Sequence[str] = (), earlier: str = "") -> Text:
    """The same from the mode, the number of draws, how many parameters were set by hand, which a fit lacked, and the
    version that was fitted where the model has moved since.
    """
    more: list[Text] = [message("comparison.behaviour_changed", n=changed)] if changed else []
    more += [message("report.behaviour_at_prior", names=Joined(at_prior, "and"))] if at_prior else []
    more += [message("report.behaviour_earlier", version=earlier)] if earlier else []
    return message(f"comparison.behaviour_line_{mode}", draws=draws, more=Joined(more, "none"))


def ranking(study: Study, values: dict[str, float], unit: str) -> Text:
    """Values of scenarios from the highest to the lowest, as part of a sentence."""
    order = sorted((s for s in values if not math.isnan(values[s])), key=lambda s: -values[s])
    parts = [
        message(
            "comparison.ranked_bare" if i and unit not in SHARE_UNITS else "comparison.ranked",
            who=title(study.group(s).title), value=Quantity(values[s], unit), bare=Quantity(values[s], unit, bare=True),
        )
        for i, s in enumerate(order)
    ]  # fmt: skip
    return Joined(parts, "comma")
