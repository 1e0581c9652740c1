"""Doses: what is varied exists, the arithmetic of verdicts holds, and a short dose runs, is drawn and written."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from experiments.analysis.doses.sweep import CHOICES, Dose, Measured, doses, measure, points, verdict
from experiments.analysis.estimates.contrasts import paired
from report.text.catalogue import under
from sim.outcomes import OUTCOMES
from sim.state.town import Strategy
from tests.worlds import library


def named(name: str) -> Dose:
    """A dose by its id."""
    return next(d for d in doses() if d.id == name)


@pytest.fixture(scope="module")
def measured() -> Measured:
    """The clawback at two strengths, three replicates."""
    short = dataclasses.replace(named("clawback_multiple"), values=(0, 4))
    return measure([short], replicates=3, workers=1, quarters=20)[0]


def test_every_dose_resolves_and_is_told_in_both_languages() -> None:
    files = library()
    assert len({d.id for d in doses()}) == len(doses()) >= 14
    assert {d.part for d in doses()} >= set("abcdefg")
    for d in doses():
        marks = {point.resolve(files).fingerprint for point in points(d, files)}
        assert len(marks) == len(d.values), f"{d.id}: two values give the same scenario"
        assert not d.labels or len(d.labels) == len(d.values)
        assert d.focus in CHOICES
        for words in (d.title, d.says, d.reads, *(e.why for e in d.expected), *d.labels):
            assert words["zh"] and words["en"], d.id
        for e in d.expected:
            assert e.outcome in OUTCOMES or e.outcome in CHOICES, f"{d.id}: {e.outcome}"
        assert sum(e.outcome not in CHOICES for e in d.expected) >= 2, f"{d.id} has nothing to draw"
    assert list(under("doses.menu")) == [f"doses.menu.{s.name.lower()}" for s in Strategy]


def test_verdicts() -> None:
    base = np.array([1.0, 2.0, 3.0, 4.0])
    up = paired(base + np.array([1.0, 1.1, 0.9, 1.0]), base)
    assert (verdict(1, up), verdict(-1, up), verdict(0, up)) == ("as expected", "against", "open")
    assert verdict(1, paired(base + np.array([1.0, -1.0, 1.0, -1.1]), base)) == "not shown"
    assert verdict(1, paired(base, base)) == verdict(0, paired(base, base)) == "nothing"


def test_a_dose_runs_and_compares_with_its_first_value(measured: Measured) -> None:
    frame = measured.frame
    first = frame[frame.value == "0"]
    assert (first.difference == 0.0).all() and (first.n == 3).all()
    clawed = frame[(frame.outcome == "land_clawed") & (frame.value == "4")].iloc[0]
    assert clawed["difference"] > 0.0 and clawed["expected"] == 1
    share, flows = measured.movers(1)
    assert 0.0 < share < 1.0 and all(x > 0.0 for *_, x in flows)
    assert measured.movers(0) == (0.0, [])
    for name in CHOICES[1:]:
        assert np.all((0.0 <= measured.values(name, 1)) & (measured.values(name, 1) <= 1.0))


def test_linked_villages_give_back_to_towns() -> None:
    """Linkage moves villages within N most, and labour, land, produce and visitors flow back into towns."""
    short = dataclasses.replace(named("linked_villages"), values=(0, 6))
    m = measure([short], replicates=2, workers=1, quarters=12)[0]
    assert not np.array_equal(m.values("jobs_end", 0), m.values("jobs_end", 1))
    assert np.all(m.values("link_labour", 0) == 0.0) and np.all(m.values("link_labour", 1) > 0.0)
    gain = m.by_rank("income", 1) - m.by_rank("income", 0)
    assert np.all(gain[:6] > 0.0) and gain[:6].mean() > 3.0 * np.abs(gain[6:]).mean()


def test_document_and_figures_are_written(measured: Measured, tmp_path: Path) -> None:
    from report.pages.doses import write_measured

    paths = write_measured([measured], tmp_path, library())
    names = {p.relative_to(tmp_path).as_posix() for p in paths}
    assert names >= {"behaviour.md", "behaviour.zh.md", "behaviour.csv", "figures/behaviour/clawback_multiple.zh.png"}
    assert "{" not in (tmp_path / "behaviour.md").read_text("utf-8")
    assert (tmp_path / "figures/behaviour/clawback_multiple.zh.png").stat().st_size > 20_000


def test_firms_get_a_part_of_the_rebate_and_not_of_all_tax() -> None:
    from sim.engine.ledger import REASONS
    from sim.model import Simulation

    settings = {"rebate.firm_share": 1, "rebate.gate": "listed"}
    p = Simulation(library().resolve("zhejiang_2015", quarters=20, levers=settings))
    while p.t + 1 < p.clock.quarters:
        p.step()
    county, firms = (float(p.money.total(r).sum()) for r in (REASONS["rebate"], REASONS["rebate_firm"]))
    assert 0.6 < firms / county < 1.4
