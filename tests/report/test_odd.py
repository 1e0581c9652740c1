"""The model description says what the code and the scenario files say, in both languages, and is up to date."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from report.blocks import Page
from report.pages import odd as description_of_model
from report.pages.odd import FILES, odd
from report.pages.odd.__main__ import main, stale
from report.pages.odd.pieces import number, table
from report.render.markdown import markdown
from report.text.catalogue import under
from sim.engine.draws import DECISIONS
from sim.instruments import INSTRUMENTS
from sim.outcomes import OUTCOMES, YEARLY
from sim.schedule import STEPS
from sim.state.town import Status, Strategy
from tests import worlds

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def library():
    return worlds.library()


@pytest.fixture(scope="module", params=sorted(FILES))
def description(request, library):
    return odd(request.param, library)


@cache
def out_of_date() -> list[str]:
    return stale()


@pytest.fixture(autouse=True)
def files_read_once(monkeypatch):
    monkeypatch.setattr(description_of_model, "load_library", worlds.library)


def test_committed_files_are_up_to_date():
    """In a process of its own: what other tests declare is no part of the model."""
    done = subprocess.run(
        [sys.executable, "-m", "report.pages.odd", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}refresh with: python -m report.pages.odd --write"


def test_it_names_everything(description, library):
    names = [step.name for step in STEPS] + [name for name in DECISIONS if name != "replicate"]
    names += [*OUTCOMES, *YEARLY, *library.uncertainties, *library.constants, *library.regimes, *library.readings]
    names += [*library.levers, *(kind.id for kind in INSTRUMENTS), *(s.name for s in (*Status, *Strategy))]
    missing = [name for name in names if f"`{name}`" not in description]
    assert not missing


def test_both_languages_have_the_same_skeleton(library):
    zh, en = (odd(lang, library).splitlines() for lang in ("zh", "en"))
    assert [line.count("|") for line in zh] == [line.count("|") for line in en]
    assert [line.split()[:2] for line in zh if line.startswith("##") and line.count("#") < 4] == [
        line.split()[:2] for line in en if line.startswith("##") and line.count("#") < 4
    ]


def test_the_prose_is_complete():
    assert set(under("odd.statuses")) == {f"odd.statuses.{status.name}" for status in Status}
    assert set(under("odd.strategies")) == {f"odd.strategies.{strategy.name}" for strategy in Strategy}


def test_decisions_stand_with_the_module_that_declares_them(description):
    assert DECISIONS["plan.strategy"].owner == "sim.agents.county"
    assert "| `plan.strategy` | `sim/agents/county.py` |" in description


def test_pieces_of_the_description():
    cells = Page("", (table(("id",), [["x|y\nz"]]),))
    assert markdown(cells, "en").splitlines()[-1] == "| x\\|y z |"
    assert [number(x) for x in (True, 3, 0.1, (1.0, 1.0), (1, 0.5), 2_000_000, "none")] == [
        "true", "3", "0.1", "1", "1 / 0.5", "2000000", "none",
    ]  # fmt: skip


def test_another_language_is_refused(library):
    with pytest.raises(ValueError, match="zh, en"):
        odd("xx", library)


def test_the_command_prints_and_checks(capsys):
    assert main(["--lang", "zh"]) == 0
    assert capsys.readouterr().out.startswith("# 小镇")
    assert main(["--check"]) == (1 if out_of_date() else 0)
