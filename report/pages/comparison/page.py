"""The page of a comparison: one set of blocks from a result, of which brief, summary and terminal show all or parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from experiments.analysis.opened import Result
from experiments.analysis.study import Study
from report.blocks import Block, Joined, Page, Paragraph, Section, Text, message, title
from report.figures.across import is_across
from report.pages.comparison import closing, compared, detail, doubt, lead, numbers, pictures, sweep
from report.text.studies import place, years

Part = Callable[[Result], list[Section]]
"""Makes sections of a result; none where it has nothing to say."""
OPENING: tuple[Part, ...] = (
    lead.section, sweep.section, compared.section, detail.section, doubt.section, pictures.section, numbers.section,
)  # fmt: skip
CLOSING: tuple[Part, ...] = (closing.caveats, closing.guards, closing.method, closing.reproduce)
ANNEX: tuple[Part, ...] = (compared.sources, compared.gaps, numbers.glossary, closing.files)
"""What only some readers look up."""
SUMMARY = ("short", "compared", "numbers", "doubt", "caveats", "gaps", "checks", "figures", "reproduce")
"""Sections of the summary in Markdown; with many regimes the findings at home as well."""


def page(result: Result, beside: tuple[Section, ...] = ()) -> Page:
    """The whole page.

    Args:
        result: An opened result.
        beside: Sections of other results, which stand between its own and the closing ones.
    """
    closing_parts = [section for part in CLOSING for section in part(result)]
    annex = [section for part in ANNEX for section in part(result)]
    blocks: list[Block] = [section for part in OPENING for section in part(result)]
    blocks += [*beside, *closing_parts]
    if annex:
        blocks.append(Section(message("comparison.annex"), annex, "annex"))
    return Page(name(result), blocks, _question(result), _facts(result.study), message("comparison.kicker"))


def summary(result: Result) -> Page:
    """The part of it that a result keeps as Markdown."""
    whole = page(result)
    if result.study is None or not is_across(result.study):
        return whole.only(*SUMMARY)
    parts = whole.only("short", "findings", *SUMMARY[1:])
    return Page(message("comparison.findings_title", title=parts.title), parts.blocks, parts.question, parts.facts)


def screen(study: Study, context: Mapping[str, Any]) -> list[Block]:
    """The part of it that a terminal shows: the main tables, and what was filled or set by hand."""
    return [*numbers.main(study), *(Paragraph(text) for text in compared.changes(study, context))]


def name(result: Result) -> Text:
    """Title of a result."""
    words = result.spec.get("title")
    return title(words) if isinstance(words, Mapping) else str(words or result.folder.name)


def _question(result: Result) -> Text:
    """What the study asks in its own words, after the question that every comparison answers."""
    own = result.context.get("question")
    general = [message("comparison.question")] if result.study is not None else []
    return Joined([*general, *([title(own)] if own else [])], "space")


def _facts(study: Study | None) -> list[tuple[Text, Text]]:
    """The figures at the head of the page."""
    if study is None:
        return []
    first, last = years(study)
    changed = len({k for g in study.groups for k in g.resolved.overridden if k in g.resolved.behaviour})
    mode: list[Text] = [message(f"comparison.behaviour_{study.behaviour}")]
    mode += [message("comparison.behaviour_changed", n=changed)] if changed else []
    return [
        (message("comparison.fact_world"), place(study)),
        (message("comparison.fact_years"), f"{first}–{last}"),
        (message("comparison.fact_scenarios"), str(len(study.groups))),
        (message("comparison.fact_replicates"), message("comparison.times", n=study.replicates)),
        (message("comparison.fact_behaviour"), Joined(mode, "none")),
    ]
