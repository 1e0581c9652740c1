"""Sections 1 to 6 of the description: purpose, entities, process, concepts, initial state, inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from report.blocks import Block, Grid, Mono, Paragraph, Section, Strong, glued, message, title, told
from report.pages.odd.pieces import codes, number, section, table, unit, where
from report.text.catalogue import under
from sim.engine.draws import DECISIONS, REPLICATE, SCHEME
from sim.mesa import rows, views
from sim.mesa.live import properties
from sim.outcomes import OUTCOMES, YEARLY, Outcome
from sim.parameters import Library
from sim.parameters.records import World
from sim.schedule import STEPS
from sim.state.town import EFFORT, Status, Strategy
from sim.world.build import build_geography, load_world

SHOWN: tuple[type, ...] = (
    views.Town,
    views.County,
    views.PrefectureGovernment,
    views.ProvinceGovernment,
    views.Financier,
    rows.Enterprise,
    rows.Project,
    rows.Talent,
    rows.Village,
)
"""Entities in the order of the description."""


def purpose() -> Section:
    """Section 1: what for."""
    return section("1", *_prose("purpose", "patterns"))


def _prose(*names: str) -> list[Paragraph]:
    return [Paragraph(message(f"odd.prose.{name}")) for name in names]


def entities() -> Section:
    """Section 2: who there is, what each is described by, scales."""
    statuses = table(("status", "meaning"), ((Mono(s.name), message(f"odd.statuses.{s.name}")) for s in Status))
    strategies = table(
        ("strategy", "effort", "meaning"),
        ((Mono(s.name), number(float(EFFORT[s])), message(f"odd.strategies.{s.name}")) for s in Strategy),
    )
    g = build_geography(load_world())
    counts = {name: int(getattr(g, name).key.size) for name in ("prefectures", "counties", "towns", "villages")}
    return section(
        "2",
        *_prose("entities"),
        *(block for kind in SHOWN for block in _entity(kind)),
        section("2.1", statuses),
        section("2.2", strategies),
        section("2.3", Paragraph(message("odd.prose.scales", **counts))),
    )


def _entity(kind: type) -> Iterator[Block]:
    yield Paragraph(glued(Strong(message(f"odd.entities.{kind.__name__}")), " (", where(kind), ")"))
    yield table(("variable", "meaning"), ((Mono(one.name), title(one.text)) for one in properties(kind)))


def process() -> Section:
    """Section 3: the quarter."""
    listing = table(
        ("number", "step", "title", "happens", "function"),
        (
            (str(i), Mono(step.name), title(step.title), title(step.what), where(step.run))
            for i, step in enumerate(STEPS, start=1)
        ),
    )
    return section("3", *_prose("process"), listing)


def concepts(library: Library) -> Section:
    """Section 4: the design concepts, with the decisions that are drawn and the outcomes that are observed."""
    said = [id.removesuffix(".title") for id in under("odd.concepts") if id.endswith(".title")]
    drawn = ((Mono(d.name), Mono(d.owner.replace(".", "/") + ".py")) for d in DECISIONS.values() if d is not REPLICATE)
    scheme = Paragraph(message("odd.prose.decisions", scheme=SCHEME))
    return section(
        "4",
        *(Paragraph(told(message(f"{id}.title"), message(f"{id}.text"))) for id in said),
        section("4.1", scheme, table(("decision", "drawn_in"), drawn)),
        section("4.2", _outcomes(library, OUTCOMES)),
        section("4.3", _outcomes(library, YEARLY)),
    )


def _outcomes(library: Library, outcomes: Mapping[str, Outcome]) -> Grid:
    better = {1: "+", -1: "−", 0: ""}
    listing = (
        (
            Mono(o.id), title(o.title), unit(library, o.unit), better[o.better],
            title(o.population), title(o.window), title(o.definition),
        )
        for o in outcomes.values()
    )  # fmt: skip
    return table(("id", "title", "unit", "better", "over", "window", "definition"), listing)


def initial(library: Library) -> Section:
    """Section 5: the state before the first quarter."""
    worlds = (block for world in library.worlds.values() for block in _world(world, library))
    return section("5", *_prose("initial"), *worlds)


def _world(world: World, library: Library) -> Iterator[Block]:
    yield Paragraph(glued(Strong(title(world.title)), " (", Mono(world.place.file), ")"))
    listing = (
        (Mono(key), title(one["title"]), _value(one["value"]), unit(library, one["unit"]),
         message("odd.words." + one["reliability"]), codes(one["source"]))
        for key, one in world.data["figure"].items()
    )  # fmt: skip
    yield table(("figure", "title", "value", "unit", "reliability", "source"), listing)


def _value(value: Any) -> str:
    """A figure in a cell: long lists and tables by prefecture as their range."""
    numbers = list(_leaves(value))
    if len(numbers) == 1:
        return number(numbers[0])
    if len(numbers) <= 4 and isinstance(value, list):
        return number(tuple(numbers))
    return f"{number(min(numbers))} … {number(max(numbers))} (n = {len(numbers)})"


def _leaves(value: Any) -> Iterable[float]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        return [value]
    return [leaf for part in value for leaf in _leaves(part)]


def inputs(library: Library) -> Section:
    """Section 6: regimes and constants."""
    regimes = table(
        ("regime", "title", "authority", "announced", "effective", "values", "summary"),
        (
            (Mono(r.id), title(r.title), title(r.authority), str(r.announced), str(r.effective), str(len(r.values)),
             title(r.summary))
            for r in library.regimes.values()
        ),
    )  # fmt: skip
    constants = table(
        ("key", "title", "value", "unit", "evidence", "source"),
        (
            (Mono(c.key), title(c.title), number(c.value), unit(library, c.unit), message(f"odd.words.{c.evidence}"),
             codes(c.source))
            for c in library.constants.values()
        ),
    )  # fmt: skip
    counts = message("odd.prose.inputs", clauses=len(library.clauses), facts=len(library.facts))
    return section("6", Paragraph(counts), section("6.1", regimes), section("6.2", constants))
