"""The result of an attribution on paper, and the command that makes it."""

from __future__ import annotations

import json
import re
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from experiments.analysis.attribution.attribute import attribute
from experiments.analysis.attribution.design import design
from experiments.analysis.attribution.differences import compare_regimes
from experiments.analysis.attribution.fates import Fates
from experiments.run.evaluate import evaluate
from experiments.store.manifest import unsound as changed_files
from report.figures import waterfall
from report.pages.attribution import page as report
from report.render.markdown import markdown
from report.text import attribution as telling
from tests import worlds

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def rough(spec: object) -> dict[str, float]:
    """A stand-in for the model in which three instruments act."""
    levers = spec.scenario.levers  # type: ignore[attr-defined]
    luck = 0.01 * (spec.replicate + 1) ** 2  # type: ignore[attr-defined]
    land, claw = levers["land_reward.share"][-1], levers["clawback.multiple"][-1]
    noise = (-1) ** spec.replicate * (levers["rebate.firm_share"][-1] + levers["veto.active"][-1])  # type: ignore
    done = 0.2 + (0.1 + luck) * land - 0.02 * claw * (1 + luck) + 0.001 * land * claw
    return {"completion_common": done, "investment_effective": 5000 + 700 * land + noise}


@cache
def made(method: str = "exact"):
    c = compare_regimes(worlds.library(), "tongzhou_2017", "zhejiang_2015", by="instrument", quarters=8)
    run = partial(evaluate, library=worlds.library(), workers=1, task=rough)
    chosen = design(len(c.groups), 6, **({"max_runs": 240} if method == "sampled" else {"method": "exact"}))
    return attribute(c, chosen, run, ["completion_common", "investment_effective"])


@cache
def few_fates() -> Fates:
    told = {"quarter": "2016Q1", "industry": "health", "changed": True}
    town = {**told, "replicate": 0, "key": 1, "site": 3, "county": "甲", "fate_a": "warned", "fate_b": "named"}
    town |= {"what": "strategy", "a": "coast", "b": "push"}
    firm = {**told, "replicate": 1, "key": 7, "kind": 1, "place_a": "甲", "place_b": "", "what": "born"}
    firm |= {"fate_a": "present", "fate_b": "never"}
    return Fates((town, {**town, "replicate": 1}), (firm,), 6, 130, (10, 10, 10, 10, 10, 10))


@pytest.mark.parametrize("method", ["exact", "sampled"])
def test_the_folder_holds_everything_and_its_manifest_agrees(tmp_path: Path, method: str):
    out = tmp_path / "r"
    written = report.write(made(method), worlds.library(), out, fates=few_fates(), command="xiaozhen attribute a b")
    names = {p.relative_to(out).as_posix() for p in written}
    assert {"spec.json", "manifest.json", "contributions.csv", "by_replicate.parquet", "fates_towns.csv",
            "attribution.zh.md", "attribution.en.md", "figures/waterfall_completion_common.zh.png",
            "figures/waterfall_completion_common.en.svg"} <= names  # fmt: skip
    assert ("interactions.csv" in names) == (method == "exact")
    assert changed_files(out) == []
    first = {p.name: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    report.write(made(method), worlds.library(), out, fates=few_fates(), command="xiaozhen attribute a b")
    assert {p.name: p.read_bytes() for p in out.rglob("*") if p.is_file()} == first


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_tells_the_whole_answer_in_one_language(lang: str):
    page = report.page(made(), worlds.library(), lang, fates=few_fates(), command="xiaozhen attribute a b")
    text = markdown(page, lang)
    assert bool(CHINESE.search(text.replace("甲", ""))) == (lang == "zh")
    assert "{" not in text and "nan" not in text.lower().replace("finance", "").replace("financ", "")
    assert telling.told("nothing", lang) in text and telling.told("lowers", lang) in text
    assert telling.told("adds_up", lang, n=6) in text
    assert "ZJ-CLAW-1" in text and "xiaozhen attribute a b" in text


def test_a_sum_that_fails_would_be_told():
    from dataclasses import replace

    broken = replace(made().outcomes[0], exact=False)
    assert "FAILED" in telling.check_line(broken, "en") and "FAILED" not in telling.check_line(made().outcomes[0], "en")


def test_bars_join_end_to_end_from_one_regime_to_the_other():
    for shared in made().outcomes:
        rows = waterfall.bars(shared, ("A", "B"), "en")
        steps = [bar for bar in rows if not bar.end]
        assert rows[0].end and rows[-1].end and rows[0].high == shared.start.value
        for before, after in zip(rows[:-2], steps, strict=True):
            assert after.low == before.high
        assert steps[-1].high == pytest.approx(shared.end.value, rel=1e-12)
        sizes = [abs(bar.high - bar.low) for bar in steps if "others" not in bar.label]
        assert sizes == sorted(sizes, reverse=True)


def test_small_groups_are_folded_into_one_bar():
    shared = made().outcomes[1]
    assert {c.group.id for c in shared.contributions if not c.nothing} == {"land_reward", "rebate", "veto"}
    labels = [bar.label for bar in waterfall.bars(shared, ("A", "B"), "en")]
    assert labels == ["A", "Land quota reward", "2 others", "B"]
    many = made().outcomes[0]
    fold = many.together([c for c in many.contributions if not c.nothing])
    assert fold.value == pytest.approx(many.difference.difference.value)


def test_the_axis_begins_at_zero_only_where_that_is_near():
    shared = made().outcomes[0], made().outcomes[1]
    near, far = (waterfall.limits(waterfall.bars(s, ("A", "B"), "en"))[0] for s in shared)
    assert near <= 0.2 and far > 4000
    cut = telling.told("figure_cut", "en")
    page = waterfall.draw(made(), shared[1], worlds.library(), "en")
    assert any(cut.split()[-1] in t.get_text() for t in page.figure.texts)


def test_pairs_are_read_in_the_direction_of_the_difference():
    pair = next(p for p in made().outcomes[0].interactions if p.contrast.difference.value)
    d = pair.contrast.difference.value
    assert telling.pair_row(pair, d, "en")[-1] == "strengthen each other"
    assert telling.pair_row(pair, -d, "en")[-1] == "replace each other"


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(ask, monkeypatch):
    for module in ("tasks", "carry"):
        monkeypatch.setattr(f"experiments.run.{module}.task_of", lambda name: rough)
    return lambda *words: ask("attribute", *words)


SHORT = (
    "--by",
    "instrument",
    "--quarters",
    "8",
    "--replicates",
    "2",
    "--max-runs",
    "80",
    "--no-fates",
    "--workers",
    "1",
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_prints_the_table_and_writes_the_folder(ask, lang: str, tmp_path: Path):
    code, out, err = ask("tongzhou_2017", "zhejiang_2015", *SHORT, "--out", "r", "--lang", lang, "--yes")
    assert code == 0, err
    assert telling.told("adds_up", lang, n=2) in out and str(Path("r") / f"attribution.{lang}.md") in out
    assert (tmp_path / "r" / "manifest.json").is_file()
    assert ("运行" if lang == "zh" else "runs") in err


def test_json_is_one_document_and_shares_add_up(ask):
    code, out, _ = ask("tongzhou_2017", "zhejiang_2015", *SHORT, "--out", "r", "--json")
    found = json.loads(out)
    assert code == 0 and found["method"] == "sampled" and found["outcomes"][0]["adds_up_exactly"] is True
    total = sum(row["contribution"] for row in found["contributions"])
    assert np.isclose(total, found["outcomes"][0]["difference"]["difference"]["value"])
    assert "acceptance" in found["same"] and found["towns_changed"] is None


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("zhejiang_2015", "zhejiang_2015"), "zhejiang_2015"),
        (("tongzhou_2071", "zhejiang_2015"), "tongzhou_2017"),
        (("null", "zhejiang_2015", "--outcome", "completion_comon"), "completion_common"),
        (("null", "zhejiang_2015", "--max-runs", "5"), "5"),
        (("null", "zhejiang_2015", "--method", "exact", "--by", "lever"), "exact"),
        (("null", "zhejiang_2015", "--world", "atlantis"), "atlantis"),
        (("null", "zhejiang_2015", "--by", "clauses"), "clause"),
        (("null", "zhejiang_2015", "--effective", "soon"), "soon"),
        (("null", "zhejiang_2015", "--own-dates", "--effective", "2016Q1"), "attribute"),
        (("null",), "TO"),
    ],
)
def test_bad_questions_get_one_message_and_touch_nothing(ask, words, names, tmp_path: Path):
    code, out, err = ask(*words)
    assert code == 2 and out == "" and "Traceback" not in err and names in err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_left_alone(ask, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    code, out, err = ask("tongzhou_2017", "zhejiang_2015", *SHORT, "--out", "mine")
    assert code == 2 and out == "" and "Traceback" not in err
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
