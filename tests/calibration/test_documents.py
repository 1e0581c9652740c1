"""Documents against model: rows name what exists, few are excused, and a measure counts what its sentence counts."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.documented import FOR_DOCUMENTS, MEASURES
from calibration.documents import FILE, REASONS, Compared, load_facts
from calibration.windows import Window
from report.pages import documents as page
from report.render.markdown import markdown
from sim.outcomes.observe import Observer
from sim.parameters import InputErrors, Quarter
from tests import worlds
from tests.worlds import library
from xiaozhen.cli.main import main

FACTS = load_facts(library())


def test_there_are_twenty_rows_and_at_most_a_third_is_excused():
    assert len(FACTS) >= 20
    assert 3 * sum(bool(one.reason) for one in FACTS.values()) <= len(FACTS)
    assert all(one.why.en and one.why.zh for one in FACTS.values() if one.reason)


def test_every_measure_is_used_and_every_row_has_its_document():
    assert {one.measure for one in FACTS.values()} <= set(MEASURES)
    assert all(one.source.startswith(("S0", "S1", "S2", "S3", "S4")) for one in FACTS.values())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('clauses = ["B-ZJ-5"]', 'clauses = ["B-ZJ-55"]', "B-ZJ-5"),
        ('regime = "zhejiang_2015"', 'regime = "zhejiang"', "zhejiang_2015"),
        ('measure = "investment_of_first_batch"', 'measure = "investment_of_batch"', "investment_of_first_batch"),
        ('over = "to 2015Q3"', 'over = "till 2015"', "to 2016Q4"),
        ('reason = "scope"', 'reason = "unknown"', ", ".join(REASONS)),
    ],
)
def test_a_wrong_row_says_what_is_allowed(tmp_path, old, new, told):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "documents.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        load_facts(library(), tmp_path / "documents.toml")
    assert "documents.toml, line" in str(caught.value) and told in str(caught.value)


@pytest.mark.parametrize(("median", "verdict"), [(100.0, "near"), (50.0, "near"), (201.0, "scope"), (40.0, "scope")])
def test_a_factor_of_two_decides(median, verdict):
    fact = FACTS["py_solved"]
    assert Compared(fact, median * fact.value / 100.0, 0.0, 1.0).verdict == verdict


def test_measures_count_what_they_say():
    """In a small province, against sums made by hand."""
    p = worlds.make(worlds.scenario("zhejiang_2015", 12, levers=worlds.PLACES), small=True)
    noted, over = Observer(FOR_DOCUMENTS), Window("all", Quarter(2015, 1), Quarter(2017, 4))
    noted.observe(p)
    for _ in range(12):
        p.step()
        noted.observe(p)
    on = (p.towns.listed_at >= 0) | (p.towns.cultivated_at >= 0)
    found = {name: measure(p, noted, over) for name, measure in MEASURES.items()}
    assert found["investment_of_listed"] == pytest.approx(
        (p.towns.core + p.towns.other + p.towns.works)[:, on].sum() / 1e4, rel=0.2
    )
    assert found["land_added"] == p.towns.land_used[:, on].sum() / 100 / 1500
    assert found["firms_of_listed"] == p.towns.firms[on].sum()
    assert found["settlers_a_town"] == p.towns.settlers.sum() / p.towns.size == p.villages.settled.sum() / p.towns.size
    assert found["start_ups"] == p.diary.startups.sum() and found["talents_settled"] == p.diary.talents_in.sum()
    assert found["investment_a_town_year"] == pytest.approx(found["investment_of_listed"] / on.sum() / 3)
    assert 0 < found["project_budget"] <= found["largest_project"]
    assert 0 < found["done_of_begun"] < 1 and 0 < found["begun_of_announced"] < 1
    assert np.isfinite(found["projects_a_town"]) and found["processed_a_town"] == 0.0


def test_the_command_prints_the_table(capsys):
    with pytest.raises(SystemExit) as left:
        main(["documents", "--replicates", "2", "--workers", "1", "--only", "lq_jobs", "--lang", "en"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert "Jobs for 100 million yuan" in told.replace("\n", " ") or "Jobs for 100" in told
    assert "S3 L229" in told


def test_the_page_says_each_row_in_both_languages():
    made = [Compared(fact, fact.value, fact.value, fact.value) for fact in FACTS.values()]
    for lang in ("en", "zh"):
        text = markdown(page.page(made), lang)
        assert all(fact.title[lang] in text for fact in FACTS.values())


@pytest.mark.slow
def test_the_committed_page_is_up_to_date_and_nothing_is_open():
    assert not page.stale()


def test_villagers_settle_at_the_rate_that_is_named_where_access_is_usual():
    """GZ-TGT-1, S1 L35: 1.2 million new townspeople; ``village.settle`` is a yearly share and acts as one.

    Without a programme, over Zhejiang's villages: within a half of that rate, where it once was a twentieth.
    """
    p = worlds.played(worlds.scenario("null", 8))
    here = float((p.villages.population - p.villages.migrants).sum())
    yearly = p.towns.settlers[:8].sum() / 2.0 / here
    assert yearly == pytest.approx(p.behaviour["village.settle"], rel=0.5)


def test_people_come_with_a_job_as_households_do():
    """SD-PROG-1, S3 L143: 2.36 million more; a job brings its worker and dependants, but for commuters."""
    working, commuting = 0.55, 0.1
    assert library().constants["town.people_per_job"].value == pytest.approx((1 - commuting) / working, abs=0.05)
