"""Financiers: banks, funds and matched social capital (step 7).

A project with land needs its whole budget covered. The government's part is ``finance.government_share`` times the
share that goes into projects; a bank says yes with probability ``finance.bank_approval`` times credit, and brings
``finance.bank_share``; social capital is found with probability ``finance.match_rate`` (raised by matching events:
73 of 370 contacts were solved, B-PY) and brings ``finance.social_share``. What is missing must come from the investor,
whose reach is keyed: ``own_share`` at least, the whole budget at most. Otherwise the project waits and tries again.
"""

from __future__ import annotations

import numpy as np

from sim.engine.draws import decision
from sim.engine.ledger import reason
from sim.state.books import Kind
from sim.state.people import BUILDING, LANDED
from sim.state.province import Province

COUNTY_LOAN = reason("money", "county_loan", "政府借款", "county borrowing")
COUNTY_REPAY = reason("money", "county_repay", "政府还款", "county repayment")
FINANCE_MATCH = decision("finance.match")
FINANCE_CONTACT = decision("finance.contact")
BUILD_REWORK = decision("build.rework")

PROJECT_PART = 0.52
"""Part of the government's share that goes straight into projects; the rest is public works."""
REWORK = 1.15
"""Cost of a project that was begun before its approval and has to be altered, relative to plan (an assumption)."""


def finance(p: Province) -> None:
    """Step 7: bring together the money of every project that has land."""
    c, b, d, t = p.projects.columns, p.behaviour, p.draws, p.t
    rows = np.flatnonzero(p.projects.live("stage") == LANDED)
    keys, town = c.key[rows], c.town[rows]
    public = PROJECT_PART * b["finance.government_share"] * p.offer.works[town]
    usual = b["finance.bank_approval"] * p.economy.credit
    approval = usual + (1.0 - usual) * p.offer.guarantee[town]
    bank = d.uniforms(FINANCE_MATCH, keys, t) < approval
    alone = b["finance.match_rate"] * (0.5 + 0.5 * p.economy.credit)
    match = 1.0 - (1.0 - alone) * (1.0 - p.offer.contact_success[town])
    social = d.uniforms(FINANCE_CONTACT, keys, t) < match
    bank_share = np.where(bank, b["finance.bank_share"], 0.0)
    social_share = np.where(social, b["finance.social_share"], 0.0)
    reach = b["finance.own_share"] + (1.0 - b["finance.own_share"]) * d.uniforms(FINANCE_MATCH, keys, -1)
    own = 1.0 - public - bank_share - social_share
    saved = bank_share * p.offer.interest[c.industry[rows], town]
    reach = reach + saved
    start = rows[own <= reach]
    chosen = own <= reach
    c.own[start], c.bank[start], c.social[start] = own[chosen], bank_share[chosen], social_share[chosen]
    c.government[start] = public[chosen]
    if p.offer.rework.any():
        again = start[d.uniforms(BUILD_REWORK, c.key[start]) < p.offer.rework[c.town[start]]]
        c.cost[again] *= REWORK
    c.stage[start] = BUILDING
    c.changed[start] = t
    p.policy.interest.grant(p, town[chosen], np.floor(saved[chosen] * c.budget[start]).astype(np.int64))


def lend_to_counties(p: Province) -> None:
    """Counties that are short borrow from the banks; those with money repay half of it (part of step 13)."""
    accounts, banks = p.books.chart.of(Kind.COUNTY), p.books.county_bank
    balance = p.money.balance[accounts]
    short = np.maximum(0, -balance)
    p.money.post(COUNTY_LOAN, banks, accounts, short)
    back = np.minimum(p.counties.debt, np.maximum(0, balance) // 2)
    p.money.post(COUNTY_REPAY, accounts, banks, back)
    p.counties.debt += short - back
