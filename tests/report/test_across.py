"""Many regimes by rows: who is compared with what, in which order, and what the page says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from experiments.analysis.opened import Result
from experiments.analysis.study import ScenarioRuns, Study
from experiments.plan.baselines import baselines
from report.figures import across
from report.figures.draw import draw_all
from report.pages.comparison.page import summary
from report.render.markdown import markdown
from sim.outcomes.records import SAME_TEST, shown_in
from tests import fakes

SITES = 150
BY_SITE_OF = {**SAME_TEST, "land_net_site": "land_net"}
OUTCOMES = {
    **fakes.OUTCOMES,
    **{f"summary.{n}": replace(fakes.OUTCOMES[f"summary.{total}"], id=n) for n, total in BY_SITE_OF.items()},
}
NAMES = tuple(f"r{i}" for i in range(8))


def group(scenario: str, regime: str, world: str, effective: int = 1, n: int = 12) -> ScenarioRuns:
    """Runs of one regime in a world."""
    r = replace(fakes.resolved(regime, effective), world=world, fingerprint=f"{regime}{world}{effective}" * 3)
    specs = tuple(fakes.RunSpec(r, k) for k in range(n))
    title = {"zh": f"体系{regime}（{world}）", "en": f"Regime {regime} ({world})"}
    runs = tuple(map(fakes.fake_run, specs))
    for run in runs:
        run.summary.update({name: run.summary[total] / SITES for name, total in BY_SITE_OF.items()})
    return ScenarioRuns(scenario, title, r, specs, runs)


@pytest.fixture(scope="module")
def study():
    """Eight regimes in one world and three of them in a world of their own."""
    with pytest.MonkeyPatch.context() as patch:
        for i, name in enumerate(NAMES):
            patch.setitem(fakes.STRENGTH, name, 0.1 * i)
            patch.setitem(fakes.REGIMES, name, {})
        yield _study()


def _study() -> Study:
    groups = [group("none", "null", "zhejiang"), group("none.home", "null", "own")]
    groups += [group(name, name, "zhejiang") for name in NAMES]
    groups += [group(f"{name}.home", name, "own") for name in NAMES[:3]]
    base = baselines([(g.id, g.resolved.regime, g.resolved.world) for g in groups])
    worlds = {"zhejiang": {"zh": "浙江省", "en": "Zhejiang"}}
    return Study("many", {"zh": "很多体系", "en": "Many regimes"}, tuple(groups), OUTCOMES, base, "", worlds)


def test_a_null_of_the_same_years_is_taken_before_another_of_the_same_world():
    found = baselines(
        [("n", "null", "a"), ("late", "null", "a"), ("x", "zj", "a"), ("y", "tz", "a"), ("z", "tz", "b")],
        {"n": 1, "late": 9, "x": 9, "y": 4},
    )
    assert found == {"x": "late", "y": "n", "z": "n"}, "another null is no scenario to compare"


def test_rows_pair_a_regimes_worlds_and_are_ordered_by_completion(study):
    rows = across.rows(study)
    assert across.common_world(study) == "zhejiang"
    gains = [study.contrasts[r.common.id]["completion_common"].difference.value for r in rows]
    assert gains == sorted(gains, reverse=True) and len(rows) == len(NAMES)
    home = {r.regime: r.home.id for r in rows if r.home}
    assert home == {name: f"{name}.home" for name in NAMES[:3]}
    assert rows[0].title["en"] == f"Regime {rows[0].regime}", "the place in brackets is not part of the name"


def test_few_regimes_are_told_apart_by_colour(study, monkeypatch):
    monkeypatch.setattr(fakes, "REGIMES", {name: v for name, v in fakes.REGIMES.items() if name not in NAMES})
    few = fakes.study(2)
    assert across.is_across(study) and not across.is_across(few)
    assert few.family_ids == few.main_ids


def test_how_many_regimes_there_are_changes_no_p_value(study):
    """The family is the main outcomes of all comparisons; in worlds of different size those counted by site as well."""
    assert study.several_worlds and study.family_ids == (*study.main_ids, *shown_in("by_site"))
    one_world = tuple(g for g in study.groups if g.resolved.world == "zhejiang")
    base = {k: v for k, v in study.baseline_of.items() if k in {g.id for g in one_world}}
    many = replace(study, groups=one_world, baseline_of=base)
    assert across.is_across(many) and many.family_ids == many.main_ids
    names = {name for name, difference in across.shown(study) if difference}
    assert names <= {*study.family_ids, *SAME_TEST}, "whatever a row shows has been corrected"
    assert "land_net_site" in names and "land_net" in dict(across.shown(many))


def test_a_total_counted_by_site_is_the_same_test(study):
    for group, _ in study.pairs():
        found = study.contrasts[group.id]
        for by_site, total in SAME_TEST.items():
            assert by_site in found and found[by_site].p_holm == found[total].p_holm


def page_of(study: Study, folder: Path, lang: str) -> str:
    return markdown(summary(Result(folder, "compare", {"command": "x", "title": study.title}, {}, study)), lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_figure_and_one_page(study, tmp_path, lang):
    files = draw_all(study, tmp_path, [lang])
    assert [p.name for p in files] == [f"regimes.{lang}.png", f"regimes.{lang}.svg"]
    text = page_of(study, tmp_path, lang)
    best = across.rows(study)[0]
    assert best.title[lang] in text and {"zh": "浙江省", "en": "Zhejiang"}[lang] in text
    number = study.contrasts[best.common.id]["completion_common"].difference.value
    assert f"{number * 100:+.1f}" in text.replace("\u2212", "-"), "the page tells the estimate itself"
    unsure = [r for r in across.rows(study) if not across.stands(study, r.common, "completion_common", True)]
    said = {"zh": "体系r0（zhejiang）没有变化", "en": "unchanged under Regime r0 (zhejiang)"}[lang]
    assert [row.regime for row in unsure] == ["r0"] and said in text


def test_filled_gaps_are_told(study, tmp_path):
    filled = replace(study.groups[2].resolved, filled={"rebate.active": "zhejiang_money"})
    groups = tuple(replace(g, resolved=filled) if i == 2 else g for i, g in enumerate(study.groups))
    text = page_of(replace(study, groups=groups), tmp_path, "en")
    assert "1 levers that the documents of Regime r0" in text
    assert "(`rebate.active`) are lent by “zhejiang_money”" in text
