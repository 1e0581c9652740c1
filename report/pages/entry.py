"""What a name of the scenario files or of the outcomes means, on a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from report.blocks import Block, Grid, Joined, Message, Paragraph, Text, Title, message, title
from report.text.catalogue import has
from report.text.outcomes import unit_name
from sim.parameters import Library

HIDDEN = frozenset({"kind", "kind_title", "id", "title", "also", "inert_title", "instrument", "digest"})
SETTING_COLUMNS = ("regime", "lever", "value", "from", "to", "clause", "note")
CODES: Mapping[str, Mapping[Any, str]] = {
    "better": {1: "output.more_is_better", -1: "output.less_is_better", 0: "output.neither"},
    "yearly_or_summary": {"summary": "output.whole_run", "yearly": "output.each_year"},
}
"""Fields whose values are codes -> message id by code."""


def listing(kind: Mapping[str, str], entries: Mapping[str, Mapping[str, str]]) -> list[Block]:
    """Every name of a kind with its title."""
    rows = [[name, Title(words) if words else ""] for name, words in entries.items()]
    head = (message("output.col_id"), message("output.col_title"))
    return [Grid(head, rows, message("output.counted", title=Title(kind), n=len(rows)), words=True)]


def screen(found: Mapping[str, Any], library: Library) -> list[Block]:
    """An explanation of :func:`xiaozhen.api.names.show`."""
    head: Text = Joined((Title(found["kind_title"]), " ", found["id"]), "none")
    if found.get("title"):
        head = message("language.told", name=head, what=_said(found["title"]))
    rows: list[tuple[Text, Text]] = []
    tables: list[Block] = []
    for key, value in found.items():
        if key in HIDDEN or value in (None, "", [], {}):
            continue
        if isinstance(value, list) and isinstance(value[0], dict) and "lever_title" in value[0]:
            tables.append(_settings(label(key), value))
        else:
            rows += _rows(key, value, library)
    blocks: list[Block] = [Paragraph(head), *([Grid((), rows, words=True)] if rows else []), *tables]
    if found.get("also"):
        blocks.append(Paragraph(message("output.also", names=", ".join(found["also"]))))
    return blocks


def label(key: str) -> Text:
    """How a field is labelled; one without a label is told by its name."""
    return Message(name) if has(name := f"label.{key}") else key.replace("_", " ")


def _rows(key: str, value: Any, library: Library) -> Iterator[tuple[Text, Text]]:
    """Rows of one field: the label once, then one row for each entry of a list."""
    if key in CODES:
        texts: list[Text] = [Message(CODES[key][value])]
    elif key == "unit" and isinstance(value, str):
        texts = [unit_name(value, library)]
    else:
        texts = [cell(one) for one in value] if isinstance(value, list) else [cell(value)]
    for i, text in enumerate(texts):
        yield (label(key) if i == 0 else "", text)


def cell(value: Any) -> Text:
    """A value as one piece of text."""
    if value is None:
        return message("output.undefined")
    if isinstance(value, bool):
        return message("output.yes" if value else "output.no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return _listed([cell(one) for one in value])
    return _mapping(value) if isinstance(value, dict) else str(value)


def _listed(texts: list[Text]) -> Text:
    parts = [part for text in texts for part in (", ", text)]
    return Joined(parts[1:], "none")


def _said(words: Any) -> Text:
    return title(words) if isinstance(words, Mapping) else str(words)


def _mapping(value: dict[str, Any]) -> Text:
    if {"zh", "en"} <= set(value):
        return Title(value)
    if set(value) == {"file", "line"}:
        return f"{value['file']}:{value['line']}" if value["line"] else str(value["file"])
    if "line" in value:
        return _said(value["line"])
    if "symbol" in value:
        return _unit(value)
    if "id" in value:
        words = value.get("title") or value.get("text") or value.get("question")
        name: list[Text] = [str(value["id"]), "  ", _said(words)] if words else [str(value["id"])]
        return Joined([*name, *_realised(value)], "none")
    return _listed([Joined((f"{k} ", cell(v)), "none") for k, v in value.items()])


def _realised(value: dict[str, Any]) -> list[Text]:
    """What an alternative of a reading means in lever values, or how a reading stands in a regime; else nothing."""
    if value.get("unrun"):
        return ["\n  ", message("help.reading_unrun", why=_said(value["unrun"]))]
    if value.get("as_stated"):
        return ["\n  ", message("help.reading_stated")]
    if value.get("set"):
        shown = {key: str(v).lower() if isinstance(v, bool) else cell(v) for key, v in value["set"].items()}
        return [part for key, text in shown.items() for part in (f"\n  {key} = ", text)]
    if "taken" in value:
        taken: Text = ", ".join(value["taken"]) or message("output.undefined")
        return ["\n  ", message("help.reading_stands", taken=taken, others=", ".join(value["others"]))]
    return []


def _unit(unit: Mapping[str, Any]) -> Text:
    """A unit after a number: its symbol in Chinese, its name in English where the symbol is Chinese."""
    told = {}
    for lang, name in unit["title"].items():
        symbol = unit["symbol"].get(lang, "")
        told[lang] = symbol if symbol and (symbol.isascii() or not name.isascii()) else name
    return Title(told)


def _settings(caption: Text, values: list[dict[str, Any]]) -> Grid:
    rows = [_setting(one) for one in values]
    kept = [column for column in SETTING_COLUMNS if any(row[column] for row in rows)]
    if len({str(row["regime"]) for row in rows}) == 1 and "lever" in kept and len(rows) > 1:
        kept.remove("regime")
    return Grid([label(c) for c in kept], [[row[c] for c in kept] for row in rows], caption, words=True)


def _setting(setting: dict[str, Any]) -> dict[str, Text]:
    unit = setting.get("unit")
    value = Title(setting["value_title"]) if setting.get("value_title") else cell(setting["value"])
    return {
        "regime": setting["regime"],
        "lever": Joined((f"{setting['lever']}\n", Title(setting["lever_title"])), "none"),
        "value": Joined((value, *((" ", _unit(unit)) if unit and unit["symbol"]["zh"] else ())), "none"),
        "from": setting["from"],
        "to": setting["from"] if setting["one_quarter_only"] else setting["to"] or "",
        "clause": "\n".join(one["id"] for one in setting["clause"]),
        "note": Title(setting["note"]) if setting.get("note") else "",
    }
