"""Parts of the grants that are not lump sums to listed towns: awards, villages, support fund, facility programme.

* awards on being named and on first reaching the scenic standard (SD-AWARD-1, TZ-ACC-2);
* a grant to each village of a listed town that first reaches the standard, spent on facilities (PY-GRANT-1)::

    standard   ≤ facilities + ½·decay·facilities of the town
    facilities ← facilities + (1 − facilities)·min(1, grant/village.works_scale)

* support to enterprises (PY-FUND-1): a county pays ``support``·residents/``support_residents`` a year, of which its
  towns' firms get jobs/(employment_share·residents); stated as a share of last quarter's tax, at most all of it;
* the facility programme (GZ-INV-1): ``total``/``projects`` each, projects/towns in every town, begun evenly over
  ``years``. A project needs social capital for what governments do not pay, and a county that pays needs room under
  its debt limit; until then it waits.

Units: 万元.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision
from sim.engine.ledger import reason
from sim.state import government
from sim.state.books import Kind

if TYPE_CHECKING:
    from sim.instruments.grant import Grant
    from sim.state.province import Province

GRANT = reason("money", "grant", "奖补", "grant", policy=True)
FACILITY_START = decision("grant.facility_start")
FACILITY_MATCH = decision("grant.facility_match")

REACH = 0.5
"""Weight of a near town's facilities in whether a village is fit for visitors (assumption)."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def awards(g: Grant, p: Province) -> None:
    """Step 13: towns named last quarter, and listed towns that first reach the scenic standard."""
    named, scenic = int(g.lever("naming", p.t)), int(g.lever("scenic", p.t))
    if named > 0:
        new = (p.towns.named_at >= 0) & (p.towns.named_at == p.t - 1)
        g.give(p, GRANT, np.where(new, named, 0), "SD-AWARD-1")
    if scenic > 0:
        reached = p.towns.paid_now() & (p.towns.infra >= float(g.lever("scenic_standard", p.t))) & ~p.scenic_paid
        g.give(p, GRANT, np.where(reached, scenic, 0), "SD-AWARD-1")
        p.scenic_paid |= reached


def villages(g: Grant, p: Province) -> None:
    """Step 13, in the fourth quarter: villages of listed towns that first reach the standard."""
    amount = int(g.lever("village", p.t))
    if amount == 0 or p.quarter.q != 4:
        return
    v, town = p.villages, p.geography.villages.town
    served = v.facilities + REACH * p.decay * p.towns.infra[town]
    won = p.towns.paid_now()[town] & (served >= float(g.lever("village_standard", p.t))) & ~p.village_paid
    payer = np.broadcast_to(g.payer(p), (p.towns.size,))[town]
    money = np.where(won, amount, 0).astype(np.int64)
    p.money.post(GRANT, payer, p.chart.of(Kind.VILLAGE), money, clause="PY-GRANT-1")
    v.facilities[:] = v.facilities + won * (1.0 - v.facilities) * min(1.0, amount / p.c["village.works_scale"])
    p.village_paid |= won


def support_per_job(g: Grant, p: Province) -> Floats:
    """Support a year for each job, 万元 by town; the same in every county for equal employment."""
    residents = p.geography.counties.population[p.geography.towns.county]
    whole = float(g.ahead("support", p.t)) * residents / float(g.ahead("support_residents", p.t))
    return whole / np.maximum(1.0, p.c["county.employment_share"] * residents)


def support(g: Grant, p: Province) -> None:
    """Step 1: enterprises get part of their tax back, which also makes their towns more attractive."""
    if float(g.lever("support", p.t)) == 0.0 or p.t == 0:
        return
    quarter = support_per_job(g, p) / 4.0 * p.towns.jobs
    part = np.minimum(1.0, quarter / np.maximum(1.0, p.towns.tax[p.t - 1]))
    p.offer.support[:] = part
    p.firm_rebate += part
    p.offer.tax_points += 25.0 * part


# --- the facility programme ------------------------------------------------------------------------------------------


def project_size(g: Grant, t: int) -> float:
    """Investment of one facility project, 万元."""
    return float(g.ahead("facility_total", t)) / max(1.0, float(g.ahead("facility_projects", t)))


def facility(g: Grant, p: Province) -> None:
    """Step 1: facility projects that are due and have found their money begin."""
    t = p.t
    if float(g.lever("facility_total", t)) == 0.0:
        return
    s, keys = p.towns, p.geography.towns.key
    length = 4 * int(g.lever("facility_years", t))
    begun = min(1.0, max(0, t - max(0, p.policy.effective) + 1) / length)
    each = float(g.lever("facility_projects", t)) / float(g.lever("facility_towns", t))
    due = np.floor(each * begun + p.draws.uniforms(FACILITY_START, keys)).astype(np.int64)
    on = s.supported() if g.lever("facility_scope", t) == "listed" else np.ones(s.size, dtype=bool)
    public = float(g.lever("facility_public", t))
    chance = 1.0 if public >= 1.0 else p.b["finance.match_rate"] * (0.5 + 0.5 * p.credit)
    afford = p.offer.works if g.lever("facility_payer", t) == "county" else np.ones(s.size)
    found = on & (p.draws.uniforms(FACILITY_MATCH, keys, t) < chance * afford)
    new = np.where(found, np.maximum(0, due - s.facilities), 0)
    s.facilities += new
    money = np.rint(new * project_size(g, t)).astype(np.int64)
    p.offer.facility[0] = np.rint(money * public).astype(np.int64)
    p.offer.facility[1] = money - p.offer.facility[0]


def facility_payer(g: Grant, p: Province) -> Ints:
    """Account that pays the public share for each town."""
    return government.account(p, g.lever("facility_payer", p.t))
