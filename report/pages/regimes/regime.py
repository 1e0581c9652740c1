"""The account of one regime: its head, its sections of prose, what it leaves open, its readings and its gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from report.pages.regimes.values import value_words
from report.render.markdown import table
from report.text.catalogue import say, under
from report.text.language import bracketed, mark
from sim.parameters import Library
from sim.parameters.compose import chain_of
from sim.parameters.explain import offers
from sim.parameters.readings import Standing, standing
from sim.parameters.records import Lever, Regime, Setting
from sim.parameters.texts import EMPTY, Text

ASSUMED = "assumption"


def account(name: str, lang: str, library: Library) -> str:
    """The account of a regime, Markdown without a closing newline.

    Args:
        name: Id of the regime.
        lang: "zh" or "en".
        library: The scenario files.
    """
    regime = library.regimes[name]
    parts = [f'<a id="{slug(regime)}"></a>\n\n## {regime.title[lang]} `{regime.id}`', head(library, regime, lang)]
    colon = mark("colon", lang)
    parts += [f"**{title}**{colon}{text}" for title, text in told(library, regime, lang)]
    parts += [left_open(library, regime, lang), readings(library, regime, lang), gaps(library, regime, lang)]
    return "\n\n".join(part for part in parts if part)


def told(library: Library, regime: Regime, lang: str) -> list[tuple[str, str]]:
    """What a regime says, section by section: heading and prose."""
    parts = [(say(id, lang), prose(library, regime, id.rpartition(".")[2], lang)) for id in under("regimes.section")]
    return [(title, text) for title, text in parts if text]


def slug(regime: Regime) -> str:
    """The name that links lead to."""
    return re.sub(r"[^a-z0-9]+", "-", regime.id)


def head(library: Library, regime: Regime, lang: str) -> str:
    """Summary, who, when, where, and what it rests on."""
    who = say(
        "regimes.prose." + ("who_at_once" if regime.announced == regime.effective else "who"),
        lang,
        authority=regime.authority[lang],
        level=say(f"regimes.level.{regime.level}", lang),
        announced=regime.announced,
        effective=regime.effective,
    )
    said = [who]
    if regime.home:
        said.append(say("regimes.prose.home", lang, world=library.worlds[regime.home].title[lang]))
    clauses = [name for name in regime.source if name in library.clauses or name in library.facts]
    if clauses:
        said.append(say("regimes.prose.rests", lang, clauses=_ids(clauses, lang)))
    base = chain_of(regime.id, library.regimes)[:-1]
    if base and base[-1].values:
        said.append(say("regimes.prose.extends", lang, title=base[-1].title[lang]))
    return f"{regime.summary[lang]}\n\n{mark('space', lang).join(said)}"


def _ids(names: Iterable[str], lang: str) -> str:
    return mark("pause", lang).join(names)


# --- prose -----------------------------------------------------------------------------------------------------------


def prose(library: Library, regime: Regime, section: str, lang: str) -> str:
    """What a regime sets in one section: sentences, then whatever has no sentence, by its title."""
    sentences, rest = [], []
    for lever, settings in _told(library, regime, section):
        phrase = _phrase(lever, settings)
        value = _dated(library, regime, lever, settings, lang)
        star = say("regimes.prose.assumed", lang) if all(s.evidence == ASSUMED for s in settings) else ""
        cited = _cited(settings, lang)
        if not phrase:
            rest.append(f"{lever.title[lang]} {value}{star}{cited}")
        else:
            text = phrase[lang].format_map(_Others(library, regime, lever, settings, value, lang))
            sentences.append(f"{_each(text[0].upper() + text[1:])}{star}{cited}")
    if rest:
        sentences.append(say("regimes.prose.also", lang) + mark("semicolon", lang).join(rest))
    return "".join(sentence + mark("stop", lang) for sentence in sentences).strip()


def _each(text: str) -> str:
    """Every 1 quarter is every quarter."""
    return text.replace("every 1 ", "every ").replace("每1年", "每年").replace("每1个", "每")


class _Others(dict[str, str]):
    """What the placeholders of a sentence stand for: the value, its dates, or another lever of the instrument."""

    def __init__(
        self, library: Library, regime: Regime, lever: Lever, settings: Sequence[Setting], value: str, lang: str
    ) -> None:
        dates = mark("pause", lang).join(str(setting.first) for setting in settings)
        super().__init__(value=value, value_date=dates)
        self._find = library, regime, lever, lang

    def __missing__(self, name: str) -> str:
        library, regime, lever, lang = self._find
        other = library.levers[f"{lever.instrument}.{name}"]
        value = next(
            (s.value for r in chain_of(regime.id, library.regimes)[::-1] for s in r.values if s.lever == other.key),
            other.inert,
        )
        return value_words(library, other, value, lang)


def _told(library: Library, regime: Regime, section: str) -> list[tuple[Lever, list[Setting]]]:
    """The levers of a section that the regime sets to something, with their settings by date."""
    found: dict[str, list[Setting]] = {}
    for setting in regime.values:
        lever = library.levers[setting.lever]
        if section_of(library, lever) == section:
            found.setdefault(lever.key, []).append(setting)
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


def _phrase(lever: Lever, settings: Sequence[Setting]) -> Text:
    """The sentence of a lever for these values; empty where there is none."""
    values = {setting.value for setting in settings}
    value = values.pop() if len(values) == 1 else None
    if lever.type == "choice":
        return next((choice.sentence for choice in lever.choices if choice.id == value), EMPTY)
    if lever.type == "flag":
        return EMPTY if value is None else lever.sentence if value else lever.otherwise
    return lever.sentence


def _dated(library: Library, regime: Regime, lever: Lever, settings: Sequence[Setting], lang: str) -> str:
    """The value, with dates where they say something: dated batches, later starts, ends."""
    words = []
    for setting in settings:
        text, when = value_words(library, lever, setting.value, lang), _when(regime, setting, lang)
        words.append(text + bracketed(when, lang))
    return mark("pause", lang).join(words)


def _when(regime: Regime, setting: Setting, lang: str) -> str:
    if setting.dated:
        return str(setting.first)
    parts = []
    if setting.first > regime.effective:
        parts.append(say("regimes.prose.from", lang, quarter=setting.first))
    if setting.last is not None:
        parts.append(say("regimes.prose.until", lang, quarter=setting.last))
    return mark("space", lang).join(parts)


def _cited(settings: Sequence[Setting], lang: str) -> str:
    names = dict.fromkeys(name for setting in settings for name in setting.clause if name != "G")
    if not names:
        return ""
    return bracketed(_ids(names, lang), lang)


# --- open, readings, gaps --------------------------------------------------------------------------------------------


def left_open(library: Library, regime: Regime, lang: str) -> str:
    """What the documents do not say, and who could lend it."""
    lines = [f"* {text[lang]}" for text in regime.unstated] or [say("regimes.prose.none_open", lang)]
    lent = [f"{one['title'][lang]} `{one['id']}`" for one in offers(library, chain_of(regime.id, library.regimes))]
    if lent:
        lines += ["", say("regimes.prose.fills", lang, fills=_ids(lent, lang))]
    return "\n".join((f"**{say('regimes.prose.open', lang)}**", "", *lines))


def readings(library: Library, regime: Regime, lang: str) -> str:
    """Ambiguities that could change a run of this regime: what is taken and what else could be; "" for none."""
    rows = [
        (name, library.readings[name].question[lang], *_meanings(library, name, stands, lang))
        for name, stands in _standings(library, regime.id)
    ]
    if not rows:
        return ""
    heads = [say(f"regimes.prose.{name}", lang) for name in ("reading", "question", "taken", "others")]
    return f"**{say('regimes.prose.readings', lang)}**\n\n{table(heads, rows)}"


_found: dict[tuple[int, str], tuple[Library, list[tuple[str, Standing]]]] = {}
"""Standings of a regime's readings, worked out once for both languages; the library is kept so its id stays its own."""


def _standings(library: Library, regime: str) -> list[tuple[str, Standing]]:
    key = (id(library), regime)
    if key not in _found:
        found = ((name, standing(library, name, regime)) for name in library.readings)
        _found[key] = library, [(name, stands) for name, stands in found if stands is not None]
    return _found[key][1]


def _meanings(library: Library, name: str, stands: Standing, lang: str) -> tuple[str, str]:
    texts = {one.id: one.text[lang] for one in library.readings[name].alternatives}
    joiner = mark("semicolon", lang)
    taken = joiner.join(texts[one] for one in stands.taken) or say("regimes.prose.mixture", lang)
    return taken, joiner.join(texts[one.alternative] for one in stands.variants)


def gaps(library: Library, regime: Regime, lang: str) -> str:
    """Every value that no document gives, with the reason noted beside it."""
    assumed: dict[str, list[Setting]] = {}
    for setting in regime.values:
        if setting.evidence == ASSUMED:
            assumed.setdefault(setting.lever, []).append(setting)
    rows = []
    for key, settings in assumed.items():
        lever = library.levers[key]
        notes = dict.fromkeys(s.note[lang] for s in settings if s.note)
        ids = [name for name in dict.fromkeys(n for s in settings for n in s.clause) if name != "G"]
        cited = _ids(ids, lang) or say("regimes.prose.general", lang)
        rows.append((lever.title[lang], _dated(library, regime, lever, settings, lang), cited, " ".join(notes)))
    body = say("regimes.prose.gaps_none", lang)
    if rows:
        body = table([say(f"regimes.prose.{name}", lang) for name in ("lever", "value", "clause", "why")], rows)
    return f"**{say('regimes.prose.gaps', lang)}**\n\n{body}"
