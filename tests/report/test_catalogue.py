"""Catalogue and code agree: every id that is said exists, every message is said, languages fill the same gaps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from report.text import catalogue

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("report", "xiaozhen", "experiments/analysis/attribution")
CHINESE = re.compile("[\u4e00-\u9fff]")
UNIT_ONCE = ("comparison.ranked_bare",)
"""Chinese names the unit with every number, English with the first."""
TOPICS = tuple(name for name in catalogue.topics() if name != "mistakes")
ID = re.compile(rf"(?:{'|'.join(TOPICS)})\.[^\s*]+")


NOT_IDS = (".", "_", ".toml", ".md", ".csv", ".png", ".html", ".json", ".pdf")


def known() -> list[str]:
    """Every message id."""
    return [id for name in TOPICS for id in catalogue.topic(name)]


@cache
def said() -> tuple[set[str], set[str]]:
    """Ids that stand in the code whole, and patterns of those that are put together."""
    whole, patterns = set(), set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for text, fixed in _texts(ast.parse(path.read_text("utf-8"))):
                (whole if fixed else patterns).add(text)
    return whole, patterns


def _texts(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Text constants with True; f-strings and sums as patterns with False."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.value, True
    elif isinstance(tree, ast.JoinedStr | ast.BinOp) and (pattern := _pattern(tree)):
        yield pattern, False
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(tree, ast.JoinedStr) and isinstance(node, ast.Constant)):
            yield from _texts(node)


def _pattern(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_pattern(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _pattern(node.left) + _pattern(node.right)
    if isinstance(node, ast.Constant):
        return re.escape(node.value) if isinstance(node.value, str) else ""
    return ".+"


def made() -> re.Pattern[str]:
    """Every id that is put together in the code."""
    heads = tuple(re.escape(name + ".") for name in TOPICS)
    return re.compile("|".join(f"(?:{one})" for one in sorted(said()[1]) if one.startswith(heads)))


def test_every_message_that_the_code_names_exists():
    ids = set(known())
    named = {one for one in said()[0] if ID.fullmatch(one) and not one.endswith(NOT_IDS)}
    named = {one for one in named if not one.startswith("report.pages")}
    tables = {one for one in named if catalogue.under(one)}
    assert named - ids - tables == set()


def test_every_message_is_said_somewhere():
    whole = said()[0]
    tables = tuple(f"{one}." for one in whole if ID.fullmatch(one) and catalogue.under(one))
    lost = [id for id in known() if id not in whole and not made().fullmatch(id) and not id.startswith(tables)]
    assert lost == []


@pytest.mark.parametrize("name", TOPICS)
def test_every_language_fills_the_same_gaps(name):
    for id, texts in catalogue.topic(name).items():
        assert texts.keys() == {"any"} or {"zh", "en"} <= texts.keys(), id
        gaps = {frozenset(gap for _, gap, _, _ in Formatter().parse(text) if gap) for text in texts.values()}
        assert len(gaps) == 1 or id in UNIT_ONCE, id
        assert len({text.count("|") for text in texts.values()}) == 1, id
        assert not CHINESE.search(texts.get("en", "").replace("万元", "")), id


def strange(folder: Path) -> list[str]:
    """Ids of a folder of translations that the catalogue does not have; they would never be said."""
    found = []
    for path in sorted(folder.glob("*/*.toml")):
        ids = set(catalogue.topic(path.stem)) if path.stem in catalogue.topics() else set()
        found += [id for id, _ in catalogue._leaves(path.stem, catalogue._read(path)) if id not in ids]
    return found


def test_a_translation_says_what_the_catalogue_says(tmp_path):
    assert strange(catalogue.FOLDER.with_name("languages")) == []
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "help.toml").write_text('options = "Options"\noption = "Option"\n', encoding="utf-8")
    (tmp_path / "fr" / "helped.toml").write_text('options = "Options"\n', encoding="utf-8")
    assert strange(tmp_path) == ["help.option", "helped.options"]
