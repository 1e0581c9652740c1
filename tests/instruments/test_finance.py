"""finance: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect, Promise, in_listed

EVENTFUL = {"finance.events": 20}
PARTNERS = {"finance.ppp": 0.5}
EFFECT = Effect(ZJ, {"finance.events": 0}, {"finance.events": 200}, 4, in_listed(lambda p: p.towns.social[-1]), +1)
CASES = {
    "events": Case(ZJ, 20),
    "contacts": Case(ZJ, 1, EVENTFUL),
    "success": Case(ZJ, 0.8, EVENTFUL),
    "guarantee": Case(ZJ, 0.8),
    "count": Case(ZJ, "firms", EVENTFUL),
    "guarantee_loss": Case(ZJ, 0.3, {"finance.guarantee": 0.8}),
    "ppp": Case(ZJ, 0.5),
    "ppp_years": Case(ZJ, 3, PARTNERS),
    "ppp_return": Case(ZJ, 0.15, PARTNERS),
    "venture": Case(ZJ, 20_000),
    "partner": Case(ZJ, 0.5),
    "partner_developer": Case(ZJ, True, {"finance.partner": 0.5}),
}
PROMISE = Promise(
    ZJ,
    PARTNERS,
    lambda it: it.total("ppp_advance") - it.total("ppp_fee"),
    low=0.8,
    high=1.0,
    why="they leave out the works that they do for effort, and the instalments on last year's",
)
