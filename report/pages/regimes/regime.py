"""The account of one regime: its head, its sections of prose, what it leaves open, its readings and its gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from string import Formatter

from report.blocks import (
    Block,
    Filled,
    Fold,
    Grid,
    Item,
    Joined,
    Mono,
    Paragraph,
    Points,
    Section,
    Sentence,
    Text,
    between,
    glued,
    message,
    noted,
    title,
)
from report.blocks import told as said
from report.pages.regimes.values import value_words
from report.text.catalogue import under
from report.text.enforcement import of_regime
from sim.parameters import Library
from sim.parameters.above import from_above, stated_above
from sim.parameters.compose import chain_of
from sim.parameters.explain import offers
from sim.parameters.readings import Standing, standing
from sim.parameters.records import Lever, Regime, Setting
from sim.parameters.texts import EMPTY
from sim.parameters.texts import Text as Titled

ASSUMED, ABOVE = "assumption", "above"


def account(regime: Regime, library: Library) -> Section:
    """The account of a regime."""
    blocks: list[Block] = [Paragraph(title(regime.summary)), Paragraph(_who(library, regime))]
    blocks += [Paragraph(said(head, text)) for head, text in told(library, regime)]
    blocks += [Paragraph(one) for one in of_regime(library, regime.id)]
    blocks += [*_open(library, regime), *_readings(library, regime), _gaps(library, regime)]
    return Section(glued(title(regime.title), " ", Mono(regime.id)), blocks, slug(regime), anchor=True)


def told(library: Library, regime: Regime) -> list[tuple[Text, Text]]:
    """What a regime says, section by section: heading and prose."""
    parts = ((id, _section(library, regime, id.rpartition(".")[2])) for id in under("regimes.section"))
    return [(message(id), Joined(sentences, "space")) for id, sentences in parts if sentences]


def slug(regime: Regime) -> str:
    """The name that links lead to."""
    return re.sub(r"[^a-z0-9]+", "-", regime.id)


def _who(library: Library, regime: Regime) -> Text:
    """Who, when, where, and what it rests on."""
    who = message(
        "regimes.prose." + ("who_at_once" if regime.announced == regime.effective else "who"),
        authority=title(regime.authority),
        level=message(f"regimes.level.{regime.level}"),
        announced=str(regime.announced),
        effective=str(regime.effective),
    )
    home = message("regimes.prose.home", world=title(library.worlds[regime.home].title)) if regime.home else ""
    clauses = [name for name in regime.source if name in library.clauses or name in library.facts]
    rests = message("regimes.prose.rests", clauses=Joined(clauses)) if clauses else ""
    base = chain_of(regime.id, library.regimes)[:-1]
    extends = message("regimes.prose.extends", title=title(base[-1].title)) if base and base[-1].values else ""
    return Joined((who, home, rests, extends), "space")


# --- prose -----------------------------------------------------------------------------------------------------------


def _section(library: Library, regime: Regime, section: str) -> list[Text]:
    """What a regime sets in one section; in that of the level above, what the regime above sets that reaches it."""
    if section != ABOVE:
        return _prose(library, regime, _told(library, regime, section))
    found = from_above(library, chain_of(regime.id, library.regimes))
    if not found:
        return []
    upper = library.regimes[stated_above(chain_of(regime.id, library.regimes))]
    return _prose(library, upper, _by_lever(library, [setting for _, setting in found]))


def _prose(library: Library, regime: Regime, levers: Sequence[tuple[Lever, list[Setting]]]) -> list[Text]:
    """What a regime sets, lever by lever: sentences, then whatever has no sentence, by its title."""
    sentences: list[Text] = []
    rest: list[Text] = []
    for lever, settings in levers:
        phrase = _phrase(lever, settings)
        value = _dated(library, regime, lever, settings)
        star = message("regimes.prose.assumed") if all(s.evidence == ASSUMED for s in settings) else ""
        body = _filled(library, regime, lever, settings, phrase) if phrase else glued(title(lever.title), " ", value)
        cited = noted(glued(body, star), Joined(names) if (names := _clauses(settings)) else "")
        (sentences if phrase else rest).append(cited)
    if rest:
        sentences.append(message("regimes.prose.also", rest=Joined(rest, "semicolon")))
    return [Sentence(one) for one in sentences]


def _filled(library: Library, regime: Regime, lever: Lever, settings: Sequence[Setting], phrase: Titled) -> Filled:
    """A sentence with what its gaps stand for: the value, its dates, or another lever of the instrument."""
    words = phrase.as_dict()
    gaps = {name for text in words.values() for _, name, _, _ in Formatter().parse(text) if name}
    own: dict[str, Text] = {
        "value": _dated(library, regime, lever, settings),
        "value_date": Joined([str(setting.first) for setting in settings]),
    }
    return Filled(words, own | {name: _other(library, regime, f"{lever.instrument}.{name}") for name in gaps - {*own}})


def _other(library: Library, regime: Regime, key: str) -> Text:
    lever = library.levers[key]
    found = (s.value for r in chain_of(regime.id, library.regimes)[::-1] for s in r.values if s.lever == key)
    return value_words(library, lever, next(found, lever.inert))


def _told(library: Library, regime: Regime, section: str) -> list[tuple[Lever, list[Setting]]]:
    """The levers of a section that the regime sets to something, with their settings by date."""
    return _by_lever(
        library, [one for one in regime.values if section_of(library, library.levers[one.lever]) == section]
    )


def _by_lever(library: Library, among: Iterable[Setting]) -> list[tuple[Lever, list[Setting]]]:
    """Settings by lever and date; without levers that are only set to their inert values."""
    found: dict[str, list[Setting]] = {}
    for setting in among:
        found.setdefault(setting.lever, []).append(setting)
    told = [(library.levers[key], sorted(found[key], key=lambda s: s.first)) for key in library.levers if key in found]
    return [(lever, settings) for lever, settings in told if not all(without_effect(lever, s) for s in settings)]


def section_of(library: Library, lever: Lever) -> str:
    """The section in which a lever is told: its own, else its instrument's."""
    return lever.section or library.instruments[lever.instrument].section


def without_effect(lever: Lever, setting: Setting) -> bool:
    """Whether a setting states the lever's inert value."""
    value = setting.value
    if not isinstance(value, tuple):
        return value == lever.inert
    inert = lever.inert if isinstance(lever.inert, tuple) else (lever.inert,) * len(value)
    return len(inert) == len(value) and all(v is None or v == i for v, i in zip(value, inert, strict=True))


def _phrase(lever: Lever, settings: Sequence[Setting]) -> Titled:
    """The sentence of a lever for these values; empty where there is none."""
    values = {setting.value for setting in settings}
    value = values.pop() if len(values) == 1 else None
    if lever.type == "choice":
        return next((choice.sentence for choice in lever.choices if choice.id == value), EMPTY)
    if lever.type == "flag":
        return EMPTY if value is None else lever.sentence if value else lever.otherwise
    return lever.sentence


def _dated(library: Library, regime: Regime, lever: Lever, settings: Sequence[Setting]) -> Text:
    """The value, with dates where they say something: dated batches, later starts, ends."""
    return Joined([noted(value_words(library, lever, one.value), _when(regime, one)) for one in settings])


def _when(regime: Regime, setting: Setting) -> Text:
    if setting.dated:
        return str(setting.first)
    parts = []
    if setting.first > regime.effective:
        parts.append(message("regimes.prose.from", quarter=str(setting.first)))
    if setting.last is not None:
        parts.append(message("regimes.prose.until", quarter=str(setting.last)))
    return Joined(parts, "space") if parts else ""


def _clauses(settings: Iterable[Setting]) -> list[str]:
    """Clauses that settings rest on; ``G`` is none."""
    return [name for name in dict.fromkeys(name for one in settings for name in one.clause) if name != "G"]


# --- open, readings, gaps --------------------------------------------------------------------------------------------


def _open(library: Library, regime: Regime) -> Iterator[Block]:
    """What the documents do not say, and who could lend it."""
    yield Points([Item(title(text)) for text in regime.unstated], message("regimes.prose.open"))
    if not regime.unstated:
        yield Paragraph(message("regimes.prose.none_open"))
    lent = [
        glued(title(one["title"]), " ", Mono(one["id"]))
        for one in offers(library, chain_of(regime.id, library.regimes))
    ]
    if lent:
        yield Paragraph(message("regimes.prose.fills", fills=Joined(lent)))


def _table(name: str, columns: Iterable[str], rows: Sequence[Sequence[Text]]) -> Fold:
    heads = [message(f"regimes.prose.{one}") for one in columns]
    return Fold(message(f"regimes.prose.{name}"), (Grid(heads, rows, words=True),))


def _readings(library: Library, regime: Regime) -> Iterator[Block]:
    """Ambiguities that could change a run of this regime: what is taken and what else could be."""
    rows = [
        (name, title(reading.question), *_meanings(library, name, stands))
        for name, reading in library.readings.items()
        if (stands := standing(library, name, regime.id)) is not None
    ]
    if rows:
        yield _table("readings", ("reading", "question", "taken", "others"), rows)


def _meanings(library: Library, name: str, stands: Standing) -> tuple[Text, Text]:
    texts = {one.id: title(one.text) for one in library.readings[name].alternatives}
    taken = (
        Joined([texts[one] for one in stands.taken], "semicolon") if stands.taken else message("regimes.prose.mixture")
    )
    return taken, Joined([texts[one.alternative] for one in stands.variants], "semicolon")


def _gaps(library: Library, regime: Regime) -> Block:
    """Every value that no document gives, with the reason noted beside it."""
    assumed: dict[str, list[Setting]] = {}
    for setting in regime.values:
        if setting.evidence == ASSUMED:
            assumed.setdefault(setting.lever, []).append(setting)
    rows = []
    for key, settings in assumed.items():
        lever, names = library.levers[key], _clauses(settings)
        notes = dict.fromkeys(s.note for s in settings if s.note)
        cited = Joined(names) if names else message("regimes.prose.general")
        why = between(" ", map(title, notes))
        rows.append((title(lever.title), _dated(library, regime, lever, settings), cited, why))
    if rows:
        return _table("gaps", ("lever", "value", "clause", "why"), rows)
    return Fold(message("regimes.prose.gaps"), (Paragraph(message("regimes.prose.gaps_none")),))
