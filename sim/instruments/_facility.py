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

from sim.engine.draws import Decision
from sim.engine.ledger import Kind, Reason
from sim.state import government

if TYPE_CHECKING:
    from sim.instruments.grant import Grant, Levers
    from sim.state.province import Province

REACH = 0.5
"""Weight of a near town's facilities in whether a village is fit for visitors (assumption)."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def awards(g: Grant, p: Province, now: Levers) -> None:
    """Step 13: towns named last quarter, and listed towns that first reach the scenic standard."""
    named, scenic = int(now.naming), int(now.scenic)
    if named > 0:
        new = (p.towns.named_at >= 0) & (p.towns.named_at == p.t - 1)
        g.give(p, Reason.GRANT, np.where(new, named, 0), "SD-AWARD-1")
    if scenic > 0:
        reached = p.towns.paid_now() & (p.towns.infra >= now.scenic_standard) & ~p.scenic_paid
        g.give(p, Reason.GRANT, np.where(reached, scenic, 0), "SD-AWARD-1")
        p.scenic_paid |= reached


def villages(g: Grant, p: Province, now: Levers) -> None:
    """Step 13, in the fourth quarter: villages of listed towns that first reach the standard."""
    amount = int(now.village)
    if amount == 0 or p.quarter.q != 4:
        return
    v, town = p.villages, p.geography.villages.town
    served = v.facilities + REACH * p.decay * p.towns.infra[town]
    won = p.towns.paid_now()[town] & (served >= now.village_standard) & ~p.village_paid
    payer = np.broadcast_to(g.payer(p), (p.towns.size,))[town]
    money = np.where(won, amount, 0).astype(np.int64)
    p.money.post(Reason.GRANT, payer, p.chart.of(Kind.VILLAGE), money, clause="PY-GRANT-1")
    v.facilities[:] = v.facilities + won * (1.0 - v.facilities) * min(1.0, amount / p.c["village.works_scale"])
    p.village_paid |= won


def support_per_job(p: Province, ahead: Levers) -> Floats:
    """Support a year for each job, 万元 by town; the same in every county for equal employment."""
    residents = p.geography.counties.population[p.geography.towns.county]
    whole = ahead.support * residents / ahead.support_residents
    return whole / np.maximum(1.0, p.c["county.employment_share"] * residents)


def support(p: Province, now: Levers, ahead: Levers) -> None:
    """Step 1: enterprises get part of their tax back, which also makes their towns more attractive."""
    if now.support == 0.0 or p.t == 0:
        return
    quarter = support_per_job(p, ahead) / 4.0 * p.towns.jobs
    part = np.minimum(1.0, quarter / np.maximum(1.0, p.towns.tax[p.t - 1]))
    p.offer.support[:] = part
    p.firm_rebate += part
    p.offer.tax_points += 25.0 * part


# --- the facility programme ------------------------------------------------------------------------------------------


def project_size(ahead: Levers) -> float:
    """Investment of one facility project, 万元."""
    return ahead.facility_total / max(1.0, float(ahead.facility_projects))


def facility(p: Province, now: Levers, ahead: Levers) -> None:
    """Step 1: facility projects that are due and have found their money begin."""
    t = p.t
    if now.facility_total == 0.0:
        return
    s, keys = p.towns, p.geography.towns.key
    length = 4 * now.facility_years
    begun = min(1.0, max(0, t - max(0, p.policy.effective) + 1) / length)
    each = now.facility_projects / now.facility_towns
    due = np.floor(each * begun + p.draws.uniforms(Decision.FACILITY_START, keys)).astype(np.int64)
    on = s.supported() if now.facility_scope == "listed" else np.ones(s.size, dtype=bool)
    public = now.facility_public
    chance = 1.0 if public >= 1.0 else p.b["finance.match_rate"] * (0.5 + 0.5 * p.credit)
    afford = p.offer.works if now.facility_payer == "county" else np.ones(s.size)
    found = on & (p.draws.uniforms(Decision.FACILITY_MATCH, keys, t) < chance * afford)
    new = np.where(found, np.maximum(0, due - s.facilities), 0)
    s.facilities += new
    money = np.rint(new * project_size(ahead)).astype(np.int64)
    p.offer.facility[0] = np.rint(money * public).astype(np.int64)
    p.offer.facility[1] = money - p.offer.facility[0]


def facility_payer(p: Province, now: Levers) -> Ints:
    """Account that pays the public share for each town."""
    return government.account(p, now.facility_payer)
