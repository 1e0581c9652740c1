"""Fiscal rebate: the province returns its share of new revenue, three years in full and two by half (ZJ-FISC-1, -2).

    rebate = schedule[year] · provincial_share · local share of tax · max(0, tax − base-year tax)

The clock starts at listing, at naming, or runs three years in creation and two after naming (D-12); the base is the
tax of the four quarters before listing, or the tax of newly settled firms only (D-10); pay-out hangs on the annual
target or not (D-13); demotion stops it at once, from the next year, or not at all (D-14; where pay-out hangs on the
annual target, a town demoted for missing it is paid nothing that year under either of the first two). It is paid when
the year's assessment is known (D-69). The county passes a part on to the town platform (D-15) and may promise a part to
enterprises, which lowers the tax rate they face (F32).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.ledger import reason
from sim.instruments.base import Bools, Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.town import Status

REBATE = reason("money", "rebate", "财政返还", "fiscal rebate", policy=True)
REBATE_TOWN = reason("money", "rebate_town", "返还下达小镇", "rebate passed to town")


class Levers(LeverSet):
    """What a government sets."""

    schedule: Floats
    gate: Literal["annual_target", "listed"]
    base: Literal["year_before", "previous_year", "new_firms"]
    clock: Literal["listing", "naming", "creation_then_naming", "afresh"]
    after_demotion: Literal["stop_next_year", "stop_now", "keep"]
    firm_share: float
    town_share: float
    provincial_part: Literal["parameter", "zero"]


class Rebate(Instrument[Levers]):
    """Provincial share of new revenue returned to the locality."""

    order = 80

    def provincial_share(self, p: Province) -> float:
        """Province's part of what is left of tax in the province (reading D-11)."""
        return 0.0 if self.ahead(p.t).provincial_part == "zero" else p.behaviour["treasury.provincial_share"]

    def schedule(self, t: int) -> Floats:
        """Share returned by year."""
        return self.ahead(t).schedule

    def years(self, p: Province) -> NDArray[np.int64]:
        """Year of the rebate's clock by town, 0 for the first; −1 when it does not run."""
        clock, s = self.ahead(p.t).clock, p.towns
        if clock == "naming":
            start = s.named_at
        elif clock == "afresh":
            start = np.where(s.named_at >= 0, s.named_at, s.listed_at)
        else:
            start = s.listed_at
        running = np.where(start >= 0, (p.t - start) // 4, -1)
        if clock == "creation_then_naming":
            running = np.where((running >= 3) & (s.named_at < 0), -1, running)
        return running

    def factor(self, p: Province) -> Floats:
        """Schedule value in force by town, zero outside the clock."""
        schedule, year = self.schedule(p.t), self.years(p)
        inside = (year >= 0) & (year < schedule.size)
        return np.where(inside, schedule[np.clip(year, 0, schedule.size - 1)], 0.0)

    def entitled(self, p: Province) -> NDArray[np.bool_]:
        """Towns that the province pays in this year."""
        now = self.now(p.t)
        s = p.towns
        on: Bools = s.paid()
        if now.after_demotion == "keep":
            on = s.listed_at >= 0
        elif now.after_demotion == "stop_next_year":
            on = on | p.towns.listed_last_year
        if now.gate == "annual_target":
            on = on & p.towns.paid_gate
        allowed: Bools = on & (s.status != Status.VETOED) & ~s.stopped
        return allowed

    def new_revenue(self, p: Province, tax: Floats, end: int) -> Floats:
        """Revenue that counts as new, 万元 a year by town (reading D-10).

        Args:
            p: The province.
            tax: Tax of a year, 万元 by town.
            end: The quarter after that year; the year before ends four quarters earlier.
        """
        base, s = self.ahead(p.t).base, p.towns
        if base == "new_firms":
            return tax * p.new_firm_share
        if base == "previous_year" and end >= 8:
            before: Floats = s.tax[end - 8 : end - 4].sum(axis=0)
        else:
            before = np.maximum(0, s.base_tax)
        return np.maximum(0.0, tax - before)

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """The part promised to enterprises lowers their effective tax by share · provincial share · 25
        points.
        """
        share = now.firm_share
        schedule = self.schedule(p.t)
        if share == 0.0 or not schedule.any():
            return
        part = share * self.provincial_share(p) * self.factor(p) * (p.towns.listed() & ~p.towns.suspended)
        p.offer.tax_points += 25.0 * part
        p.offer.firm_rebate += part * p.behaviour["treasury.local_share"] * self._new_part(p)

    def _new_part(self, p: Province) -> Floats:
        """Share of last year's tax that counts as new revenue: firms get a part of the rebate, not of all their tax."""
        tax = self._last_year(p)
        return self.new_revenue(p, tax, p.t) / np.maximum(1.0, tax)

    def _last_year(self, p: Province) -> Floats:
        """Tax of the last four quarters, 万元 a year by town."""
        past = slice(max(0, p.t - 4), max(1, p.t))
        return np.asarray(p.towns.tax[past].sum(axis=0) * (4.0 / max(1, min(4, p.t))))

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Rebate on forecast new tax, by the schedule over the years of the horizon, times P(pass) where it is
        gated; what was promised to enterprises is paid out in any case and comes off in full.
        """
        schedule = self.schedule(p.t)
        if not schedule.any():
            return None
        year = np.where(p.towns.listed_at >= 0, np.maximum(0, self.years(p)), 0)
        coming = [
            np.where(year + k < schedule.size, schedule[np.clip(year + k, 0, schedule.size - 1)], 0.0) for k in range(3)
        ]
        mean = (coming[0] + coming[1] + coming[2]) / 3.0
        chance = f.p_annual if ahead.gate == "annual_target" else np.ones_like(f.p_annual)
        kept = np.where(f.named, 1.0, chance) - ahead.firm_share
        share = self.provincial_share(p) * p.behaviour["treasury.local_share"]
        fresh = f.new_tax
        if ahead.base == "previous_year":
            fresh = np.maximum(
                0.0, f.new_tax - np.maximum(0.0, self._last_year(p) - p.towns.base_tax) * (p.towns.base_tax >= 0)
            )
        return (f.listed | f.named) * mean * share * fresh * kept * f.annuity

    @at("pay")
    def pay(self, p: Province, now: Levers) -> None:
        """The authority pays the year's rebate."""
        if not self.schedule(p.t).any():
            return
        tax = p.towns.tax[p.clock.year_start : p.t + 1].sum(axis=0).astype(np.float64)
        due = (
            self.factor(p)
            * self.provincial_share(p)
            * p.behaviour["treasury.local_share"]
            * self.new_revenue(p, tax, p.t + 1)
        )
        amount = np.where(self.entitled(p), np.floor(due), 0.0).astype(np.int64)
        p.money.post(REBATE, government.authority(p), p.books.county_account, amount, clause="ZJ-FISC-1")
        passed = np.floor(amount * now.town_share).astype(np.int64)
        p.money.post(REBATE_TOWN, p.books.county_account, p.books.chart.of(Kind.TOWN), passed, clause="ZJ-FISC-1")
