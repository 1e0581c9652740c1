"""talent: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect, Promise, in_listed, make, played, small
from tests.worlds import play

PAID = {"talent.subsidy": 10}
FLATS = {"talent.flats": 20_000}
SUPPORTED = {"talent.projects": 40}
EFFECT = Effect(ZJ, {"talent.subsidy": 0}, {"talent.subsidy": 100}, 3, in_listed(lambda p: p.diary.talents_in[2]), +1)
CASES = {
    "subsidy": Case(ZJ, 20),
    "housing": Case(ZJ, 0.5),
    "startup_fund": Case(ZJ, 100),
    "services": Case(ZJ, 0.8),
    "payer": Case(ZJ, "province", PAID),
    "training": Case(ZJ, 2),
    "tracking": Case(ZJ, 0.8),
    "referral": Case(ZJ, 1),
    "flats": Case(ZJ, 20_000),
    "flats_owned": Case(ZJ, 1, FLATS),
    "flats_shared": Case(ZJ, 1, FLATS),
    "schooling": Case(ZJ, 1),
    "cards": Case(ZJ, 1000),
    "projects": Case(ZJ, 40),
    "project_money": Case(ZJ, 200, SUPPORTED),
    "project_success": Case(ZJ, 0.2, SUPPORTED),
    "settlement": Case(ZJ, 0.5),
}
PROMISE = Promise(
    ZJ,
    {"talent.subsidy": 10, "talent.training": 1},
    lambda it: -it.total("talent_subsidy", "talent_training"),
    low=1.0,
    high=1.3,
    why="they reckon with last year's arrivals, and arrivals grow",
)


def test_settling_in_half_the_time_draws_talents_to_every_town_and_keeps_none():
    """PY-APPR-1 (S0 L105): talents take up residence in half the time, in the whole district."""
    p = make(small("panyu_2019", 3, levers={"talent.cards": 0}, effective="2015Q2"))
    play(p, 2)
    assert (p.offer.settling == 0.5 / 3.0).all() and not p.offer.services.any()
    came = [
        sum(played(small(ZJ, 4, levers={"talent.settlement": x}), k).diary.talents_in[1:].sum() for k in range(3))
        for x in (0.0, 1.0)
    ]
    assert came[1] > came[0]
