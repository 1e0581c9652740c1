"""County governments: a yearly choice for every town from a small menu, by what the clauses will pay or take.

For each strategy (stay out, coast, build, push, push and inflate, drift into housing) the county forecasts the coming
year from the projects it knows, asks every instrument what it would pay (:meth:`sim.instruments.Policy.expected`) and
takes

    U = instruments + (own tax on new investment + housing gain − effort cost − unease at false figures)·annuity

by softmax of scale ``official.scale`` (Gumbel tastes keyed by town and year). So who applies, who coasts, who pushes,
who cheats and who drifts follows from the regime's own payments. Forecast of industrial investment::

    I(s) = pipeline·outlook·(1 + effort_elasticity·(effort(s) − 0.5)),   outlook learned from the own record

Units: 万元; arrays have shape (strategies, T).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.agents.financier import PROJECT_PART
from sim.agents.intensity import CORE, mu_per_yuan
from sim.engine.draws import decision
from sim.engine.kernel import kernel
from sim.engine.numeric import exp, exp_, gumbels, log, log_, normal_cdf
from sim.state.forecast import Forecast
from sim.state.people import ANNOUNCED, APPROVED, BUILDING, LANDED, SIGNED
from sim.state.populations import ProjectColumns
from sim.state.province import Province
from sim.state.town import COMMERCIAL, EFFORT, EVENTS, Status, Strategy

CALL_APPLY = decision("call.apply")
PLAN_STRATEGY = decision("plan.strategy")

Floats = NDArray[np.float64]
N = len(Strategy)
BASE_DRIFT = 0.08
"""Housing that comes with any town, as a share of industrial investment."""


# --- what the county expects -----------------------------------------------------------------------------------------


@kernel
def pipeline(c: ProjectColumns, n: int, out: NDArray[np.float64]) -> None:
    """Spending expected over the next four quarters from projects already known, 万元 by town."""
    out[:] = 0.0
    for i in range(n):
        if c.stage[i] == BUILDING:
            chance, quarters = 0.97, 4.0
        elif c.stage[i] == LANDED:
            chance, quarters = 0.75, 3.5
        elif c.stage[i] == APPROVED:
            chance, quarters = 0.55, 2.5
        elif c.stage[i] == SIGNED:
            chance, quarters = 0.45, 2.0
        elif c.stage[i] == ANNOUNCED:
            chance, quarters = 0.2, 1.0
        else:
            continue
        x0 = c.progress[i]
        x1 = min(1.0, x0 + quarters / c.duration[i])
        out[c.town[i]] += chance * c.budget[i] * c.cost[i] * (x1 * x1 * (3.0 - 2.0 * x1) - x0 * x0 * (3.0 - 2.0 * x0))


def foresee(p: Province) -> None:
    """Refresh ``p.towns.forecast_base``: the pipeline plus half of last year's pace for what is not yet announced."""
    out = np.zeros(p.towns.size)
    pipeline(p.projects.columns, p.projects.n, out)
    past = slice(max(0, p.t - 4), p.t)
    pace = (p.towns.core[past] + p.towns.other[past]).sum(axis=0) if p.t >= 4 else out
    p.towns.forecast_base = 0.6 * out + 0.4 * pace + 100.0


def industrial_forecast(p: Province) -> Floats:
    """Industrial investment of the coming year that a county expects of each strategy, 万元."""
    lift = 1.0 + p.behaviour["forecast.effort_elasticity"] * (EFFORT[:, None] - 0.5)
    return p.towns.forecast_base * p.towns.outlook * lift


def forecast(p: Province, listed: NDArray[np.bool_]) -> Forecast:
    """What the county expects of each strategy, taking the towns in ``listed`` to be on the creation list."""
    b, s = p.behaviour, p.towns
    industrial = industrial_forecast(p)
    works = PROJECT_PART * b["finance.government_share"] * industrial
    works = works + effort_cost(p) * b["effort.infrastructure"]
    gap = np.zeros((N, s.size)) + b["report.base"]
    gap[Strategy.INFLATE] += b["report.inflation"]
    rule = p.policy.target.rule(p.t)
    effective = industrial + works
    if rule == "any":
        effective = effective + industrial * drift_rates(p)
    elif rule == "core_only":
        effective = industrial * CORE
    elif rule == "no_commercial":
        effective = effective - COMMERCIAL * (1.0 - CORE) * industrial
    p_annual, p_stay = p.policy.assessment.chances(p, effective * (1.0 + p.policy.assessment.seen(p, gap)))
    return Forecast(
        listed=listed,
        named=p.towns.status == Status.NAMED,
        invest=effective,
        p_annual=p_annual,
        p_three=_p_three(p, effective * (1.0 + gap), p.cumulative_reported(), p.policy.acceptance.years_left(p)),
        p_settled=_p_three(p, effective * (1.0 + gap), *p.policy.clawback.standing(p)),
        p_miss_again=1.0 - p_stay,
        industrial=industrial,
        land=100.0 * industrial * mu_per_yuan(p),
        new_tax=_new_tax(p, industrial),
        gap=gap,
        annuity=annuity(b["official.horizon"], b["official.discount"]),
        years_left=p.policy.acceptance.years_left(p),
        shadow_price=shadow_price(p),
    )


def annuity(years: float, rate: float) -> float:
    """Present value of one yuan a year."""
    return float((1.0 - exp_(-years * log_(1.0 + rate))) / rate)


def shadow_price(p: Province) -> Floats:
    """Worth of a mu of quota, 万元 by town: dearer where land is dear."""
    price = p.places.counties.land_price[p.places.towns.county]
    return p.behaviour["land.shadow_price"] * np.sqrt(price / 15.0)


def effort_cost(p: Province) -> Floats:
    """Yearly cost of each strategy's effort, 万元: cost · effort^curvature · (revenue/median)^¼."""
    c = p.places.counties
    scale = np.sqrt(np.sqrt(c.revenue / max(1.0, float(np.median(c.revenue)))))[p.places.towns.county]
    b = p.behaviour
    cost: Floats = b["effort.cost"] * exp(b["effort.curvature"] * log(EFFORT))[:, None] * scale
    return cost


def drift_rates(p: Province) -> Floats:
    """Housing let in by each strategy as a share of industrial investment, within the ceiling.

    A developer who is a town's partner brings housing along whatever the county does.
    """
    rates = np.full((N, p.towns.size), BASE_DRIFT) * p.offer.housing_pull
    rates[Strategy.DRIFT] += p.behaviour["housing.demand"] * (1.0 - p.offer.mixed) * p.offer.housing_pull
    ceiling = p.offer.housing_ceiling
    most = np.where(ceiling < 1.0, ceiling / np.maximum(1e-9, 1.0 - ceiling), np.inf)
    return np.asarray(np.minimum(rates, most))


def _p_three(p: Province, reported: Floats, done: Floats, left: Floats) -> Floats:
    total = done + left * reported
    target = np.maximum(1.0, p.policy.target.three_year(p))
    spread = p.behaviour["forecast.log_sd"] * np.sqrt(0.1 + left / 3.0)
    return normal_cdf((log(np.maximum(1.0, total)) - log(target)) / spread)


def _new_tax(p: Province, industrial: Floats) -> Floats:
    s = p.towns
    past = slice(max(0, p.t - 4), max(1, p.t))
    now = s.tax[past].sum(axis=0) * (4.0 / max(1, min(4, p.t)))
    base = np.where(s.base_tax >= 0, s.base_tax, now)
    new: Floats = np.maximum(0.0, now - base) + industrial * p.constants["tax.per_investment"]
    return new


# --- the choice ------------------------------------------------------------------------------------------------------


def value(p: Province, f: Forecast) -> Floats:
    """Expected payoff of each strategy, 万元."""
    b = p.behaviour
    industrial = industrial_forecast(p)
    kept = (1.0 - p.policy.rebate.provincial_share(p)) * p.places.facts.county.tax_kept
    own = industrial * p.constants["tax.per_investment"] * b["treasury.local_share"] * kept
    housing = industrial * drift_rates(p) * b["housing.gain"]
    unease = np.where(np.arange(N) == Strategy.INFLATE, b["report.guilt"], 0.0)[:, None]
    u = (own + housing - effort_cost(p) - unease) * f.annuity + p.policy.expected(p, f)
    u[Strategy.OUT] = np.where(f.listed, u[Strategy.OUT] - b["official.stigma"], u[Strategy.OUT])
    u[Strategy.INFLATE] = np.where(f.listed, u[Strategy.INFLATE], -np.inf)
    return u


def values(p: Province, listed: NDArray[np.bool_]) -> Floats:
    """Payoffs when the given towns are on the creation list; leaving the list forfeits what it pays."""
    f = forecast(p, listed)
    u = value(p, f)
    if listed.any():
        plain = value(p, replace(f, listed=np.zeros(p.towns.size, dtype=bool)))
        leave = plain[Strategy.OUT] - p.behaviour["official.stigma"]
        given_up = replace(
            f, p_annual=np.zeros_like(u), p_three=np.zeros_like(u), p_settled=np.zeros_like(u), land=np.zeros_like(u)
        )
        claw = p.policy.clawback.expect(p, given_up)
        if claw is not None:
            leave = leave + claw[Strategy.OUT]
        u[Strategy.OUT] = np.where(listed, leave, u[Strategy.OUT])
    return u


def applies(p: Province) -> NDArray[np.bool_]:
    """Which sites apply when a window is open: the gain from being listed against the taste for staying out."""
    foresee(p)
    eligible = p.policy.call.eligible(p)
    gain = listing_gain(p)
    u = p.draws.uniforms(CALL_APPLY, p.places.towns.key, 7000 + p.t)
    chance = normal_cdf((gain - p.constants["call.cost"]) / p.behaviour["official.scale"] / 1.7)
    return eligible & (u < chance)


def stands(p: Province) -> NDArray[np.bool_]:
    """Which sites a list fixed from above can be drawn from: all that are eligible, asked or not."""
    foresee(p)
    return p.policy.call.eligible(p)


def listing_gain(p: Province) -> Floats:
    """Best payoff on the list less the best payoff off it, 万元 by town."""
    everyone = np.ones(p.towns.size, dtype=bool)
    f = forecast(p, everyone)
    on = value(p, f)[1:].max(axis=0)
    off = value(p, replace(f, listed=~everyone)).max(axis=0)
    gain: Floats = on - off
    return gain


def plan(p: Province) -> None:
    """Step 3, in the first quarter and whenever a list was published: choose and commit."""
    s = p.towns
    fresh = (s.listed_at == p.t) | (s.cultivated_at == p.t)
    if p.clock.quarter.q != 1 and not fresh.any():
        return
    foresee(p)
    deciding = np.ones(s.size, dtype=bool) if p.clock.quarter.q == 1 else fresh
    listed = s.status == Status.CREATION
    u = values(p, listed)
    s_value = np.maximum(0.0, np.where(listed, u[1:].max(axis=0) - u[Strategy.OUT], 0.0))
    p.towns.standing_value = np.where(
        deciding, np.minimum(s_value, p.constants["official.standing_cap"]), p.towns.standing_value
    )
    taste = gumbels(_tastes(p))
    choice = np.argmax(u / p.behaviour["official.scale"] + taste, axis=0)
    s.strategy = np.where(deciding, choice, s.strategy)
    _withdraw(p, deciding & listed & (s.strategy == Strategy.OUT))
    _commit(p, deciding)


def _tastes(p: Province) -> Floats:
    year = p.clock.start_index // 4 + (p.clock.start_index % 4 + p.t) // 4
    keys = p.places.towns.key
    return np.stack([p.draws.uniforms(PLAN_STRATEGY, keys, 16 * year + k) for k in range(N)])


def _withdraw(p: Province, who: NDArray[np.bool_]) -> None:
    p.policy.lists.remove(p, who, Status.WITHDRAWN, 16)
    p.towns.event[p.t] |= np.where(who, EVENTS["withdrew"], 0)


def _commit(p: Province, deciding: NDArray[np.bool_]) -> None:
    """Effort, inflation, housing and the declared plan follow from the strategy."""
    s, b = p.towns, p.behaviour
    s.effort = np.where(deciding, EFFORT[s.strategy], s.effort)
    s.inflation = np.where(deciding, np.where(s.strategy == Strategy.INFLATE, b["report.inflation"], 0.0), s.inflation)
    s.drift = np.where(deciding, drift_rates(p)[s.strategy, np.arange(s.size)], s.drift)
    f = forecast(p, s.status == Status.CREATION)
    mine = f.invest[s.strategy, np.arange(s.size)]
    p.towns.declared = np.where(deciding, b["official.caution"] * mine, p.towns.declared)
    fresh = (s.plan == 0) & s.on_a_list()
    s.plan = np.where(fresh, np.rint(3.0 * b["official.caution"] * mine).astype(np.int64), s.plan)
    s.promised = np.where(fresh, p.policy.target.three_year(p).astype(np.int64), s.promised)
    p.towns.expected_invest = np.where(deciding, mine / np.maximum(0.3, s.outlook), p.towns.expected_invest)
    held = s.on_a_list() & (s.status != Status.NAMED)
    p.towns.required = np.where(held, p.policy.target.annual(p), 0.0)


def learn(p: Province) -> None:
    """Step 16, at the year's end: the outlook moves towards the realised ratio of true to forecast investment."""
    if p.clock.quarter.q != 4:
        return
    true = p.true_effective().astype(np.float64)
    seen = np.clip(true / np.maximum(1.0, p.towns.expected_invest), 0.3, 2.5)
    known = p.towns.expected_invest > 0.0
    s = p.towns
    s.outlook = np.where(known, s.outlook + p.behaviour["official.learning"] * (seen - s.outlook), s.outlook)
