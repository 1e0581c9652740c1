"""Firms and talents at the start, drawn anew for each replicate.

Everything is keyed by birth identity: a town's firms do not change when another town gets more of them.
"""

from __future__ import annotations

import numpy as np

from sim.engine.draws import Draws, decision
from sim.engine.kernel import kernel
from sim.engine.numeric import exp, log, normal_quantile
from sim.world.facts import WorldFacts
from sim.world.geography import revenue_per_head
from sim.world.keys import FIRM, TALENT, channel, children
from sim.world.types import INDUSTRIES, Floats, Geography, Ints, Keys, Population

FIRM_START = decision("firm.start")
FIRM_SIZE = decision("firm.size")
FIRM_AGE = decision("firm.age")
FIRM_PRODUCTIVITY = decision("firm.productivity")
FIRM_INDUSTRY = decision("firm.industry")
TALENT_START = decision("talent.start")
TALENT_TIER = decision("talent.tier")
TALENT_HOME = decision("talent.home")

OLDEST_TENURE = 80
"""Quarters; tenure is geometric and cut here."""


def draw_population(geography: Geography, facts: WorldFacts, draws: Draws) -> Population:
    """Draw the firms and talents of one replicate.

    Args:
        geography: Places, from :func:`sim.world.build.build_geography`.
        facts: The same world's facts.
        draws: The replicate's draws.
    """
    firms = _firms(geography, facts, draws)
    talents = _talents(geography, facts, draws)
    return Population(**firms, **talents)


def _counts(per_site: float, slope: float, spread: float, potential: Floats, scores: Floats) -> Ints:
    """Lognormal counts by site whose mean over a standard normal potential is ``per_site``."""
    half_variance = (slope * slope + spread * spread) / 2
    return np.rint(per_site * exp(slope * potential + spread * scores - half_variance)).astype(np.int64)


def _firms(geography: Geography, facts: WorldFacts, draws: Draws) -> dict[str, np.ndarray]:
    towns, form = geography.towns, facts.firm
    counts = _counts(
        form.per_site, form.site_slope, form.site_sd, towns.potential, draws.normals(FIRM_START, towns.key)
    )
    keys, town = children(towns.key, FIRM, counts)
    kind = _pick(form.kinds, draws.uniforms(FIRM_START, keys))
    scores = draws.normals(FIRM_SIZE, keys)
    staff = np.array(form.employees)[kind] * exp(np.array(form.employees_sd)[kind] * scores)
    rich = exp(form.wealth_slope * log(revenue_per_head(geography.counties)))[towns.county]
    spread = form.productivity_sd
    skill = exp(spread * draws.normals(FIRM_PRODUCTIVITY, keys) - spread * spread / 2)
    return {
        "firm_key": keys,
        "firm_town": town,
        "firm_industry": _firm_industries(geography, facts, town, keys, draws),
        "firm_kind": kind,
        "firm_employees": np.maximum(np.rint(staff), 1).astype(np.int64),
        "firm_age": _pick(age_distribution(facts), draws.uniforms(FIRM_AGE, keys)),
        "firm_productivity": skill * rich[town],
    }


@kernel
def _pick_rows(upper: Floats, row: Ints, drawn: Floats, out: Ints) -> None:
    last = upper.shape[1] - 1
    for i in range(drawn.size):
        place = 0
        while place < last and drawn[i] >= upper[row[i], place]:
            place += 1
        out[i] = place


def _pick(shares: tuple[float, ...] | Floats, drawn: Floats, row: Ints | None = None) -> Ints:
    """Which of the shares each uniform falls into.

    Args:
        shares: Shares, shape (k,), or one row of them for each kind of agent, shape (m, k).
        drawn: Uniforms, shape (n,).
        row: Which row each agent uses, shape (n,).
    """
    upper = np.cumsum(np.atleast_2d(np.asarray(shares, dtype=np.float64)), axis=1)
    out = np.empty(drawn.size, dtype=np.int64)
    _pick_rows(upper, np.zeros(drawn.size, dtype=np.int64) if row is None else row, drawn, out)
    return out


def _firm_industries(geography: Geography, facts: WorldFacts, town: Ints, keys: Keys, draws: Draws) -> Ints:
    """The town's own industry for most; the others follow the province's mix over the seven other industries."""
    mix = np.tile(np.array(facts.town.industry_shares), (len(INDUSTRIES), 1))
    np.fill_diagonal(mix, 0.0)
    mix *= (1.0 - facts.firm.own_industry) / np.maximum(mix.sum(axis=1, keepdims=True), 1e-12)
    np.fill_diagonal(mix, facts.firm.own_industry)
    return _pick(mix, draws.uniforms(FIRM_INDUSTRY, keys), geography.towns.industry[town])


def age_distribution(facts: WorldFacts) -> Floats:
    """Share of firms at each age in quarters, from survival and the growth of registrations, shape (oldest + 1,)."""
    form = facts.firm
    years = np.minimum(np.arange(int(form.oldest)) // 4, len(form.hazards) - 1)
    stay = 0.25 * log(1.0 - np.array(form.hazards)[years])
    growth = 0.25 * log(np.array([1.0 + form.cohort_growth]))[0]
    level = exp(np.concatenate(([0.0], np.cumsum(stay - growth))))
    shares: Floats = level / level.sum()
    return shares


def _talents(geography: Geography, facts: WorldFacts, draws: Draws) -> dict[str, np.ndarray]:
    towns, form = geography.towns, facts.talent
    counts = _counts(
        form.per_site, form.site_slope, form.site_sd, towns.potential, draws.normals(TALENT_START, towns.key)
    )
    keys, town = children(towns.key, TALENT, counts)
    stay = log(np.array([form.tenure / (1.0 + form.tenure)]))[0]
    tenure = np.floor(log(1.0 - draws.uniforms(TALENT_START, keys)) / stay)
    return {
        "talent_key": keys,
        "talent_town": town,
        "talent_tier": _tiers(geography, facts, town, keys, draws),
        "talent_home": _homes(geography, facts, town, keys, draws),
        "talent_age": np.minimum(tenure, OLDEST_TENURE).astype(np.int64),
    }


def _tiers(geography: Geography, facts: WorldFacts, town: Ints, keys: Keys, draws: Draws) -> Ints:
    """Tiers with the given shares over the province, higher where more residents have college education."""
    tilt, towns = facts.talent.tier_tilt, geography.towns
    # Towns weigh by the talents expected there, else the tilt would lift the province's shares of the upper tiers.
    weight = exp(facts.talent.site_slope * towns.potential)
    level = log(geography.counties.college_share)[towns.county]
    level = level - (level * weight).sum() / weight.sum()
    spread = np.sqrt((level * level * weight).sum() / weight.sum())
    local = (level / spread if spread > 0 else level)[town]
    score = (draws.normals(TALENT_TIER, keys) + tilt * local) / np.sqrt(1.0 + tilt * tilt)
    upper = [normal_quantile(float(u)) for u in np.cumsum(facts.talent.tiers)[:-1]]
    return sum(((score >= limit).astype(np.int64) for limit in upper), np.zeros(keys.size, dtype=np.int64))


def _homes(geography: Geography, facts: WorldFacts, town: Ints, keys: Keys, draws: Draws) -> Ints:
    """Home prefecture: the town's own, another one by residents, or -1 for another province."""
    own, outside = facts.talent.home_shares
    drawn = draws.uniforms(TALENT_HOME, keys)
    residents = np.array(facts.residents)
    another = _pick(residents / residents.sum(), draws.uniforms(TALENT_HOME, channel(keys, 1)))
    home = np.where(drawn < own, geography.towns.prefecture[town], another)
    return np.where(drawn >= 1.0 - outside, -1, home).astype(np.int64)
