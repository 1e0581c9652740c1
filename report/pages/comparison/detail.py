"""Findings scenario by scenario: what changed, what is suggestive, and what cannot be told."""

from __future__ import annotations

from experiments.analysis.claims import Claim, Standing, claim
from experiments.analysis.opened import Result
from experiments.analysis.study import Study
from report.blocks import Block, Item, Joined, Paragraph, Points, Section, Sentence, Verdict, message, title
from report.figures import across
from report.pages.comparison.claims import sentence
from report.pages.comparison.lead import told
from report.text.studies import outcome_title

TIERS: tuple[tuple[str, Standing], ...] = (
    ("stand", "stands"),
    ("depends", "depends"),
    ("suggestive", "open"),
    ("untold", "untold"),
)
"""Headings of the findings and what stands under each, surest first."""


def section(result: Result) -> list[Section]:
    """The section, none where nothing is compared."""
    study = result.study
    if study is None or not study.pairs() or study.independent < 2:
        return []
    blocks = _many(study) if across.is_across(study) else _few(study)
    return [Section(message("comparison.findings"), blocks, "findings")] if blocks else []


def _many(study: Study) -> list[Block]:
    """Regimes in their own worlds, which the first screen leaves out."""
    home = [row.home for row in across.rows(study) if row.home is not None]
    return [Section(message("comparison.home_world"), (Points(told(study, home)),))] if home else []


def _few(study: Study) -> list[Block]:
    found: list[Block] = []
    for group, base in study.pairs():
        claims = [claim(study, group, name) for name in study.family_ids]
        heading = message("comparison.findings_of", name=title(group.title), base=title(base.title))
        blocks: list[Block] = []
        for word, tier in TIERS:
            items = [_item(study, c) for c in claims if c.tier == tier]
            if items or word == "stand":
                note = message("comparison.untold_note") if word == "untold" else ""
                nothing = [Item(message("comparison.nothing"))]
                blocks.append(Points(items or nothing, message(f"comparison.{word}"), note))
        lost = [outcome_title(study, c.outcome) for c in claims if c.standing == "undefined"]
        if lost:
            said = message("comparison.undefined_note", base=title(base.title), names=Joined(lost, "and"))
            blocks.append(Paragraph(said))
        found.append(Section(heading, blocks))
    return found


def _item(study: Study, one: Claim) -> Item:
    verdict: Verdict = "open" if one.standing == "untold" else "up" if one.value > 0.0 else "down"
    return Item(Sentence(sentence(study, one)), outcome_title(study, one.outcome), verdict)
