"""The plan of a store as a file: enough to run every run again and to know which are still wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from experiments.plan.behaviour import Behaviours
from experiments.plan.plan import Plan, Point, crossed
from experiments.store.errors import StoreError
from experiments.store.kept import kept_of
from experiments.store.keys import Identity, identity, key_of
from experiments.store.layout import PLAN
from experiments.store.layout import STORE as MARK
from experiments.store.versions import versions
from sim.parameters import Library
from sim.parameters.records import Frozen

COUNTIES = "counties.csv"
"""The user's own county table is copied into the store, so that the store can be moved."""
SCHEMA = 4
"""Version of the store's layout."""
FEW = 64
"""Up to this many points each scenario is kept as it was, so that its page can be told when scenario files change."""


class Asked(str):
    """The line that asks for a store, with what it asks as data.

    Attributes:
        data: The command and its arguments; for display, nothing is made from it.
    """

    data: Mapping[str, Any]

    def __new__(cls, line: str = "", data: Mapping[str, Any] | None = None) -> Asked:
        """A line and its data."""
        made = super().__new__(cls, line)
        made.data = dict(data or {})
        return made


@dataclass(frozen=True)
class PlanFile:
    """What ``plan.json`` says.

    Attributes:
        plan: The plan; its county table stands in the store's folder.
        common: What all runs share: model, draw scheme, task, parts, root, county table.
        fingerprints: Fingerprint of each point's resolved scenario.
        versions: Of the product and its dependencies when the plan was made.
        command: The command that reproduces the store; an :class:`Asked` also as data.
        earlier: Other versions under which runs of this store were made before.
        kept: Each scenario as it was then, see :mod:`experiments.store.kept`; of plans of few points only.
    """

    plan: Plan
    common: Identity
    fingerprints: tuple[str, ...]
    versions: Mapping[str, str]
    command: str = ""
    earlier: tuple[Mapping[str, str], ...] = ()
    kept: tuple[Mapping[str, Any], ...] = ()

    def keys(self) -> list[str]:
        """Key of each run in the order of ``plan.runs``."""
        mark = self.plan.behaviour.mark
        tables = self.plan.tables_of
        return [key_of(self.common, mark(self.fingerprints[p], k), k, tables(k)) for p, k in self.plan.runs]


def plan_file(plan: Plan, library: Library, *, command: str = "") -> PlanFile:
    """The file of a plan, as model and scenario files stand now.

    Raises:
        InputError: If a point is not acceptable.
        OSError: If the county table cannot be read.
    """
    common = identity(task=plan.task, parts=plan.parts, root=plan.root, counties=plan.counties)
    known = plan.scenarios(library)
    marks = tuple(known.of(p).fingerprint for p in range(len(plan.points)))
    kept = tuple(kept_of(known.of(p), library) for p in range(len(plan.points))) if len(marks) <= FEW else ()
    return PlanFile(replace(plan, known=known), common, marks, versions(), command, kept=kept)


def dump_plan(file: PlanFile) -> str:
    """Canonical JSON: fixed order, one line a point, nothing about when or where."""
    plan = file.plan
    head = {
        MARK: SCHEMA,
        "id": plan.id,
        "title": dict(plan.title),
        "command": file.command,
        "asked": file.command.data if isinstance(file.command, Asked) else {},
        "identity": file.common.as_dict(),
        "versions": dict(file.versions),
        "earlier": [dict(versions) for versions in file.earlier],
        "counties": COUNTIES if plan.counties else None,
        "parts": list(plan.parts),
        "tables": list(plan.tables),
        "maps": list(plan.maps),
        "design": plan.design,
        "baselines": dict(plan.baselines),
        "behaviour": _behaviour(plan.behaviour),
        "runs": _packed(plan),
        "scenarios": list(file.kept),
    }
    lines = [_json(_point(point, mark)) for point, mark in zip(plan.points, file.fingerprints, strict=True)]
    top = "".join(f" {_json(name)}: {_json(value)},\n" for name, value in head.items())
    return "{\n" + top + ' "points": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, default=plain)


def plain(value: Any) -> Any:
    """NumPy numbers, mappings and sequences as JSON knows them."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | set | frozenset):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)


def _point(point: Point, mark: str) -> dict[str, Any]:
    return {**{f.name: getattr(point, f.name) for f in fields(Point)}, "fingerprint": mark}


def _behaviour(behaviour: Behaviours) -> dict[str, Any]:
    keys = list(behaviour.draws[0]) if behaviour.draws else []
    draws = [[draw[key] for key in keys] for draw in behaviour.draws]
    own: dict[str, Any] = {"mode": behaviour.mode, "each": behaviour.each, "at_prior": list(behaviour.at_prior)}
    if behaviour.earlier:
        own["earlier"] = behaviour.earlier
    return {**own, "keys": keys, "draws": draws}


def _read_behaviour(content: Mapping[str, Any]) -> Behaviours:
    keys = content["keys"]
    draws = (Frozen(dict(zip(keys, map(float, row), strict=True))) for row in content["draws"])
    earlier = content.get("earlier", "")
    return Behaviours(content["mode"], tuple(draws), content["each"], tuple(content["at_prior"]), earlier=earlier)


def _packed(plan: Plan) -> Any:
    """Runs: points times replicates where that is what they are, else every pair."""
    points = len(plan.points)
    each = len(plan.runs) // points if points else 0
    if plan.runs == crossed(points, each):
        return {"points": points, "replicates": each}
    return [list(run) for run in plan.runs]


def read_plan(folder: Path, content: Mapping[str, Any]) -> PlanFile:
    """Rebuild the plan from the content of ``plan.json``.

    Raises:
        StoreError: If something is missing or of the wrong kind.
    """
    try:
        return _read(folder, content)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise StoreError("bad_plan", file=f"{folder.name}/{PLAN}", found=f"{type(error).__name__}: {error}") from error


def _read(folder: Path, content: Mapping[str, Any]) -> PlanFile:
    common = Identity(**{**content["identity"], "parts": tuple(content["identity"]["parts"])})
    raw = content["runs"]
    pairs = crossed(raw["points"], raw["replicates"]) if isinstance(raw, dict) else tuple((p, k) for p, k in raw)
    plan = Plan(
        content["id"],
        Frozen(content["title"]),
        tuple(_read_point(entry) for entry in content["points"]),
        pairs,
        root=common.root,
        counties=str(folder / COUNTIES) if content["counties"] else None,
        parts=tuple(content["parts"]),
        task=common.task,
        design=Frozen(content["design"]),
        baselines=Frozen(content["baselines"]),
        behaviour=_read_behaviour(content["behaviour"]),
        tables=tuple(content["tables"]),
        maps=tuple(content["maps"]),
    )
    marks = tuple(str(entry["fingerprint"]) for entry in content["points"])
    earlier = tuple(content["earlier"])
    kept = tuple(content["scenarios"])
    asked = Asked(content["command"], content.get("asked"))
    return PlanFile(plan, common, marks, content["versions"], asked, earlier, kept)


def _read_point(entry: Mapping[str, Any]) -> Point:
    values = {name: entry[name] for name in (f.name for f in fields(Point)) if name in entry}
    frozen = {name: Frozen(value) for name, value in values.items() if isinstance(value, dict)}
    mix = (entry["mix"][0], tuple(entry["mix"][1])) if entry.get("mix") else None
    return Point(**{**values, **frozen, "fill": tuple(entry["fill"]), "mix": mix})
