"""Sections 1 to 6 of the description: purpose, entities, process, concepts, initial state, inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from report.pages.odd.markdown import code, codes, number, table, unit, where
from report.text.catalogue import say, under
from report.text.language import mark
from sim.engine.draws import DECISIONS, REPLICATE, SCHEME
from sim.mesa import rows, views
from sim.mesa.live import properties
from sim.outcomes import OUTCOMES, YEARLY, Outcome
from sim.parameters import Library
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


def columns(lang: str, *ids: str) -> list[str]:
    """Heads of a table."""
    return [say(f"odd.columns.{name}", lang) for name in ids]


def title(number_: str, lang: str) -> str:
    """A numbered heading; "2" is of the second level, "2.1" of the third."""
    return f"{'#' * (2 + number_.count('.'))} {number_} {say(f'odd.headings.{number_}', lang)}"


def head(lang: str) -> str:
    """Title, note and section 1."""
    return "\n\n".join(
        (
            say("odd.prose.title", lang),
            say("odd.prose.note", lang),
            title("1", lang),
            say("odd.prose.purpose", lang),
            say("odd.prose.patterns", lang),
        )
    )


def entities(lang: str) -> str:
    """Section 2: who there is, what each is described by, scales."""
    parts = [title("2", lang), say("odd.prose.entities", lang)]
    parts += [_entity(kind, lang) for kind in SHOWN]
    statuses = table(
        columns(lang, "status", "meaning"), ((code(s.name), say(f"odd.statuses.{s.name}", lang)) for s in Status)
    )
    strategies = table(
        columns(lang, "strategy", "effort", "meaning"),
        ((code(s.name), number(float(EFFORT[s])), say(f"odd.strategies.{s.name}", lang)) for s in Strategy),
    )
    parts += [title("2.1", lang), statuses, title("2.2", lang), strategies, title("2.3", lang), _scales(lang)]
    return "\n\n".join(parts)


def _entity(kind: type, lang: str) -> str:
    text = say(f"odd.entities.{kind.__name__}", lang)
    listing = table(
        columns(lang, "variable", "meaning"), ((code(one.name), one.text[lang]) for one in properties(kind))
    )
    return f"**{text}** ({code(where(kind))})\n\n{listing}"


def _scales(lang: str) -> str:
    g = build_geography(load_world())
    counts = {
        "prefectures": g.prefectures.key.size,
        "counties": g.counties.key.size,
        "towns": g.towns.key.size,
        "villages": g.villages.key.size,
    }
    return say("odd.prose.scales", lang, **counts)


def process(lang: str) -> str:
    """Section 3: the quarter."""
    listing = table(
        columns(lang, "number", "step", "title", "happens", "function"),
        (
            (i, code(step.name), step.title[lang], step.what[lang], code(where(step.run)))
            for i, step in enumerate(STEPS, start=1)
        ),
    )
    return "\n\n".join((title("3", lang), say("odd.prose.process", lang), listing))


def concepts(lang: str, library: Library) -> str:
    """Section 4: the design concepts, with the decisions that are drawn and the outcomes that are observed."""
    parts = [title("4", lang)]
    parts += [_concept(id.removesuffix(".title"), lang) for id in under("odd.concepts") if id.endswith(".title")]
    parts += [title("4.1", lang), say("odd.prose.decisions", lang, scheme=SCHEME), _decisions(lang)]
    parts += [title("4.2", lang), _outcomes(lang, library, OUTCOMES)]
    parts += [title("4.3", lang), _outcomes(lang, library, YEARLY)]
    return "\n\n".join(parts)


def _concept(id: str, lang: str) -> str:
    return f"**{say(id + '.title', lang)}**{mark('colon', lang)}{say(id + '.text', lang)}"


def _decisions(lang: str) -> str:
    listing = (
        (code(d.name), code(d.owner.replace(".", "/") + ".py")) for d in DECISIONS.values() if d is not REPLICATE
    )
    return table(columns(lang, "decision", "drawn_in"), listing)


def _outcomes(lang: str, library: Library, outcomes: Mapping[str, Outcome]) -> str:
    better = {1: "+", -1: "−", 0: ""}
    listing = (
        (
            code(o.id), o.title[lang], unit(library, o.unit, lang), better[o.better],
            o.population[lang], o.window[lang], o.definition[lang],
        )
        for o in outcomes.values()
    )  # fmt: skip
    return table(columns(lang, "id", "title", "unit", "better", "over", "window", "definition"), listing)


def initial(lang: str, library: Library) -> str:
    """Section 5: the state before the first quarter."""
    parts = [title("5", lang), say("odd.prose.initial", lang)]
    for world in library.worlds.values():
        parts += [f"**{world.title[lang]}** ({code(world.place.file)})", _figures(world.data["figure"], lang, library)]
    return "\n\n".join(parts)


def _figures(figures: Mapping[str, Mapping[str, Any]], lang: str, library: Library) -> str:
    listing = (
        (code(key), one["title"][lang], _value(one["value"]), unit(library, one["unit"], lang),
         say("odd.words." + one["reliability"], lang), codes(one["source"]))
        for key, one in figures.items()
    )  # fmt: skip
    return table(columns(lang, "figure", "title", "value", "unit", "reliability", "source"), listing)


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


def inputs(lang: str, library: Library) -> str:
    """Section 6: regimes and constants."""
    regimes = table(
        columns(lang, "regime", "title", "authority", "announced", "effective", "values", "summary"),
        (
            (code(r.id), r.title[lang], r.authority[lang], r.announced, r.effective, len(r.values), r.summary[lang])
            for r in library.regimes.values()
        ),
    )
    constants = table(
        columns(lang, "key", "title", "value", "unit", "evidence", "source"),
        (
            (
                code(c.key),
                c.title[lang],
                number(c.value),
                unit(library, c.unit, lang),
                say(f"odd.words.{c.evidence}", lang),
                codes(c.source),
            )
            for c in library.constants.values()
        ),
    )
    counts = {"clauses": len(library.clauses), "facts": len(library.facts)}
    text = say("odd.prose.inputs", lang, **counts)
    return "\n\n".join((title("6", lang), text, title("6.1", lang), regimes, title("6.2", lang), constants))
