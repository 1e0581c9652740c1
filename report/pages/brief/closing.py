"""The last part: caveats, checks, method, and how to get the same result again."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.plan.behaviour import MODES, PER_DRAW
from report.figures.captions import behaviour_line, behaviour_said
from report.pages.brief.content import Block, Bullets, Cell, Code, Fold, Grid, Heading, Paragraph, Section
from report.pages.brief.lead import tally
from report.pages.brief.setting import keys_text
from report.pages.brief.words import ended, heads, tell
from report.text.checks import sentence
from report.text.quantity import number

if TYPE_CHECKING:
    from experiments.analysis.study import Study
    from report.pages.brief.source import Source

WORD_OF = {"ok": "ok", "note": "note", "alarm": "alarm", "not checked": "unchecked"}


def caveats(source: Source, lang: str) -> list[Section]:
    """What a reader must know before using a number."""
    said, drawn = _behaviour(source, lang)
    items = [("caveat_behaviour", {"mode": said + _gap(lang)})] if said else []
    items += [(f"caveat_{name}", {}) for name in ("interval", "transplant", "figures", "missing")]
    texts = {"caveat_interval": "caveat_interval_drawn_text"} if drawn else {}
    told = tuple((tell(name, lang), tell(texts.get(name, f"{name}_text"), lang, **values)) for name, values in items)
    return [Section("caveats", tell("caveats", lang), (Bullets(told),))]


def _behaviour(source: Source, lang: str) -> tuple[str, bool]:
    """Where the behaviour comes from, "" where the result does not say, and whether intervals hold not knowing it."""
    if source.study is not None:
        return behaviour_line(source.study, lang), source.study.behaviour != "central"
    told = source.spec.get("behaviour")
    mode = told.get("mode") if isinstance(told, dict) else None
    replicates = source.spec.get("replicates")
    if mode not in MODES or not isinstance(replicates, int):
        return "", False
    return behaviour_said(mode, -(-replicates // PER_DRAW), lang), mode != "central"


def _gap(lang: str) -> str:
    return "" if lang == "zh" else " "


def annex(source: Source, lang: str) -> list[Block]:
    """What each regime leaves unstated and which of its values are assumed."""
    study, context = source.study, source.context
    if study is None:
        return []
    titles, folds = context.get("levers", {}), list[Block]()
    for name in dict.fromkeys(g.resolved.regime for g in study.groups):
        record = context.get("regimes", {}).get(name)
        if not record or not (record["unstated"] or record["assumed"]):
            continue
        unstated = tuple(("", ended(text[lang], lang)) for text in record["unstated"])
        assumed = [str(titles[key][lang]) if key in titles else key for key in record["assumed"]]
        inside: list[Block] = [Paragraph(tell("unstated", lang)), Bullets(unstated)] if unstated else []
        if assumed:
            inside.append(Paragraph(tell("assumed", lang, names=ended(keys_text(assumed, lang, most=60), lang))))
        title = tell(
            "unstated_of", lang, name=record["title"][lang], n=len(record["unstated"]), m=len(record["assumed"])
        )
        folds.append(Fold(title, tuple(inside)))
    return [Heading(tell("gaps", lang)), Paragraph(tell("unstated_note", lang)), *folds] if folds else []


def guards(source: Source, lang: str) -> list[Section]:
    """What the checks of the model found; alarms first."""
    found = source.context.get("guards", [])
    if not found:
        return [Section("checks", tell("guards", lang), (Paragraph(tell("guards_none", lang)),))]
    counts = {word: sum(f["status"] == status for f in found) for status, word in WORD_OF.items()}
    order = ["alarm", "note", "not checked", "ok"]
    items = [
        (tell(f"status_{WORD_OF[f['status']]}", lang), _guard(f, source, lang))
        for f in sorted(found, key=lambda f: order.index(f["status"]))
    ]
    intro = Paragraph(tell("guards_intro", lang, **counts))
    loud = [item for item, f in zip(items, sorted(found, key=lambda f: order.index(f["status"])), strict=True)
            if f["status"] == "alarm"]  # fmt: skip
    if len(items) > 12:
        folded: list[Block] = [Fold(tell("guards", lang), (Bullets(tuple(items)),))]
        return [Section("checks", tell("guards", lang), (intro, *([Bullets(tuple(loud))] if loud else []), *folded))]
    return [Section("checks", tell("guards", lang), (intro, Bullets(tuple(items))))]


def _guard(finding: Mapping[str, Any], source: Source, lang: str) -> str:
    titles = {g.id: str(g.title[lang]) for g in source.study.groups} if source.study else {}
    where = titles.get(finding["scenario"], finding["scenario"])
    colon = "：" if lang == "zh" else ": "
    return (f"{where}{colon}" if where else "") + sentence(finding, source.study, lang)


def method(source: Source, lang: str) -> list[Section]:
    """The method in short."""
    study = source.study
    texts = [tell("method_model", lang)]
    if study is not None and study.pairs():
        texts.append(tell("method_pairs", lang, gain=_pairing(study, lang)).strip())
        texts.append(tell("method_interval", lang, m=tally(study)[0]))
    return [Section("method", tell("method", lang), tuple(Paragraph(text) for text in texts))]


def _pairing(study: Study, lang: str) -> str:
    found = [study.contrasts[g.id][n] for g, _ in study.pairs() for n in study.family_ids]
    kept = [1.0 / c.variance_reduction for c in found if 0.0 < c.variance_reduction < float("inf")]
    more = [c.replicates_to_halve for c in found if c.replicates_to_halve]
    if not kept or not more:
        return ""
    share = number(statistics.median(kept), "ratio", lang) + "%"
    return tell("pairing", lang, share=share, more=int(statistics.median(more)))


def reproduce(source: Source, lang: str) -> list[Section]:
    """The command, versions, fingerprints, and the hashes of every file."""
    spec = source.spec
    blocks: list[Block] = []
    if source.changed:
        blocks.append(Paragraph(tell("changed", lang, names=keys_text(source.changed, lang)), lead=True))
    if not source.manifest:
        blocks.append(Paragraph(tell("interrupted", lang), lead=True))
    if spec.get("command"):
        blocks += [Paragraph(tell("reproduce_text", lang)), Code(str(spec["command"]))]
    blocks.append(Grid(tell("marks_caption", lang), heads("marks_head", lang), _marks(source, lang), words=True))
    return [Section("reproduce", tell("reproduce", lang), tuple(blocks))]


def files(source: Source, lang: str) -> list[Block]:
    """Every file of the result with its hash."""
    found = source.files
    if not found:
        return []
    rows = [[Cell(name), Cell(f"{one['bytes']:,}"), Cell(one["sha256"])] for name, one in found.items()]
    grid = Grid(tell("files_caption", lang), heads("files_head", lang), rows, words=True)
    return [Heading(tell("files", lang)), Fold(tell("files_title", lang, n=len(found)), (grid,))]


def _marks(source: Source, lang: str) -> list[list[Cell]]:
    spec = source.spec
    versions = dict(spec.get("versions", {}))
    sources = versions.pop("model_sources", "")
    named = ", ".join(f"{name} {value}" for name, value in versions.items())
    rows = [
        (tell("mark_study", lang), spec.get("fingerprint", "")),
        *((str(one["title"][lang]), one["fingerprint"]) for one in spec.get("scenarios", [])),
        (tell("mark_draws", lang), spec.get("draw_scheme", "")),
        (tell("mark_root", lang), spec.get("root", "")),
        (tell("mark_sources", lang), sources),
        (tell("mark_files", lang), source.digest),
        ("Python, xiaozhen …", named),
    ]
    counties = spec.get("counties")
    if counties:
        rows.append((tell("mark_counties", lang, file=counties["file"]), counties["sha256"]))
    return [[Cell(str(name)), Cell(str(value))] for name, value in rows if value not in ("", None)]
