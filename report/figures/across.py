"""Many regimes side by side: each laid over one common world, and at home in its own.

A study of more regimes than a figure has colours is read by rows: one regime a row, its paired difference from the
same world without policy, once where all regimes share a world and once where the regime was made.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from experiments.analysis.estimates.contrasts import Estimate
from experiments.analysis.study import ScenarioRuns, Study
from sim.outcomes.records import OUTCOMES, shown_in

FEW = 6
"""Up to this many regimes are told apart by colour; more are shown by rows."""


@dataclass(frozen=True)
class Row:
    """One regime of the comparison.

    Attributes:
        regime: Regime id.
        title: By language.
        common: Its scenario in the common world, None where the study has none.
        home: Its scenario in its own world, None where the study has none.
    """

    regime: str
    title: dict[str, str]
    common: ScenarioRuns | None
    home: ScenarioRuns | None

    def scenarios(self) -> tuple[ScenarioRuns, ...]:
        """Those it has, the common world first."""
        return tuple(g for g in (self.common, self.home) if g is not None)


def is_across(study: Study) -> bool:
    """Whether the study compares more regimes than can be told apart by colour."""
    return len({g.resolved.regime for g in study.groups if g.resolved.regime != "null"}) > FEW


def shown(study: Study) -> list[tuple[str, bool]]:
    """Outcomes of the comparison that the runs carry, and whether the difference from no policy is shown (else the
    level); every difference among them is one of Holm's family.
    """
    names = [name for name in (measured(study, n) for n in shown_in("rows")) if name in study.summary_ids]
    return [(name, not study.definition("summary", name).by_level) for name in names]


def measured(study: Study, name: str) -> str:
    """What stands for an outcome counted by site: its total where all scenarios lie in one world."""
    return name if study.several_worlds or name not in shown_in("by_site") else OUTCOMES[name].site_of


def told_ids(study: Study) -> tuple[str, ...]:
    """Outcomes whose differences the pages tell: the main ones, or those of the rows."""
    return tuple(name for name, d in shown(study) if d) if is_across(study) else study.main_ids


def common_world(study: Study) -> str:
    """The world that most regimes of the study share."""
    regimes = {(g.resolved.regime, g.resolved.world) for g in study.groups if g.resolved.regime != "null"}
    return Counter(world for _, world in sorted(regimes)).most_common(1)[0][0]


def rows(study: Study) -> list[Row]:
    """One row a regime, by completion in the common world, the largest gain first.

    A regime whose own world is the common one, at its own dates, stands there at home too.
    """
    shared = common_world(study)
    found: dict[str, list[ScenarioRuns]] = {}
    for group, _ in study.pairs():
        found.setdefault(group.resolved.regime, []).append(group)
    made = []
    for regime, groups in found.items():
        common = next((g for g in groups if g.resolved.world == shared), None)
        home = next((g for g in groups if g is not common), None)
        made.append(Row(regime, _title(common or groups[0]), common, home))
    return sorted(made, key=lambda row: _rank(study, row))


def _title(group: ScenarioRuns) -> dict[str, str]:
    """The scenario's title without the place in brackets."""
    return {lang: str(group.title[lang]).split("（")[0].split(" (")[0].strip() for lang in ("zh", "en")}


def _rank(study: Study, row: Row) -> tuple[bool, float]:
    if row.common is None:
        return True, 0.0
    value = study.contrasts[row.common.id]["completion_common"].difference.value
    return math.isnan(value), -value


def estimate(study: Study, group: ScenarioRuns, outcome: str, difference: bool) -> Estimate:
    """The number that a row shows for an outcome."""
    if difference:
        return study.contrasts[group.id][outcome].difference
    return study.means[group.id][outcome]


def stands(study: Study, group: ScenarioRuns, outcome: str, difference: bool) -> bool:
    """Whether a difference excludes zero after Holm's correction over the study; a level always stands."""
    return not difference or study.contrasts[group.id][outcome].excludes_zero_holm
