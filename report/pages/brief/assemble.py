"""Put a brief together: which sections a kind of result has, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from report.errors import BriefError
from report.pages.brief import closing, detail, given, lead, numbers, pictures, setting, swept
from report.pages.brief.content import Block, Brief, Section
from report.pages.brief.source import COMPARE, SWEEP, Source
from report.pages.brief.words import tell
from sim.parameters.errors import listed

if TYPE_CHECKING:
    from experiments.analysis.study import Study

Part = Callable[[Source, str], list[Section]]
"""Makes sections of one result in one language; none where the result has nothing to say."""

OPENING: Mapping[str, tuple[Part, ...]] = {
    COMPARE: (lead.section, setting.section, detail.section, pictures.section, numbers.section, given.extra),
    SWEEP: (lead.section, swept.section, setting.section, detail.section, numbers.section, given.extra),
    "sensitivity": (given.section,),
    "attribution": (given.section,),
}
"""What a kind of result says for itself, by kind."""
CLOSING: tuple[Part, ...] = (closing.caveats, closing.guards, closing.method, closing.reproduce)
"""What every brief ends with."""
ANNEX: tuple[Callable[[Source, str], list[Block]], ...] = (setting.annex, closing.annex, numbers.annex, closing.files)
"""What only some readers look up."""


def assemble(source: Source, lang: str, beside: Sequence[Source] = ()) -> Brief:
    """The brief of a result in one language.

    Args:
        source: The result.
        lang: "zh" or "en".
        beside: Further results whose sections stand between its own and the closing ones.

    Raises:
        BriefError: If no brief of a result of its kind can be made.
    """
    for one in (source, *beside):
        if one.kind not in OPENING:
            raise BriefError("unknown_kind", file=one.folder.name, found=one.kind, allowed=listed(OPENING))
    sections = [s for part in OPENING[source.kind] for s in part(source, lang)]
    for k, other in enumerate(beside):
        sections += [
            Section(
                f"{s.id}-{k + 2}",
                s.title if other.kind in given.NAMED else f"{_title(other, lang)} · {s.title}",
                s.blocks,
            )
            for part in OPENING[other.kind]
            for s in part(other, lang)
        ]
    sections += [s for part in CLOSING for s in part(source, lang)]
    annex = tuple(block for part in ANNEX for block in part(source, lang))
    if annex:
        sections.append(Section("annex", tell("annex", lang), annex))
    return Brief(lang, _title(source, lang), _question(source, lang), _facts(source.study, lang), sections)


def _title(source: Source, lang: str) -> str:
    title = source.spec.get("title")
    if isinstance(title, Mapping):
        return str(title[lang])
    return str(title or given.page_title(source, lang) or source.folder.name)


def _question(source: Source, lang: str) -> str:
    """What the study asks in its own words, after the question that every comparison answers."""
    own = source.context.get("question")
    general = tell("question", lang) if source.study is not None else ""
    joiner = "" if lang == "zh" else " "
    return f"{general}{joiner}{own[lang]}".strip() if own else general


def _facts(study: Study | None, lang: str) -> list[tuple[str, str]]:
    """The figures at the head of the page."""
    if study is None:
        return []
    worlds = list(dict.fromkeys(g.resolved.world for g in study.groups))
    place = study.world_name(worlds[0], lang) if len(worlds) == 1 else tell("worlds_many", lang, n=len(worlds))
    years = sorted({year for g in study.groups for year in g.years})
    changed = len({k for g in study.groups for k in g.resolved.overridden if k in g.resolved.behaviour})
    mode = tell(f"behaviour_{study.behaviour}", lang)
    mode += tell("behaviour_changed", lang, n=changed) if changed else ""
    return [
        (tell("fact_world", lang), place),
        (tell("fact_years", lang), f"{years[0]}–{years[-1]}"),
        (tell("fact_scenarios", lang), str(len(study.groups))),
        (tell("fact_replicates", lang), tell("times", lang, n=study.replicates)),
        (tell("fact_behaviour", lang), mode),
    ]
