"""processing: what it does, which levers move a run."""

from __future__ import annotations

from sim.engine.ledger import REASONS
from sim.instruments.processing import INDUSTRY
from tests.instruments.kit import ZJ, Case, Effect, Period, Promise, flow, played, small


def sold(it: Period) -> float:
    """Tax on what the base and the processing sold: both crops at their gate price, and the added value."""
    b, r = it.before.behaviour, it.after.rural
    keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
    return keeps * float(r.back[it.rows, INDUSTRY].sum() + r.processed[it.rows].sum())


CROPS = {"processing.base": 1000, "processing.quantity": 50, "processing.uplift": 5}
EFFECT = Effect(ZJ, {"processing.base": 0}, {"processing.base": 1000}, 4, flow(REASONS["land_rent"]), +1)
CASES = {
    "base": Case(ZJ, 500),
    "quantity": Case(ZJ, 20, CROPS),
    "uplift": Case(ZJ, 10, CROPS),
    "farmer_share": Case(ZJ, 0.5, CROPS),
    "cooperative_fee": Case(ZJ, 0.1, CROPS),
    "rent_period": Case(ZJ, "part", CROPS),
}
PROMISE = Promise(
    ZJ,
    CROPS,
    sold,
    low=1.1,
    high=1.5,
    why="they count what the base grows, and not the farmers who follow it",
)


def test_a_town_processes_fifty_tonnes_of_chestnuts_and_no_lavender():
    """B-LQ-7 (F003 L229): 年可深加工板栗10万斤以上, 每斤6元提高到每斤60元, so 540 万元 a town and year at most."""
    made = small("shandong_lavender", 8)
    p, bare = played(made), played(small("shandong_lavender", 8, levers={"processing.base": 0}))
    towns = int(p.towns.on_a_list().sum())
    assert not bare.rural.base.any() and p.rural.planted.any()
    assert 4 * p.rural.processed[p.t] == 4 * bare.rural.processed[p.t] == towns * 540


def test_no_more_is_processed_than_the_villages_grow():
    """B-LQ-7 (F003 L229): what is processed comes from the orchards around the town."""
    huge = {"processing.base": 0, "processing.quantity": 1000, "processing.uplift": 10}
    p = played(small("shandong_lavender", 6, levers=huge))
    grown = p.villages.productivity * p.villages.population / 4.0
    on = p.towns.on_a_list()[p.places.villages.town]
    assert 0 < p.rural.processed[p.t] <= 9 * grown[on].sum() * 1.01
