"""The library from Python: every name in one line, frames out, one clear message where something is wrong."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xiaozhen as xz
from experiments.plan.design.records import Design
from report.text.errors import told
from tests import sweep_tasks

FACTORS = {"clawback.multiple": [0, 2, 4], "land_reward.share": (0.0, 1.0)}


def quick(design: Design, **options: object):
    """The plan of a design, run by a stand-in for the model."""
    return replace(xz.plan(design, **options), task="tests.sweep_tasks:quick")


def small() -> Design:
    return xz.vary("zhejiang_2015", FACTORS, n=3, replicates=4, quarters=8, id="small")


@pytest.mark.parametrize("name", xz.__all__)
def test_every_name_is_there_and_says_what_it_does(name: str) -> None:
    found = getattr(xz, name)
    assert name == "__version__" or found.__doc__
    assert name in dir(xz)


def test_importing_loads_nothing_heavy() -> None:
    heavy = "('numpy', 'pandas', 'numba', 'matplotlib', 'duckdb', 'SALib', 'click', 'sim', 'experiments')"
    code = f"import sys, xiaozhen; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                         cwd=Path(__file__).parents[2])  # fmt: skip
    assert run.stdout.strip() == "[]"


def test_a_design_without_a_file() -> None:
    plan = xz.plan(small())
    assert len(plan.points) == 9 and len(plan.runs) == 36
    assert [p.factors["land_reward.share"] for p in plan.points[:3]] == [0.0, 0.5, 1.0]
    assert plan.points[0].quarters == 8 and plan.title["zh"]
    assert len(xz.plan(small(), replicates=2).runs) == 18


def test_a_named_design_and_a_named_study_are_plans_too() -> None:
    assert xz.plan("clawback_and_land", n=2, replicates=1).design["method"] == "grid"
    assert xz.plan(Path("three_regimes"), replicates=1).design["method"] == "study"
    assert isinstance(xz.design("clawback_and_land"), Design)


def test_a_sweep_in_memory_and_in_a_store_give_the_same_frame(tmp_path: Path) -> None:
    plan = quick(small())
    held = xz.sweep(plan, workers=1)
    kept = xz.sweep(plan, tmp_path / "store", workers=1)
    assert len(held) == 36 and list(held["clawback.multiple"].unique()) == [0, 2, 4]
    pd.testing.assert_frame_equal(held[kept.columns], kept)


def test_what_is_cut_short_is_resumed_and_asked_in_sql(tmp_path: Path) -> None:
    plan, folder = quick(small()), tmp_path / "store"
    xz.sweep(plan, folder, shard="1/2", workers=1)
    assert xz.store(folder).counts()["waiting"] == 18
    told: list[tuple[int, int]] = []
    frame = xz.resume(
        folder, workers=1, task="tests.sweep_tasks:quick", progress=lambda done, all: told.append((done, all))
    )
    assert told[-1] == (36, 36) and (frame["status"] == "done").all()
    assert xz.query(folder, "SELECT count(*) AS n FROM runs")["n"][0] == 36


def test_contrasts_carry_the_factors_and_the_baseline_is_found_by_its_values() -> None:
    runs = xz.sweep(quick(small()), workers=1)
    table = xz.contrasts(runs, {"clawback.multiple": 2, "land_reward.share": 0.5}, ["completion_common"])
    assert len(table) == 8 and set(table["baseline"]) == {"p00005"}
    assert table.columns[:4].tolist() == ["point", "clawback.multiple", "land_reward.share", "baseline"]
    row, at = table.iloc[0], runs.set_index(["point", "replicate"])["completion_common"]
    assert row["difference"] == pytest.approx((at[row["point"]] - at["p00005"]).mean())
    assert xz.contrasts(runs, "p00005", ["completion_common"]).equals(table)


@given(st.floats(-5, 5, allow_nan=False), st.integers(2, 6))
def test_a_shift_of_every_run_is_found_exactly(shift: float, replicates: int) -> None:
    base = np.linspace(0.0, 1.0, replicates)
    names = ["run", "point", "replicate", "status", "x", "completion_common"]
    rows = [(0, "a", k, "done", 0.0, base[k]) for k in range(replicates)]
    rows += [(0, "b", k, "done", 1.0, base[k] + shift) for k in range(replicates)]
    table = xz.contrasts(pd.DataFrame(rows, columns=names), {"x": 0.0}, ["completion_common"])
    assert table["difference"][0] == pytest.approx(shift, abs=1e-12) and table["x"][0] == 1.0


BAD = {
    "regime": lambda: xz.plan(xz.vary("zhejiang_2051", FACTORS)),
    "factor": lambda: xz.vary("zhejiang_2015", {"clawback.multipel": [1, 2]}),
    "empty range": lambda: xz.vary("zhejiang_2015", {"clawback.multiple": (2, 2)}),
    "values": lambda: xz.vary("zhejiang_2015", {"clawback.multiple": "high"}),
    "value beyond its bounds": lambda: xz.vary("zhejiang_2015", {"land_reward.share": [0.5, 1.5]}),
    "method": lambda: xz.vary("zhejiang_2015", FACTORS, "grit"),
    "replicates": lambda: xz.plan(small(), replicates=0),
    "outcome": lambda: xz.vary("zhejiang_2015", FACTORS, outcomes=["completion"]),
    "quarters": lambda: xz.plan(xz.vary("zhejiang_2015", FACTORS, quarters=0)),
    "study": lambda: xz.plan("three_regime"),
    "sizes of a plan": lambda: xz.plan(sweep_tasks.plan(), n=3),
    "sensitivity": lambda: xz.sensitivity(method="sobel"),
    "attribution": lambda: xz.attribute("zhejiang_2015", "tongzhou"),
    "draws": lambda: xz.predict("central", 0),
    "observations": lambda: xz.validate("nowhere.csv"),
    "brief": lambda: xz.report("nowhere"),
    "store": lambda: xz.store("nowhere"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_one_typed_error_in_both_languages(what: str) -> None:
    with pytest.raises(xz.InputError) as caught:
        BAD[what]()
    for lang in ("zh", "en"):
        assert 0 < len(told(caught.value, lang)) < 1500


def test_contrasts_say_what_the_frame_lacks() -> None:
    runs = xz.sweep(sweep_tasks.plan(), workers=1)
    for against, outcomes, id in (
        ("p0", ["completion_comon"], "no_such_outcome"),
        ("p9", ["completion_common"], "no_such_point"),
        ({"y": 1}, ["completion_common"], "no_such_point"),
        ({"x": 7.0}, ["completion_common"], "not_one_point"),
    ):
        with pytest.raises(xz.InputError) as caught:
            xz.contrasts(runs, against, outcomes)
        assert caught.value.message_id == id and told(caught.value, "zh") and str(caught.value)


def test_a_refused_sweep_touches_nothing(tmp_path: Path) -> None:
    with pytest.raises(xz.InputError):
        xz.sweep(small(), tmp_path / "store", replicates=0)
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_pngs_with_chinese_glyphs(tmp_path: Path) -> None:
    """Drawn with the bundled font, so that no glyph is missing."""
    import warnings

    from report.figures.style import page

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with xz.style():
            made = page(1.0, "达标率", "每点八次重复", "浙江2015")
        picture = xz.picture(made)
    assert picture._repr_png_().startswith(b"\x89PNG") and b"Software" not in picture.png
    assert picture.save(tmp_path / "a.png").read_bytes() == picture.png
