"""``xiaozhen show``: what a name means, where it comes from, and what depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from report.text.catalogue import say, spoken
from report.text.language import bracketed, mark
from xiaozhen.cli.base import Command, argument, chosen, common
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.labels import CODES, label
from xiaozhen.cli.output import line, print_json, table

HIDDEN = frozenset({"kind", "kind_title", "id", "title", "also", "inert_title", "instrument", "digest"})
SETTING_COLUMNS = ("regime", "lever", "value", "from", "to", "clause", "note")
Pair = tuple[str, str]


@click.command(cls=Command, help="commands.show.help", epilog="commands.show.more")
@argument("words", nargs=-1, metavar="[KIND] NAME")
@common
def show(words: tuple[str, ...], as_json: bool, lang: str | None) -> None:
    """Explain a name, or list every name of a kind."""
    from xiaozhen.api.library import load
    from xiaozhen.api.names import explain, kind_of, kinds

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
        if found["kind"] == "regime":
            _account(library, found["id"], told)


def _account(library: Any, name: str, lang: str) -> None:
    """What a regime says in sentences, as in ``docs/regimes.md``."""
    from report.blocks import message
    from report.pages.regimes import told
    from report.text.spoken import spoken as said

    for head, text in told(library, library.regimes[name]):
        line(said(message("language.told", name=head, what=text), lang) + "\n")


def _list(library: Any, kind: str, as_json: bool, lang: str) -> None:
    """Print every name of a kind with its title."""
    from xiaozhen.api.names import kind_title, records, title

    entries = {name: title(record) for name, record in records(library, kind).items()}
    if as_json:
        print_json([{"id": name, "kind": kind, "title": both} for name, both in entries.items()])
        return
    rows = [(name, spoken(both, lang)) for name, both in entries.items()]
    table(
        kind_title(kind)[lang] + bracketed(str(len(rows)), lang),
        (say("output.col_id", lang), say("output.col_title", lang)),
        rows,
    )


def _print(found: dict[str, Any], lang: str) -> None:
    head = f"{found['kind_title'][lang]} {found['id']}"
    line(head + mark("colon", lang) + spoken(found["title"], lang) if found.get("title") else head)
    rows: list[Pair] = []
    sections: list[tuple[str, list[dict[str, Any]]]] = []
    for key, value in found.items():
        if key in HIDDEN or value in (None, "", [], {}):
            continue
        if _is_settings(value):
            sections.append((key, value))
        else:
            rows.extend(_rows(key, value, lang))
    table("", (), rows)
    for key, value in sections:
        _settings(label(key, lang), value, lang)
    if found.get("also"):
        line(say("output.also", lang, names=", ".join(found["also"])))


def _is_settings(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "lever_title" in value[0]


def _rows(key: str, value: Any, lang: str) -> Iterator[Pair]:
    """Rows of one field: the label once, then one row for each entry of a list."""
    if key in CODES:
        value = say(CODES[key][value], lang)
    elif key == "unit" and isinstance(value, str):
        from xiaozhen.api.names import unit_name as outcome_unit

        value = outcome_unit(value, lang)
    texts = [cell(v, lang) for v in value] if isinstance(value, list) else [cell(value, lang)]
    for i, text in enumerate(texts):
        yield (label(key, lang) if i == 0 else "", text)


def cell(value: Any, lang: str) -> str:
    """A value as one piece of text."""
    if value is None:
        return say("output.undefined", lang)
    if isinstance(value, bool):
        return say("output.yes" if value else "output.no", lang)
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(cell(v, lang) for v in value)
    if isinstance(value, dict):
        return _mapping(value, lang)
    return str(value)


def _mapping(value: dict[str, Any], lang: str) -> str:
    if {"zh", "en"} <= set(value):
        return str(spoken(value, lang))
    if set(value) == {"file", "line"}:
        return f"{value['file']}:{value['line']}" if value["line"] else str(value["file"])
    if "line" in value:
        return str(spoken(value["line"], lang))
    if "symbol" in value:
        return unit_name(value, lang)
    if "id" in value:
        words = value.get("title") or value.get("text") or value.get("question")
        name = f"{value['id']}  {spoken(words, lang)}" if words else str(value["id"])
        return name + _realised(value, lang)
    return ", ".join(f"{k} {cell(v, lang)}" for k, v in value.items())


def _realised(value: dict[str, Any], lang: str) -> str:
    """What an alternative of a reading means in lever values, or how a reading stands in a regime; else nothing."""
    if value.get("unrun"):
        return "\n  " + say("help.reading_unrun", lang, why=spoken(value["unrun"], lang))
    if value.get("as_stated"):
        return "\n  " + say("help.reading_stated", lang)
    if value.get("set"):
        return "".join(
            f"\n  {key} = {str(v).lower() if isinstance(v, bool) else cell(v, lang)}" for key, v in value["set"].items()
        )
    if "taken" in value:
        taken = ", ".join(value["taken"]) or say("output.undefined", lang)
        return "\n  " + say("help.reading_stands", lang, taken=taken, others=", ".join(value["others"]))
    return ""


def unit_name(unit: dict[str, Any], lang: str) -> str:
    """A unit after a number: its symbol in Chinese, its name in English where the symbol is Chinese."""
    symbol, name = (str(spoken(unit[field], lang)) for field in ("symbol", "title"))
    return symbol if symbol and (symbol.isascii() or not name.isascii()) else name


def _settings(title: str, settings: list[dict[str, Any]], lang: str) -> None:
    """Print values of levers with their dates and clauses; columns that say nothing are left out."""
    rows = [_setting(s, lang) for s in settings]
    kept = [c for c in SETTING_COLUMNS if any(row[c] for row in rows)]
    if len({row["regime"] for row in rows}) == 1 and "lever" in kept and len(rows) > 1:
        kept.remove("regime")
    table(title, [label(c, lang) for c in kept], [[row[c] for c in kept] for row in rows])


def _setting(setting: dict[str, Any], lang: str) -> dict[str, str]:
    unit = setting.get("unit")
    value = setting["value_title"][lang] if setting.get("value_title") else cell(setting["value"], lang)
    last = setting["from"] if setting["one_quarter_only"] else setting["to"] or ""
    return {
        "regime": setting["regime"],
        "lever": f"{setting['lever']}\n{setting['lever_title'][lang]}",
        "value": f"{value} {unit_name(unit, lang) if unit and unit['symbol']['zh'] else ''}".strip(),
        "from": setting["from"],
        "to": last,
        "clause": "\n".join(s["id"] for s in setting["clause"]),
        "note": (setting.get("note") or {}).get(lang, ""),
    }
