"""``xiaozhen show``: what a name means, where it comes from, and what depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from xiaozhen.cli_base import Command, argument, chosen, common
from xiaozhen.cli_output import line, print_json, table
from xiaozhen.text import CommandError, say

LABELS: dict[str, tuple[str, str]] = {
    "what": ("说明", "what"), "summary": ("概要", "summary"), "authority": ("制定者", "authority"),
    "level": ("层级", "level"), "announced": ("公布", "announced"), "effective": ("生效", "effective"),
    "extends": ("沿用", "extends"), "unstated": ("未规定", "unstated"), "source": ("来源", "source"),
    "instrument": ("政策工具", "instrument"), "instrument_title": ("政策工具", "instrument"), "type": ("类型", "type"),
    "unit": ("单位", "unit"), "min": ("下限", "lower bound"), "max": ("上限", "upper bound"),
    "inert": ("不起作用的值", "inert value"), "choices": ("选项", "choices"), "evidence": ("依据", "evidence"),
    "reading": ("解读", "reading"), "question": ("问题", "question"), "alternatives": ("各种解读", "alternatives"),
    "default": ("默认", "default"), "reason": ("理由", "reason"), "levers": ("政策参数", "levers"),
    "set_by": ("由谁设定", "set by"), "text": ("内容", "text"), "status": ("性质", "status"),
    "numbers": ("数字", "numbers"), "timing": ("时间", "timing"), "value": ("数值", "value"),
    "region": ("地区", "region"), "period": ("时期", "period"), "reliability": ("可靠程度", "reliability"),
    "central": ("中心值", "central value"), "low": ("低", "low"), "high": ("高", "high"),
    "distribution": ("分布", "distribution"), "params": ("分布参数", "parameters"), "where": ("所在文件", "file"),
    "regimes": ("政策体系", "regimes"), "uncertainties": ("不确定参数", "uncertainties"), "constants": ("常量", "constants"),
    "readings": ("解读", "readings"), "acts": ("在模型中起作用", "acts in the model"), "values": ("设定的值", "values"),
    "inherited": ("沿用的值", "inherited values"), "chain": ("沿用次序", "chain"), "studies": ("研究", "studies"),
    "scenarios": ("情景", "scenarios"), "replicates": ("重复次数", "replicates"), "clauses": ("条款", "clauses"),
    "definition": ("定义", "definition"), "population": ("范围", "population"), "window": ("时段", "window"),
    "better": ("越大越好", "better when larger"), "yearly_or_summary": ("每年或全期", "yearly or whole run"),
    "bounds": ("作为界限", "bound of"), "extended_by": ("被沿用", "extended by"), "start": ("开始", "start"),
    "holds": ("内容", "holds"), "symbol": ("符号", "symbol"), "clause": ("条款", "clause"), "lever": ("政策参数", "lever"),
    "from": ("起", "from"), "to": ("止", "to"), "note": ("说明", "note"), "regime": ("政策体系", "regime"),
    "quarters": ("季度数", "quarters"), "set": ("改动", "set"), "behaviour": ("行为参数", "behaviour"), "id": ("名称", "name"),
    "title": ("标题", "title"), "world": ("区域", "world"), "one_quarter_only": ("只在该季度", "one quarter only"),
    "digest": ("校验值", "digest"),
}  # fmt: skip
"""Field of an explanation -> how it is labelled."""
HIDDEN = frozenset({"kind", "kind_title", "id", "title", "also", "inert_title", "instrument", "digest"})
SETTING_COLUMNS = ("regime", "lever", "value", "from", "to", "clause", "note")
Pair = tuple[str, str]


@click.command(cls=Command, help="show", epilog="show_more")
@argument("words", nargs=-1, metavar="[KIND] NAME")
@common
def show(words: tuple[str, ...], as_json: bool, lang: str | None) -> None:
    """Explain a name, or list every name of a kind."""
    from xiaozhen.api import load
    from xiaozhen.names import explain, kind_of, kinds

    told = chosen(lang)
    if not words:
        raise CommandError("no_argument", name="NAME", allowed=[k + "s" for k in kinds()], command="xiaozhen show")
    if len(words) > 2:
        raise CommandError("extra_argument", found=words[2], command="xiaozhen show")
    library = load()
    listing = kind_of(words[0]) if len(words) == 1 else None
    if listing:
        _list(library, listing, as_json, told)
        return
    found = explain(library, words[-1], words[0] if len(words) == 2 else None)
    if as_json:
        print_json(found)
    else:
        _print(found, told)


def _list(library: Any, kind: str, as_json: bool, lang: str) -> None:
    """Print every name of a kind with its title."""
    from xiaozhen.names import kind_title, records, title

    entries = {name: title(record) for name, record in records(library, kind).items()}
    if as_json:
        print_json([{"id": name, "kind": kind, "title": both} for name, both in entries.items()])
        return
    rows = [(name, both[lang]) for name, both in entries.items()]
    table(f"{kind_title(kind)[lang]}（{len(rows)}）", (say("col_id", lang), say("col_title", lang)), rows)


def _print(found: dict[str, Any], lang: str) -> None:
    head = f"{found['kind_title'][lang]} {found['id']}"
    line(head + _colon(lang) + found["title"][lang] if found.get("title") else head)
    rows: list[Pair] = []
    sections: list[tuple[str, list[dict[str, Any]]]] = []
    for key, value in found.items():
        if key in HIDDEN or value in (None, "", [], {}):
            continue
        if _is_settings(value):
            sections.append((key, value))
        else:
            rows.extend(_rows(key, value, lang))
    table("", ("", ""), rows)
    for key, value in sections:
        _settings(label(key, lang), value, lang)
    if found.get("also"):
        line(say("also", lang, names=", ".join(found["also"])))


def _colon(lang: str) -> str:
    return "：" if lang == "zh" else ": "


def label(key: str, lang: str) -> str:
    """How a field is labelled."""
    pair = LABELS.get(key)
    return key.replace("_", " ") if pair is None else pair[0 if lang == "zh" else 1]


def _is_settings(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "lever_title" in value[0]


def _rows(key: str, value: Any, lang: str) -> Iterator[Pair]:
    """Rows of one field: the label once, then one row for each entry of a list."""
    texts = [cell(v, lang) for v in value] if isinstance(value, list) else [cell(value, lang)]
    for i, text in enumerate(texts):
        yield (label(key, lang) if i == 0 else "", text)


def cell(value: Any, lang: str) -> str:
    """A value as one piece of text."""
    if value is None:
        return say("undefined", lang)
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(cell(v, lang) for v in value)
    if isinstance(value, dict):
        return _mapping(value, lang)
    return str(value)


def _mapping(value: dict[str, Any], lang: str) -> str:
    if set(value) == {"zh", "en"}:
        return str(value[lang])
    if set(value) == {"file", "line"}:
        return f"{value['file']}:{value['line']}" if value["line"] else str(value["file"])
    if "id" in value:
        words = value.get("title") or value.get("text") or value.get("question")
        return f"{value['id']}  {words[lang]}" if words else str(value["id"])
    return ", ".join(f"{k} {cell(v, lang)}" for k, v in value.items())


def _settings(title: str, settings: list[dict[str, Any]], lang: str) -> None:
    """Print values of levers with their dates and clauses; columns that say nothing are left out."""
    rows = [_setting(s, lang) for s in settings]
    kept = [c for c in SETTING_COLUMNS if any(row[c] for row in rows)]
    if len({row["regime"] for row in rows}) == 1 and "lever" in kept and len(rows) > 1:
        kept.remove("regime")
    table(title, [label(c, lang) for c in kept], [[row[c] for c in kept] for row in rows])


def _setting(setting: dict[str, Any], lang: str) -> dict[str, str]:
    unit = (setting.get("unit") or {}).get("symbol") or {"zh": "", "en": ""}
    value = setting["value_title"][lang] if setting.get("value_title") else cell(setting["value"], lang)
    last = setting["from"] if setting["one_quarter_only"] else setting["to"] or ""
    return {
        "regime": setting["regime"],
        "lever": f"{setting['lever']}\n{setting['lever_title'][lang]}",
        "value": f"{value} {unit[lang]}".strip(),
        "from": setting["from"],
        "to": last,
        "clause": "\n".join(s["id"] for s in setting["clause"]),
        "note": (setting.get("note") or {}).get(lang, ""),
    }
