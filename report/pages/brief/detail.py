"""Findings scenario by scenario: what changed, what is suggestive, and what cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.figures import across
from report.pages.brief.claims import Claim, Standing, claim, sentence
from report.pages.brief.content import Block, Bullets, Heading, Paragraph, Point, Said, Section, Verdict
from report.pages.brief.lead import told
from report.pages.brief.words import ended, tell
from report.text.language import joined

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns, Study
    from report.pages.brief.source import Source


STANDINGS: tuple[tuple[str, tuple[Standing, ...]], ...] = (
    ("stand", ("stands", "fixed")),
    ("depends", ("depends",)),
    ("suggestive", ("open",)),
    ("untold", ("untold",)),
)
"""Headings of the findings and what stands under each, surest first."""


def section(source: Source, lang: str) -> list[Section]:
    """The section, empty where nothing is compared."""
    study = source.study
    if study is None or not study.pairs():
        return []
    blocks = _many(study, lang) if across.is_across(study) else _few(study, lang)
    return [Section("findings", tell("findings", lang), tuple(blocks))] if blocks else []


def _many(study: Study, lang: str) -> list[Block]:
    """Regimes in their own worlds, which the first screen leaves out."""
    home = [row.home for row in across.rows(study) if row.home is not None]
    return [Heading(tell("home_world", lang)), Bullets(tuple(told(study, home, lang)))] if home else []


def _few(study: Study, lang: str) -> list[Block]:
    blocks: list[Block] = []
    for group, base in study.pairs():
        claims = [claim(study, group, name) for name in study.main_ids]
        title = tell("findings_of", lang, name=group.title[lang], base=base.title[lang])
        blocks.append(Heading(title))
        for word, standing in STANDINGS:
            some = [c for c in claims if c.standing in standing]
            if some or word == "stand":
                note = tell("untold_note", lang) if word == "untold" else ""
                blocks.append(
                    Point(tell(word, lang), tuple(_said(study, c, lang) for c in some) or _nothing(lang), note)
                )
        lost = _undefined(study, group, claims, lang)
        if lost:
            blocks.append(Paragraph(lost))
    return blocks


def _nothing(lang: str) -> tuple[Said, ...]:
    return (Said("", tell("nothing", lang)),)


def _said(study: Study, one: Claim, lang: str) -> Said:
    outcome = study.definition("summary", one.outcome)
    verdict: Verdict = "open" if one.standing == "untold" else "up" if one.value > 0.0 else "down"
    return Said(str(outcome.title[lang]), ended(sentence(study, one, lang), lang), verdict)


def _undefined(study: Study, group: ScenarioRuns, claims: list[Claim], lang: str) -> str:
    names = [str(study.definition("summary", c.outcome).title[lang]) for c in claims if c.standing == "undefined"]
    base = study.group(study.baseline_of[group.id]).title[lang]
    return tell("undefined_note", lang, base=base, names=joined(names, lang)) if names else ""
