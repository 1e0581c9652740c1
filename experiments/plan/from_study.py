"""From a name on the command line to a plan: a study of the scenarios folder, a design, or a file of either."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.plan.baselines import baselines
from experiments.plan.behaviour import Behaviours, behaviours_for
from experiments.plan.design.files import design_files, load_design
from experiments.plan.design.records import plan_of
from experiments.plan.errors import PlanError
from experiments.plan.plan import PARTS, Plan, Point, Scenarios, crossed
from experiments.plan.studies import find_study
from sim.parameters import Library
from sim.parameters.errors import listed, nearest, shown
from sim.parameters.records import Frozen, StudyScenario
from sim.parameters.records import Study as StudyRecord

STUDY = "study"
"""Method of a plan that is a study."""
MAPPED = ("towns", "villages")
"""Agent-level tables of replicate 0, drawn as maps."""


def plan_named(
    name: str,
    library: Library,
    *,
    replicates: int | None = None,
    n: int | None = None,
    counties: str | None = None,
    behaviour: str | None = None,
) -> Plan:
    """The plan of a study or design.

    Args:
        name: Id of a study or design, or the path of a TOML file of either.
        library: The scenario files.
        replicates: Replicates instead of its own number.
        n: Points of a design instead of its own number.
        counties: The user's county table.
        behaviour: "posterior", "prior" or "central"; what a design varies or a study sets goes before it.

    Raises:
        PlanError: If there is no such study or design.
        InputError: If its file is not sound.
    """
    if is_design(name, library):
        made = plan_of(load_design(name, library), library, n=n, replicates=replicates)
    else:
        made = plan_of_study(find_study(name, library), library, replicates=replicates)
    drawn = behaviours_for(behaviour, library, 1 + max(k for _, k in made.runs))
    return replace(made, counties=counties, behaviour=drawn)


def is_design(name: str, library: Library) -> bool:
    """Whether a name is that of a design, and not of a study.

    Raises:
        PlanError: If it is neither.
    """
    if name.endswith(".toml"):
        return "design" in _content(Path(name))
    designs = design_files(library)
    if name in designs or name in library.studies:
        return name in designs and name not in library.studies
    known = [*library.studies, *designs]
    raise PlanError("no_such_plan", found=shown(name), allowed=listed(known), suggestion=nearest(name, known))


def _content(path: Path) -> Mapping[str, Any]:
    """Content of a TOML file; nothing where it is broken, for whoever reads it next says what is wrong."""
    if not path.is_file():
        raise PlanError("no_such_file", found=shown(path.name))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        return {}


def plan_of_study(
    record: StudyRecord,
    library: Library,
    *,
    replicates: int | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Plan:
    """A study as a plan: every scenario a point, all parts of the results, maps of the first replicate.

    Args:
        record: The study's record.
        library: The scenario files.
        replicates: Replicates instead of the study's own number.
        overrides: Values of levers and uncertainties by key. Levers apply to every scenario but those without policy,
            so that the baseline stays one; uncertainties apply to all.

    Raises:
        PlanError: If it has no scenario, or the number is below one.
        InputError: If an override is not acceptable.
    """
    count = record.replicates if replicates is None else replicates
    if not record.scenarios or count < 1:
        raise PlanError("nothing_to_run", found=record.id)
    points = tuple(_point(one, library, overrides or {}) for one in record.scenarios)
    known = Scenarios(points, Behaviours(), library)
    resolved = [known.of(i) for i in range(len(points))]
    windows = {p.id: (r.start, r.quarters, r.effective_index) for p, r in zip(points, resolved, strict=True)}
    return Plan(
        record.id,
        Frozen(record.title.as_dict()),
        points,
        crossed(len(points), count),
        parts=PARTS,
        design=Frozen({"method": STUDY, "replicates": count, "question": record.what.as_dict()}),
        baselines=Frozen(baselines([(p.id, p.regime, p.world) for p in points], windows)),
        maps=MAPPED,
        known=known,
    )


def _point(one: StudyScenario, library: Library, overrides: Mapping[str, Any]) -> Point:
    behaviour = {key: value for key, value in overrides.items() if key in library.uncertainties}
    levers = {key: value for key, value in overrides.items() if key not in behaviour}
    return Point(
        one.id,
        one.regime,
        one.world,
        None if one.start is None else str(one.start),
        one.quarters,
        None if one.effective is None else str(one.effective),
        tuple(one.fill),
        Frozen({} if one.regime == "null" else levers),
        Frozen(behaviour),
        factors=Frozen({"regime": one.regime, "world": one.world}),
        title=Frozen(one.title.as_dict()),
        study_levers=Frozen(one.set),
        study_behaviour=Frozen(one.behaviour),
    )
