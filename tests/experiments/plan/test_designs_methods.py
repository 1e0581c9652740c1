"""Design methods: stratification, independence from the order of factors, seeds, extension, and design files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.plan.design.axis import Factor
from experiments.plan.design.errors import DesignError
from experiments.plan.design.factors import factor
from experiments.plan.design.files import design_files, load_design
from experiments.plan.design.methods import EXTENDS, METHODS
from experiments.plan.design.records import BASE, plan_of
from experiments.run.evaluate import evaluate
from report.text.errors import told
from sim.parameters import load_library
from sim.parameters.errors import InputError, InputErrors

LIBRARY = load_library()
NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")
FACTORS = tuple(Factor(name, {}, "lever", (name,), low=0.0, high=1.0) for name in NAMES)
SPACE_FILLING = ("latin_hypercube", "sobol", "random")


def table(method: str, n: int, seed: int = 0, factors: tuple[Factor, ...] = FACTORS) -> np.ndarray:
    return np.array(METHODS[method](factors, n, seed), dtype=float)


@given(n=st.integers(1, 200), seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_latin_hypercube_has_one_point_in_every_stratum_of_every_margin(n: int, seed: int) -> None:
    cells = np.floor(table("latin_hypercube", n, seed) * n).astype(int)
    assert all(sorted(column) == list(range(n)) for column in cells.T)


@given(power=st.integers(0, 8), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_scrambled_sobol_has_one_point_in_every_dyadic_stratum(power: int, seed: int) -> None:
    n = 2**power
    cells = np.floor(table("sobol", n, seed) * n).astype(int)
    assert all(sorted(column) == list(range(n)) for column in cells.T)


def test_scrambled_sobol_fills_squares_and_beats_random_points() -> None:
    # The first two dimensions of Sobol's sequence are a (0, 2)-sequence, which nested scrambling keeps.
    n = 64
    two = np.floor(table("sobol", n, 3, FACTORS[:2]) * 8).astype(int)
    assert len({(a, b) for a, b in two}) == 64
    errors = {}
    for method in ("sobol", "random"):
        found = [np.mean(np.prod(0.5 + table(method, 256, seed), axis=1)) - 1.0 for seed in range(20)]
        errors[method] = np.sqrt(np.mean(np.square(found)))
    assert errors["sobol"] < 0.3 * errors["random"]


@given(order=st.permutations(range(5)), method=st.sampled_from(SPACE_FILLING), seed=st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_the_order_of_factors_does_not_change_their_columns(order: list[int], method: str, seed: int) -> None:
    mixed = table(method, 33, seed, tuple(FACTORS[i] for i in order))
    assert np.array_equal(mixed, table(method, 33, seed)[:, order])


@given(n=st.integers(1, 120), more=st.integers(1, 40), method=st.sampled_from(sorted(EXTENDS)))
@settings(max_examples=40, deadline=None)
def test_more_points_extend_the_sequence(n: int, more: int, method: str) -> None:
    assert np.array_equal(table(method, n + more, 7)[:n], table(method, n, 7))


@pytest.mark.parametrize("method", SPACE_FILLING)
def test_seeds_decide_the_design(method: str) -> None:
    assert np.array_equal(table(method, 50, 5), table(method, 50, 5))
    assert not np.array_equal(table(method, 50, 5), table(method, 50, 6))
    assert ((table(method, 500) > 0.0) & (table(method, 500) < 1.0)).all()
    assert np.abs(np.corrcoef(table(method, 500).T) - np.eye(5)).max() < 0.2


def test_grid_and_one_at_a_time() -> None:
    assert len(table("grid", 3, factors=FACTORS[:3])) == 27
    rows = METHODS["one_at_a_time"](FACTORS, 4, 0)
    assert len(rows) == 1 + 5 * 4 and rows[0] == (None,) * 5
    assert all(sum(x is not None for x in row) == 1 for row in rows[1:])
    with pytest.raises(DesignError, match="points"):
        METHODS["grid"](FACTORS * 4, 5, 0)


# --- design files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(design_files(LIBRARY)))
def test_every_shipped_design_makes_a_plan(name: str) -> None:
    design = load_design(name, LIBRARY)
    small = 2 if design.method in ("grid", "one_at_a_time") else 8
    plan = plan_of(design, LIBRARY, n=None if design.method == "list" else small, replicates=2)
    assert len(plan.runs) == 2 * len(plan.points)
    assert plan.runs[:2] == ((0, 0), (0, 1))
    assert len({p.id for p in plan.points}) == len(plan.points)
    assert set(plan.design["outcomes"]) == set(design.outcomes)
    assert all(design.title[lang] and design.what[lang] for lang in ("zh", "en"))


def test_sensitivity_has_enough_factors_and_a_control_that_zhejiang_never_reads() -> None:
    design = load_design("sensitivity", LIBRARY)
    assert len(design.factors) >= 13
    assert {f.kind for f in design.factors} >= {"lever", "uncertainty", "scale"}
    plan = plan_of(design, LIBRARY, n=4)
    clock = {p.resolve(LIBRARY).levers["clawback.clock"][-1] for p in plan.points}
    assert clock == {"listing_year"}
    for regime in ("tongzhou_2017", "generic_guide"):
        again = load_design("sensitivity", LIBRARY, regime=regime)
        assert {p.regime for p in plan_of(again, LIBRARY, n=4).points} == {regime}


@pytest.mark.slow
def test_the_control_changes_no_outcome() -> None:
    design = load_design("sensitivity", LIBRARY)
    control = next(f for f in design.factors if f.group == "control")
    plan = plan_of(replace(design, factors=(control,), method="grid", n=2, replicates=1), LIBRARY)
    frame = evaluate(plan, library=LIBRARY, workers=1).drop(columns=["run", "point", control.name])
    first, second = (frame.iloc[i].to_dict() for i in (0, 1))
    assert str(first) == str(second)


def test_one_at_a_time_compares_with_the_base() -> None:
    plan = plan_of(load_design("one_at_a_time", LIBRARY), LIBRARY, n=2, replicates=1)
    assert plan.points[0].id == BASE and not plan.points[0].levers
    assert set(plan.baselines) == {p.id for p in plan.points[1:]} and set(plan.baselines.values()) == {BASE}


def test_regime_and_world_are_factors() -> None:
    plan = plan_of(load_design("worlds_and_regimes", LIBRARY), LIBRARY)
    assert {(p.regime, p.world) for p in plan.points} == {
        (r, w) for r in ("null", "zhejiang_2015") for w in ("zhejiang", "jiangsu", "guizhou")
    }


def stand_in(spec: object) -> dict[str, float]:
    levers = spec.scenario.levers  # type: ignore[attr-defined]
    return {"town_exit_rate": float(levers["clawback.multiple"][-1])}


def test_factors_are_columns_of_the_table() -> None:
    design = load_design("clawback_and_land", LIBRARY)
    frame = evaluate(plan_of(design, LIBRARY, n=2, replicates=2), library=LIBRARY, workers=1, task=stand_in)
    assert list(frame.columns[4:7]) == ["regime", "clawback.multiple", "land_reward.share"]
    assert (frame["town_exit_rate"] == frame["clawback.multiple"]).all()


# --- mistakes --------------------------------------------------------------------------------------------------------

GOOD = """
[design]
id = "mine"
title = { zh = "甲", en = "A" }
what = { zh = "乙", en = "B" }
method = "latin_hypercube"
n = 8
replicates = 2
outcomes = ["town_exit_rate"]

[base]
regime = "zhejiang_2015"

[[factor]]
name = "land_reward.share"
low = 0
high = 1
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('"land_reward.share"', '"land_reward.shar"', ["line 15", "did you mean: land_reward.share?"]),
        ("high = 1", "high = 0", ["line 16", "low must be below high"]),
        ("replicates = 2", "replicates = 0", ["line 8", "replicates", "positive whole number"]),
        ("n = 8", "n = 0", ["line 7", "number of points"]),
        ("n = 8", "n = 2.5", ["line 7", "2.5"]),
        ("n = 8\n", "", ["needs n"]),
        ('"town_exit_rate"', '"town_exit_rat"', ["line 9", "no such outcome", "did you mean: town_exit_rate?"]),
        ('"latin_hypercube"', '"latin_hypercub"', ["line 6", "did you mean: latin_hypercube?"]),
        ('"zhejiang_2015"', '"zhejiang_2051"', ["line 12", "did you mean: zhejiang_2015?"]),
        ("low = 0", "lw = 0", ["lw", "did you mean: low?"]),
        ("[[factor]]", "[[factr]]", ["factr", "did you mean: factor?"]),
        ("[base]", '[[row]]\n"land_reward.share" = 1\n[base]', ["only a list design"]),
        ('"latin_hypercube"', '"list"', ["[[row]]"]),
        ('name = "land_reward.share"', 'name = "point"\nkeys = ["land_reward.share"]', ["column of this name"]),
        ('name = "land_reward.share"', 'name = "a b"\nkeys = ["land_reward.share"]', ["letters, digits"]),
    ],
)
def test_a_bad_design_gives_one_clear_message(tmp_path: Path, old: str, new: str, parts: list[str]) -> None:
    assert old in GOOD
    with pytest.raises(InputErrors) as caught:
        load_design(write(tmp_path, GOOD.replace(old, new, 1)), LIBRARY)
    text = str(caught.value)
    assert all(part in text for part in parts), text
    assert len(caught.value.problems) == 1, text
    told(caught.value, "zh")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.toml"]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    bad = GOOD.replace("replicates = 2", "replicates = 0").replace("high = 1", "high = -1").replace("n = 8", "n = 0")
    with pytest.raises(InputErrors) as caught:
        load_design(write(tmp_path, bad), LIBRARY)
    assert len(caught.value.problems) == 3


def test_two_factors_for_one_lever_are_refused(tmp_path: Path) -> None:
    twice = GOOD + '\n[[factor]]\nname = "mine"\nkeys = ["land_reward.share"]\nlevels = [0.1, 0.2]\n'
    with pytest.raises(InputErrors, match=r'"land_reward\.share" and "mine" both set this'):
        load_design(write(tmp_path, twice), LIBRARY)
    again = GOOD + '\n[[factor]]\nname = "land_reward.share"\n'
    with pytest.raises(InputErrors, match="appears twice"):
        load_design(write(tmp_path, again), LIBRARY)


def test_an_unknown_design_is_guessed() -> None:
    with pytest.raises(DesignError, match="sensitivity") as caught:
        load_design("sensitivty", LIBRARY)
    assert caught.value.suggestion == "sensitivity"


def test_a_bound_that_names_another_lever_is_told_before_anything_runs(tmp_path: Path) -> None:
    text = GOOD.replace("land_reward.share", "assessment.qualified_score").replace("high = 1", "high = 100")
    design = load_design(write(tmp_path, text), LIBRARY)
    with pytest.raises(DesignError) as caught:
        plan_of(design, LIBRARY)
    found = str(caught.value)
    assert "assessment.excellent_score" in found and "assessment.qualified_score = " in found and "1 / 8" in found, (
        found
    )
    assert "第" in told(caught.value, "zh")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "bad_size"),
        ({"n": -3}, "bad_size"),
        ({"replicates": 0}, "bad_replicates"),
        ({"replicates": True}, "bad_replicates"),
        ({"outcomes": ["town_exit"]}, "unknown_outcome"),
    ],
)
def test_bad_sizes_in_a_call(options: dict, message: str) -> None:
    with pytest.raises(DesignError) as caught:
        plan_of(load_design("levers_and_behaviour", LIBRARY), LIBRARY, **options)
    assert caught.value.message_id == message


@given(st.text(max_size=60))
@settings(max_examples=30, deadline=None)
def test_any_text_is_read_or_refused_politely(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.toml"
        path.write_text(GOOD.replace("land_reward.share", text.replace("\n", " ")), "utf-8", "surrogatepass")
        try:
            load_design(path, LIBRARY)
        except InputError as problem:
            assert told(problem, "zh") and str(problem)


def test_factor_and_record_agree() -> None:
    made = factor(LIBRARY, "land_reward.share", low=0, high=1)
    assert load_design("clawback_and_land", LIBRARY).factors[2] == made
