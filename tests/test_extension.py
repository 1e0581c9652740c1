"""What a stranger adds is found, acts and is told of: each how-to is followed in a temporary folder.

The rest of an instrument's duties is in ``tests/instruments/test_extension.py``, other ways with figures and languages
in ``tests/report``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from experiments.plan.behaviour import behaviours_for
from tests import howto, worlds
from tools import architecture

FILES = {"instrument": 2, "regime": 1, "outcome": 2, "rule": 3, "figure": 2, "language": 5, "towns": 1}
"""Files of the product in each worked example; an instrument's third is its test, a language's are all its own."""
TOPS = r"\.ci|docs|tests|sim|scenarios|experiments|calibration|report|xiaozhen|tools|benchmarks"
PATH = re.compile(rf"(?<![\w.*/-])((?:{TOPS})/[\w./*{{}},-]*[\w*])")
DOCUMENTS = sorted(
    [*howto.GUIDES.glob("*.md"), *(howto.ROOT / "docs").glob("architecture*.md"), *howto.ROOT.glob("CONTRIBUTING*.md")]
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a product with all extensions does."""
    folder = howto.follow(tmp_path_factory.mktemp("extended"), *howto.NAMES)
    said = howto.python(
        folder, "from tests.extended import main; main()", XIAOZHEN_LANGUAGES=str(folder / "report/text/languages")
    )
    return dict(json.loads(said.splitlines()[-1]))


@pytest.mark.parametrize("name", howto.NAMES)
def test_both_languages_of_a_how_to_do_the_same_to_few_files(name: str) -> None:
    assert howto.blocks(name) == howto.blocks(name, "zh")
    assert len(howto.files(name)) == FILES[name]


def test_an_instrument_is_three_files_of_one_name_and_acts_in_a_run(found: dict[str, Any]) -> None:
    paths = [Path(path) for _, path, _ in howto.blocks("instrument")]
    assert {path.stem.removeprefix("test_") for path in paths} == {"bonus"} and len(paths) == 3
    bonus = found["bonus"]
    assert bonus["cost"][1] > bonus["cost"][0]
    assert bonus["read"] and bonus["shown"] == "Amount"


def test_a_regime_of_one_file_is_run_and_told(found: dict[str, Any]) -> None:
    regime = found["regime"]
    assert regime["multiple"] == [1, 2] and regime["years"] == 2
    assert "1 times its rewarded quota deducted" in regime["said"]


def test_an_outcome_is_computed_and_shown(found: dict[str, Any]) -> None:
    outcome = found["outcome"]
    assert 0.0 < outcome["by_hand"] == outcome["given"][0] == outcome["given"][1]
    assert outcome["shown"] == "Towns with idle land"


def test_a_rule_acts_and_its_new_uncertainty_is_drawn(found: dict[str, Any]) -> None:
    """0 switches it off; what the posterior does not know comes from the prior, and is named."""
    rule = found["rule"]
    off, some, more = rule["paid"]
    assert off == 0 < some < more
    for drawn in rule["drawn"].values():
        assert len(set(drawn)) == len(drawn) and 0.0 <= min(drawn) < 0.3 < max(drawn) <= 1.0
    newer = behaviours_for("posterior", worlds.library(), 4).at_prior
    assert sorted(rule["at_prior"]) == sorted(["land.idle_upkeep", *newer]) and rule["odd"]


def test_every_kind_of_study_runs_with_a_new_uncertainty(found: dict[str, Any]) -> None:
    studies = found["studies"]
    assert studies.pop("compare") is True and studies.pop("calibrate") is True
    assert set(studies) == {"sweep", "sensitivity", "attribute", "readings", "doses", "predict"}
    assert studies["sensitivity"] >= 2 and min(studies.values()) > 0


def test_a_figure_is_drawn_in_both_languages(found: dict[str, Any]) -> None:
    figure = found["figure"]
    assert figure["order"].count("idle") == 1 and figure["order"][0] == "differences"
    assert figure["files"] == ["idle.en.png", "idle.en.svg", "idle.zh.png", "idle.zh.svg"]
    assert figure["said"][0].startswith("Idle land at the end: ") and figure["title"] == "闲置土地"


def test_a_language_is_spoken(found: dict[str, Any]) -> None:
    assert found["language"] == {
        "all": ["zh", "en", "fr"],
        "said": "Les étapes d'un trimestre.",
        "page": "# Les territoires et leurs chiffres",
    }


def test_towns_by_name_stand_in_a_world_of_ones_own(found: dict[str, Any]) -> None:
    assert found["towns"]["named"] == ["江风家纺小镇", "滨江智慧小镇", "通海小镇"]
    assert found["towns"]["marks"] == [
        ["county_drawn"],
        ["county_drawn", "sub_drawn"],
        ["county_drawn", "industry_drawn"],
    ]
    assert found["towns"]["sites"] == 14


def spelled(path: str) -> list[str]:
    """The paths of a path with alternatives in braces."""
    head, brace, rest = path.partition("{")
    names, _, tail = rest.partition("}")
    return [head + name + tail for name in names.split(",")] if brace else [path]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_the_guides_name_exists(path: Path) -> None:
    """But for the files that a worked example makes."""
    text = path.read_text(encoding="utf-8")
    made = {name for guide in howto.NAMES for _, name, _ in howto.blocks(guide)}
    named = {name.rstrip(".") for one in PATH.findall(text) for name in spelled(one)} | {
        (path.parent / link).resolve().relative_to(howto.ROOT).as_posix()
        for link in re.findall(r"\]\((?!http|#)([^)#]+)", text)
    }
    lost = [name for name in sorted(named - made) if not any(howto.ROOT.glob(name))]
    assert not [name for name in lost if not any(one.startswith(f"{name}/") for one in made)]


def test_a_path_that_does_not_exist_would_be_found() -> None:
    found = PATH.findall("see `sim/{run,ran}.py`, docs/odd.md.")
    assert [name for one in found for name in spelled(one)] == ["sim/run.py", "sim/ran.py", "docs/odd.md"]


def test_the_drawing_of_the_rooms_is_up_to_date() -> None:
    assert architecture.main(["--check"]) == 0, "run python -m tools.architecture --write"
