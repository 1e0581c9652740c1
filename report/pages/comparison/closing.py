"""The last part: caveats, checks, method, and how to get the same result again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.analysis.claims import pairing, tally
from experiments.analysis.opened import Result
from experiments.analysis.study import Study
from experiments.plan.behaviour import MODES, PER_DRAW
from report.blocks import (
    Block,
    Code,
    Fold,
    Grid,
    Item,
    Paragraph,
    Points,
    Quantity,
    Section,
    Text,
    heads,
    message,
    title,
)
from report.figures.across import is_across
from report.pages.comparison.compared import names_text
from report.text.checks import said
from report.text.studies import behaviour_of, behaviour_said

WORD_OF = {"alarm": "alarm", "note": "note", "not checked": "unchecked", "ok": "ok"}
"""Statuses of the checks, the gravest first, and the end of their message ids."""
MOST_CHECKS = 12
"""Checks written out; of more, only the alarms are at once."""


def caveats(result: Result) -> list[Section]:
    """What a reader must know before using a number."""
    behaviour, drawn = _behaviour(result)
    names = ["interval_drawn" if drawn else "interval", "transplant", "figures", "missing", "ranking"]
    if result.study is not None and is_across(result.study):
        names += ["readings", "sizes"]
    items = [Item(message(f"comparison.caveat_{name}_text"), message(f"comparison.caveat_{name}")) for name in names]
    if behaviour:
        told = message("comparison.caveat_behaviour_text", mode=behaviour)
        items.insert(0, Item(told, message("comparison.caveat_behaviour")))
    return [Section(message("comparison.caveats"), (Points(items),), "caveats")]


def _behaviour(result: Result) -> tuple[Text, bool]:
    """Where the behaviour comes from, "" where the result does not say, and whether intervals hold not knowing it."""
    if result.study is not None:
        return behaviour_of(result.study), result.study.behaviour != "central"
    told, replicates = result.spec.get("behaviour"), result.spec.get("replicates")
    mode = told.get("mode") if isinstance(told, dict) else None
    if not isinstance(told, dict) or mode not in MODES or not isinstance(replicates, int):
        return "", False
    return behaviour_said(
        mode, -(-replicates // PER_DRAW), 0, told.get("at_prior", ()), told.get("earlier", "")
    ), mode != "central"


def guards(result: Result) -> list[Section]:
    """What the checks of the model found; alarms first."""
    found, heading = result.context.get("guards", []), message("comparison.guards")
    if not found:
        return [Section(heading, (Paragraph(message("comparison.guards_none")),), "checks")]
    order = list(WORD_OF)
    ranked = sorted(found, key=lambda f: order.index(f["status"]))
    items = [Item(_guard(f, result.study), message(f"comparison.status_{WORD_OF[f['status']]}")) for f in ranked]
    counts = {word: sum(f["status"] == status for f in found) for status, word in WORD_OF.items()}
    intro = Paragraph(message("comparison.guards_intro", **counts))
    blocks: list[Block] = [Points(items)]
    if len(items) > MOST_CHECKS:
        blocks = [Points(items[: counts["alarm"]])] if counts["alarm"] else []
        blocks.append(Fold(heading, (Points(items),)))
    return [Section(heading, (intro, *blocks), "checks")]


def _guard(finding: Mapping[str, Any], study: Study | None) -> Text:
    groups = {g.id: title(g.title) for g in study.groups} if study else {}
    where, what = groups.get(finding["scenario"], finding["scenario"]), said(finding, study)
    return message("language.told", name=where, what=what) if where else what


def method(result: Result) -> list[Section]:
    """The method in short."""
    study, texts = result.study, [message("comparison.method_model")]
    if study is not None and study.pairs():
        texts.append(message("comparison.method_pairs", gain=_pairing(study)))
        texts.append(message("comparison.method_interval", m=tally(study).all))
    return [Section(message("comparison.method"), [Paragraph(text) for text in texts], "method")]


def _pairing(study: Study) -> Text:
    gain = pairing(study)
    return message("comparison.pairing", share=Quantity(gain[0], "ratio"), more=gain[1]) if gain else ""


def reproduce(result: Result) -> list[Section]:
    """The command, versions, fingerprints, and the hashes of every file."""
    blocks: list[Block] = []
    if result.changed:
        blocks.append(Paragraph(message("comparison.changed", names=names_text(result.changed)), "lead"))
    if not result.whole:
        blocks.append(Paragraph(message("comparison.interrupted"), "lead"))
    if result.spec.get("command"):
        blocks += [Paragraph(message("comparison.reproduce_text")), Code(str(result.spec["command"]))]
    marks = Grid(heads("comparison.marks_head", 2), _marks(result), message("comparison.marks_caption"), words=True)
    return [Section(message("comparison.reproduce"), (*blocks, marks), "reproduce")]


def _marks(result: Result) -> list[list[Text]]:
    spec = result.spec
    versions = dict(spec.get("versions", {}))
    sources = versions.pop("model_sources", "")
    rows: list[tuple[Text, Any]] = [
        (message("comparison.mark_study"), spec.get("fingerprint", "")),
        *((title(one["title"]), one["fingerprint"]) for one in spec.get("scenarios", [])),
        (message("comparison.mark_draws"), spec.get("draw_scheme", "")),
        (message("comparison.mark_root"), spec.get("root", "")),
        (message("comparison.mark_sources"), sources),
        (message("comparison.mark_files"), result.digest),
        ("Python, xiaozhen …", ", ".join(f"{name} {value}" for name, value in versions.items())),
    ]
    if counties := spec.get("counties"):
        rows.append((message("comparison.mark_counties", file=counties["file"]), counties["sha256"]))
    return [[name, str(value)] for name, value in rows if value not in ("", None)]


def files(result: Result) -> list[Section]:
    """Every file of the result with its hash."""
    found = result.files
    if not found:
        return []
    rows = [[name, f"{one['bytes']:,}", one["sha256"]] for name, one in found.items()]
    grid = Grid(heads("comparison.files_head", 3), rows, message("comparison.files_caption"), words=True)
    fold = Fold(message("comparison.files_title", n=len(found)), (grid,))
    return [Section(message("comparison.files"), (fold,))]
