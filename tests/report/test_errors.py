"""Errors say themselves in English; every sentence is known in the other languages by its id, with the same gaps."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import calibration
import experiments
import report
import sim
import tools.notebooks  # noqa: F401  its errors are the product's
import xiaozhen
from experiments.run.verify import SENTENCES
from experiments.store.errors import StoreError
from report.text import catalogue
from report.text.errors import said, told
from sim.parameters.errors import LABELS, InputError, InputErrors, ProductError, UnknownKey
from sim.parameters.texts import KINDS, TYPES, Phrase, Text

for package in (sim, experiments, calibration, report, xiaozhen):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


ROOT = Path(__file__).resolve().parents[2]


def kinds(of: type[ProductError] = ProductError) -> list[type[ProductError]]:
    """Every class of errors of the product."""
    return [of, *(one for below in of.__subclasses__() for one in kinds(below))]


def english() -> dict[str, str]:
    """Every sentence of every class by its id, and the phrases that stand in them."""
    own = {f"{c.topic}.{id}": text for c in kinds() for id, text in vars(c).get("sentences", {}).items()}
    phrases = [one.id for table in (KINDS, TYPES, LABELS) for one in table.values()]
    shared = {one.id: one.english for table in (KINDS, TYPES, LABELS) for one in table.values()}
    assert len(phrases) == len(shared)
    return own | shared | {f"verify.{name}": text for name, text in SENTENCES.items()} | dict(written())


def written() -> Iterator[tuple[str, str]]:
    """Phrases written where they are raised."""
    for folder in ("sim", "experiments", "calibration"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Phrase":
                    id, text = (getattr(arg, "value", None) for arg in node.args[:2])
                    if isinstance(id, str) and isinstance(text, str):
                        yield id, text


ENGLISH = {id: text for id, text in english().items() if id not in ("value.span", "value.why")}
"""What has words to translate."""


@pytest.mark.parametrize("id", sorted(ENGLISH))
def test_every_sentence_is_known_in_chinese_with_the_same_gaps(id):
    text, found = ENGLISH[id], catalogue.topic("mistakes")[f"mistakes.{id}"]
    gaps = [{gap for _, gap, _, _ in Formatter().parse(one) if gap} for one in (text, found["zh"])]
    assert gaps[0] == gaps[1] and any("\u4e00" <= sign <= "\u9fff" for sign in found["zh"])
    assert "en" not in found, "the English stands beside the class"


def test_the_catalogue_translates_nothing_that_nobody_says():
    said_at = {"label.at", "label.line", "label.key"}
    assert {id.removeprefix("mistakes.") for id in catalogue.topic("mistakes")} - set(english()) <= said_at


def test_every_sentence_that_is_raised_by_name_exists():
    known = {c.__name__: c for c in kinds()}
    for folder in ("sim", "experiments", "calibration", "report", "xiaozhen", "tools"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and (c := known.get(getattr(node.func, "id", ""))) and node.args:
                    named = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
                    own = {id for base in c.__mro__ for id in vars(base).get("sentences", {})}
                    assert all(id in own for id in named if isinstance(id, str)), f"{path.name}:{node.lineno}"


def test_two_classes_of_one_topic_share_no_id_by_accident():
    seen: dict[str, str] = {}
    for c in kinds():
        for id, text in vars(c).get("sentences", {}).items():
            assert seen.setdefault(f"{c.topic}.{id}", text) == text


def test_an_error_is_a_whole_sentence_wherever_it_is_printed():
    error = StoreError("unfinished", file="out", details={"runs": "8"})
    assert str(error) == "out: 8 runs have no record yet; resume the store first"
    assert told(error, "zh") == "out：还有8次运行没有结果，请先继续运行"
    assert told(error, "xx") == str(error), "a language that lacks a sentence says it in English"


def test_place_found_allowed_and_meant_stand_in_every_language():
    error = UnknownKey(
        "unknown_key", file="a.toml", line=3, key="x.y", found="1", allowed=TYPES["flag"], suggestion="z"
    )
    assert str(error).splitlines() == [
        "a.toml, line 3, x.y: this key is not known here",
        "    found: 1",
        "    allowed: true or false",
        "    did you mean: z?",
    ]
    assert told(error, "zh").splitlines()[0].startswith("a.toml，第 3 行，x.y：")
    assert told(InputErrors([error, error]), "zh").startswith("输入文件中有 2 处问题：")


def test_titles_of_the_users_files_stand_in_an_error_in_its_language():
    title = Text("浙江", "Zhejiang", (("fr", "Le Zhejiang"),))
    phrase = Phrase("value.none", "{what}!", {"what": title})
    assert [said(phrase, lang) for lang in ("zh", "en", "fr", "de")] == [
        "浙江!",
        "Zhejiang!",
        "Le Zhejiang!",
        "Zhejiang!",
    ]


def test_the_message_of_a_kind_and_of_one_it_builds_on():
    assert isinstance(StoreError("bad_count"), InputError)
    assert str(StoreError("bad_count")) == "the count must be a positive whole number"
