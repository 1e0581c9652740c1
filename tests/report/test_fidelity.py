"""Every sentence that is held has its row, its tests and its decision, and the page says them in both languages."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest

from experiments.analysis.fidelity import EXPECTED, LONGEST, Moved, load_moved, load_rows
from report.pages import fidelity
from report.render.markdown import markdown
from sim.outcomes.records import OUTCOMES
from sim.parameters import InputErrors
from tests.worlds import library

ROOT = Path(__file__).resolve().parents[2]
GOOD = """
[E05]
clauses = ["PY-FIN-2"]
source = "S0 L101"
sentence = "截止今年9月共举办18场"
regimes = ["panyu_2019"]
before = { en = "every project", zh = "每个项目" }
after = { en = "by contacts", zh = "按对接数" }
moved = { en = "fewer", zh = "变少" }
tests = ["tests/report/test_fidelity.py::test_a_mend_is_told_only_where_it_stands"]
"""


@cache
def rows():
    return load_rows(library())


@cache
def functions(file: str) -> frozenset[str]:
    """Names of the test functions of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_committed_files_are_up_to_date():
    old = fidelity.stale()
    assert not old, f"out of date: {', '.join(old)}; refresh with: python -m report.pages.fidelity --write"


def test_every_finding_has_its_row():
    """E01 to E17 and D01 to D24."""
    assert not set(EXPECTED) - set(rows())


def test_each_named_test_exists():
    for row in rows().values():
        for test in row.tests:
            file, _, name = test.partition("::")
            assert (ROOT / file).is_file(), f"{row.id}: {file}"
            assert name.partition("[")[0].rpartition("::")[2] in functions(file), f"{row.id}: {test}"


def test_each_decision_exists():
    for row in rows().values():
        assert not row.decision or (ROOT / row.decision).is_file(), f"{row.id}: {row.decision}"


def test_english_is_told_in_english_and_a_world_is_called_one_thing_in_chinese():
    """Sums are in yuan, not in 万元 or 亿元; a world is a 区域, as everywhere."""
    for row in rows().values():
        for part in ("before", "after", "moved"):
            told = getattr(row, part)
            assert not any("\u4e00" <= sign <= "\u9fff" for sign in told.en), f"{row.id}.{part}"
            assert "yi yuan" not in told.en and "情境" not in told.zh and "世界" not in told.zh, f"{row.id}.{part}"


def test_a_row_is_read(tmp_path):
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    row = load_rows(library(), tmp_path)["E05"]
    assert row.clauses == ("PY-FIN-2",) and row.after.zh == "按对接数" and row.decision == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("PY-FIN-2", "PY-FIN-22", "PY-FIN-2"),
        ("panyu_2019", "panyu", "panyu_2019"),
        ("S0 L101", "line 101", "S4 L28, L32-34"),
        ("截止今年9月共举办18场", "场" * (LONGEST + 1), f"≤ {LONGEST}"),
        ("[E05]", "[E5]", "E01 … E17"),
        ("before", "befor", "before"),
        ("tests =", "#", "tests"),
    ],
)
def test_a_wrong_row_says_what_is_allowed(tmp_path, old, new, told):
    (tmp_path / "a.toml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        load_rows(library(), tmp_path)
    assert "a.toml, line" in str(caught.value) and told in str(caught.value)


def test_a_finding_stands_in_one_file(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputErrors, match=r"a\.toml:2"):
        load_rows(library(), tmp_path)


def test_a_mend_is_told_only_where_it_stands(tmp_path, monkeypatch):
    """Of two differences the one whose interval leaves out zero is a row of the page."""
    common = {"mend": "E5", "commit": "abc1234", "regime": "panyu_2019", "world": "panyu", "replicates": 20}
    stands = {"outcome": "town_exit_rate", "before": 0.1, "after": 0.3, "diff": 0.2, "low": 0.1, "high": 0.3}
    open_ = {"outcome": "completion_own", "before": 0.5, "after": 0.6, "diff": 0.1, "low": -0.1, "high": 0.3}
    file = tmp_path / "mends.json"
    file.write_text(json.dumps({"rows": [common | stands, common | open_]}), encoding="utf-8")
    moved = load_moved(file)
    assert moved[0] == Moved(**common, **stands) and [one.stands for one in moved] == [True, False]
    monkeypatch.setattr(fidelity, "load_moved", lambda: moved)
    for lang in ("en", "zh"):
        told = markdown(fidelity.page(library()), lang)
        assert "abc1234" in told and "20" in told
        assert library_title("town_exit_rate", lang) in told and library_title("completion_own", lang) not in told


def library_title(outcome: str, lang: str) -> str:
    return OUTCOMES[outcome].title[lang]
