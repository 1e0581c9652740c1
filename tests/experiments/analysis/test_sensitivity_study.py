"""A study end to end against a stand-in for the model: plan, tables, verdicts, files, messages."""

import json

import numpy as np
import pytest

from experiments.analysis.sensitivity import morris, pawn, sobol
from experiments.analysis.sensitivity.saltelli import LUCK
from experiments.analysis.sensitivity.study import ask
from experiments.analysis.sensitivity.subject import find_subject, grouped
from experiments.analysis.sensitivity.verdicts import (
    NEGLIGIBLE,
    NO_EFFECT,
    NOT_RESOLVED,
    RESOLVED,
    more_rows,
    ranks,
    verdict,
)
from experiments.plan.design.records import Design
from experiments.plan.luck import uniforms
from experiments.store.frames import columns_of
from report.pages.sensitivity import cells, heads, remarks, write
from report.text.errors import told
from sim.parameters.errors import InputError
from tests.worlds import library

OUTCOMES = ["completion_common", "town_exit_rate"]
WEIGHTS = {
    "land_reward.share": 0.6,
    "clawback.multiple": -0.1,
    "official.promotion_weight": 0.2,
    "list.exit_after": 0.1,
}


def small(**changes) -> Design:
    """Five factors of the product's design: a rate, a number, a prior, levels, and the control."""
    from dataclasses import replace

    design = find_subject("zhejiang_2015", library()).design
    kept = tuple(f for f in design.factors if f.name in (*WEIGHTS, "clawback.plan_lag"))
    return replace(design, factors=kept, outcomes=tuple(OUTCOMES), **changes)


def stand_in(plan):
    """Outcomes that depend on factors, on luck, and on both together, and not on the control."""
    luck = uniforms("stand-in", max(k for _, k in plan.runs) + 1)
    y = []
    for p, k in plan.runs:
        u = {n: float(v) for n, v in plan.points[p].factors.items()}
        effect = sum(w * u[n] for n, w in WEIGHTS.items() if n in u)
        y.append(effect + 0.5 * u["land_reward.share"] * u["clawback.multiple"] + (luck[k] - 0.5) * (1.0 + effect))
    y = np.array(y)
    return columns_of(plan, ["done"] * y.size, {"completion_common": y, "town_exit_rate": -y})


def test_three_lines_give_tables_with_every_factor_and_luck():
    found = sobol(small(), n=64, run=stand_in, library=library())
    table = found.table()
    assert table["factor"].iloc[-1] == LUCK and len(table) == 6
    control = table[table["factor"] == "clawback.plan_lag"].iloc[0]
    assert (control["total"], control["total_low"], control["total_high"]) == (0.0, 0.0, 0.0)
    assert control["verdict"] == NO_EFFECT and control["direction"] == "" and control["moved"] == 0
    land = table[table["factor"] == "land_reward.share"].iloc[0]
    assert land["verdict"] == RESOLVED and land["direction"] == "up" and land["more_rows"] == 0.0
    other = found.table("town_exit_rate")
    assert other[other["factor"] == "land_reward.share"].iloc[0]["direction"] == "down"
    shares = found.shares[found.shares["outcome"] == "completion_common"]["share"]
    assert shares.sum() == pytest.approx(1.0) and shares.iloc[1] > 0.05
    assert sorted(found.convergence["size"].unique()) == [8, 16, 32, 64]


def test_equal_settings_are_one_run_and_the_plan_keeps_its_order():
    asked = ask("sobol", small(), n=32, library=library())
    assert asked.evaluations == 32 * 8
    assert len(asked.plan.runs) < asked.evaluations, "four levels: a swap often changes nothing"
    assert len(set(asked.plan.runs)) == len(asked.plan.runs)
    longer = ask("sobol", small(), n=40, library=library())
    assert longer.plan.runs[: len(asked.plan.runs)] == asked.plan.runs
    assert longer.plan.points[: len(asked.plan.points)] == asked.plan.points


def test_common_seeds_share_the_replicate_within_a_row():
    asked = ask("sobol", small(), n=8, library=library())
    luck = np.array([k for _, k in asked.plan.runs])[asked.laid.where]
    assert (luck[:, :6] == luck[:, :1]).all() and (luck[:, 6] == luck[:, 7]).all()
    assert np.unique(luck).size == 16


def test_the_same_study_with_unpaired_seeds_is_worse():
    paired, not_paired = (sobol(small(), n=128, run=stand_in, library=library(), paired=p) for p in (True, False))
    inert, spurious = (f.table().set_index("factor").loc["clawback.plan_lag"] for f in (paired, not_paired))
    assert inert["total"] == 0.0 and spurious["total"] > 0.05 and spurious["verdict"] == RESOLVED
    width = [f.indices.eval("first_high - first_low").iloc[:4].mean() for f in (paired, not_paired)]
    assert width[1] > 1.05 * width[0]


def test_morris_and_pawn_find_the_same_leader():
    for method, n in ((morris, 24), (pawn, 200)):
        found = method(small(), n=n, run=stand_in, library=library())
        assert found.table()["factor"].iloc[0] == "land_reward.share"
    screened = morris(small(), n=24, run=stand_in, library=library()).table().set_index("factor")
    assert screened.loc["clawback.plan_lag", "verdict"] == NO_EFFECT
    assert screened.loc[LUCK, "mu_star"] > 0.0


def test_groups_by_instrument_and_clause_join_columns():
    design = find_subject("zhejiang_2015", library()).design
    instruments = dict(grouped(design, library(), "instrument"))
    assert len(instruments["rebate"]) == 2, "share passed on and years of the rebate are one instrument"
    assert sum(map(len, instruments.values())) == len(design.factors)
    clauses = dict(grouped(design, library(), "clause"))
    assert any("ZJ-CLAW-1" in name for name in clauses)
    found = sobol(small(), n=32, run=stand_in, library=library(), group="instrument")
    assert set(found.indices["factor"]) >= {"land_reward", LUCK}


def test_second_order_finds_the_pair_that_works_together():
    found = sobol(small(), n=256, run=stand_in, library=library(), second_order=True)
    pairs = found.second[found.second["outcome"] == "completion_common"].sort_values("second", ascending=False)
    assert {pairs["factor"].iloc[0], pairs["with"].iloc[0]} == {"land_reward.share", "clawback.multiple"}


def test_an_outcome_that_nothing_defines_or_moves_is_told_as_such():
    def silent(plan):
        n = len(plan.runs)
        return columns_of(plan, ["failed"] * n, {"completion_common": np.full(n, np.nan), "town_exit_rate": np.ones(n)})

    found = sobol(small(), n=8, run=silent, library=library())
    assert found.failed == len(found.runs)
    assert set(found.table()["verdict"]) == {NOT_RESOLVED}
    assert set(found.table("town_exit_rate")["verdict"]) == {NO_EFFECT}
    assert all(remarks(found, name, lang) for name in OUTCOMES for lang in ("zh", "en"))


def test_verdicts_follow_the_interval():
    assert verdict(0.0, 0.0, 0, 10) == NO_EFFECT
    assert verdict(0.001, 0.009, 5, 10) == NEGLIGIBLE
    assert verdict(0.02, 0.3, 5, 10) == RESOLVED
    assert verdict(0.005, 0.3, 5, 10) == NOT_RESOLVED
    assert verdict(float("nan"), float("nan"), 5, 10) == NOT_RESOLVED
    assert more_rows(0.04, 0.0025, 0.64, 100) == pytest.approx(300.0, abs=1), "the interval must halve on the logarithm"
    assert np.isinf(more_rows(0.01, 0.001, 0.1, 100))
    assert more_rows(0.4, 0.0, 0.8, 8, 0.1) == 7, "an interval that reaches zero must shrink by (0.4 / 0.3) squared"
    assert more_rows(0.02, 0.0099, 0.04, 100) >= 1, "what is not resolved needs at least one row"
    best, worst = ranks(np.array([0.5, 0.1, 0.15]), np.array([0.6, 0.2, 0.3]))
    assert best.tolist() == [1, 2, 2] and worst.tolist() == [1, 3, 3]


def test_files_hold_both_languages_and_agree_with_the_tables(tmp_path):
    import pandas as pd

    found = sobol(small(), n=16, run=stand_in, library=library())
    files = {p.relative_to(tmp_path).as_posix() for p in write(found, tmp_path)}
    assert {"indices.csv", "indices.parquet", "summary.zh.md", "summary.en.md", "figures/completion_common.zh.png",
            "figures/town_exit_rate-rows.en.svg"} <= files  # fmt: skip
    again = pd.read_parquet(tmp_path / "indices.parquet")
    assert np.allclose(again["total"], found.indices["total"], equal_nan=True) and "factor_zh" in again
    for lang, word in (("zh", "运气"), ("en", "Luck")):
        text = (tmp_path / f"summary.{lang}.md").read_text(encoding="utf-8")
        assert word in text and "nan" not in text.lower().replace("financ", "")
        assert len(heads(found, lang)) == len(cells(found, OUTCOMES[0], lang)[0])


@pytest.mark.parametrize(
    "change",
    [{"n": 2}, {"n": 0}, {"outcomes": []}, {"outcomes": ["compltion_common"]}, {"group": "colour"},
     {"subject": "zhejiang_2051"}, {"method": "sobel"}, {"method": "morris", "second_order": True},
     {"method": "pawn", "group": "clause"}],
)  # fmt: skip
def test_bad_requests_get_one_message_in_both_languages(change):
    asked = {"method": "sobol", "subject": "zhejiang_2015", "library": library(), **change}
    with pytest.raises(InputError) as caught:
        ask(asked.pop("method"), asked.pop("subject"), **asked)
    for lang in ("zh", "en"):
        said = told(caught.value, lang)
        assert said and "{" not in said
    json.dumps(str(caught.value))
