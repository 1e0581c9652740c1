"""Information: bulletins, publication, field meetings, platform, fame (ZJ-PROC-4, ZJ-INFO-2, TZ-ASSESS-1, -2, PY-P05,
GZ-PUB-1, M-08, M-27, M-37).

* bulletins let prospects learn how towns are doing: reputation moves faster, the shorter the interval; so does
  publication in the main media, once a year;
* results that enter officials' own assessment give passing a worth of its own; the media add to it, and laggards take
  field meetings and published rankings to heart (``resolve``). Without a career link publicity alone weighs a quarter;
* a platform shortens the distance over which firms, investors and talents hear of listed towns;
* ambassadors and festivals add to a stock of fame that fades by ``FADE`` a quarter;
* trust grows while support is kept up and falls when it stops (PY-P02, M-06); where firms and residents take part, it
  draws firms and projects.
"""

from __future__ import annotations

import numpy as np

from sim.engine.column import column
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.town import Grade, Status

EVENT_COST = reason("money", "events", "融资对接会", "matching events", policy=True)

MEDIA = 0.5
"""What publication in the main media adds to the worth of a pass (an assumption)."""
PUBLIC = 0.25
"""Worth of public standing without a career link, relative to one with it (an assumption)."""
EVENT_FAME, FADE = 0.04, 0.15
"""Fame of an event, as awareness, and what is forgotten in a quarter (assumptions)."""


TRUST = 0.3
"""Share of the way to full trust gained in a year of support, or lost in a year without it (an assumption)."""


class Levers(LeverSet):
    """What a government sets."""

    bulletin_interval: int
    promotion_link: bool
    field_meetings: bool
    platform: float
    ranking: float
    media: float
    ambassadors: float
    participation: float


class Information(Instrument[Levers]):
    """Who learns what, and what it does to officials."""

    order = 280

    resolve = column("town", np.float64)
    """Peer pressure from field meetings and bulletins, added to the weight of passing."""

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """The platform shortens the way to listed towns, and trust draws firms to them."""
        platform = now.platform
        on = p.towns.supported()
        if platform > 0.0:
            p.offer.search[on] = 1.0 - platform
        participation = now.participation
        if participation > 0.0:
            p.offer.grade[on] += participation * p.towns.trust[on]

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """The authority runs the platform, counties their events."""
        authority, outside = government.authority(p), p.books.chart.of(Kind.OUTSIDE)
        cost = round(now.platform * p.constants["information.platform_cost"] / 4.0)
        if cost > 0:
            p.money.post(EVENT_COST, authority, outside, np.array([cost]), clause="PY-P05")
        held = now.ambassadors / 4.0 * p.constants["information.event_cost"]
        if held > 0.0:
            amount = np.rint(held * p.towns.on_a_list()).astype(np.int64)
            p.money.post(EVENT_COST, p.books.county_account, outside, amount, clause="GZ-PUB-1")

    def weight(self, t: int) -> float:
        """Weight of a pass for officials: the career link, raised by publicity, or publicity alone."""
        ahead = self.ahead(t)
        media, ranking = ahead.media, ahead.ranking
        if ahead.promotion_link:
            return 1.0 + MEDIA * media
        return PUBLIC * min(1.0, media + ranking)

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Promotion weight · worth of a pass · P(pass), where results enter the assessment of officials or the papers,
        less what the county's own events cost.
        """
        weight, events = self.weight(p.t), ahead.ambassadors
        if weight == 0.0 and events == 0.0:
            return None
        value = p.behaviour["official.promotion_weight"] * p.behaviour["official.promotion_value"] * weight
        total = f.listed * f.p_annual * value * (1.0 + self.resolve) * f.annuity
        return total - f.listed * events * p.constants["information.event_cost"] * f.annuity if events > 0.0 else total

    @at("bulletin")
    def inform(self, p: Province, now: Levers) -> None:
        """Move reputations towards published grades; stir laggards; let fame grow and fade."""
        interval, media = now.bulletin_interval, now.media
        if interval > 0 and (4 * p.clock.quarter.year + p.clock.quarter.q) % interval == 0:
            self._publish(p, 0.15 if interval < 4 else 0.3)
        if media > 0.0 and p.clock.quarter.q == 4:
            self._publish(p, 0.3 * media)
        if p.clock.quarter.q == 4:
            self._stir(p)
            if now.participation > 0.0 or p.towns.trust.any():
                p.towns.trust += TRUST * (p.towns.supported() - p.towns.trust)
        events = now.ambassadors
        if events > 0.0 or p.towns.fame.any():
            p.towns.fame += EVENT_FAME * events / 4.0 * p.towns.on_a_list() - FADE * p.towns.fame

    def _publish(self, p: Province, speed: float) -> None:
        s = p.towns
        grade = np.where(s.grade > Grade.NONE, (s.grade - float(Grade.QUALIFIED)) / 2.0, 0.0)
        s.reputation += np.where(s.on_a_list(), speed * (grade + 0.5 * (s.status == Status.NAMED) - s.reputation), 0.0)

    def _stir(self, p: Province) -> None:
        """Field meetings stir all who missed; a published ranking stirs the lower half, the last most (M-27)."""
        now = self.now(p.t)
        s, ranking = p.towns, now.ranking
        if now.field_meetings:
            self.resolve = np.where(p.towns.assessed & ~s.passed, 0.3, 0.5 * self.resolve)
        if ranking > 0.0:
            order = np.lexsort((p.places.towns.key, -s.score, ~p.towns.assessed))
            place = np.empty(s.size)
            place[order] = (np.arange(s.size) + 0.5) / max(1, int(p.towns.assessed.sum()))
            behind = ranking * np.clip(2.0 * place - 1.0, 0.0, 1.0)
            self.resolve = np.where(p.towns.assessed, np.maximum(self.resolve, behind), self.resolve)
            if not now.field_meetings:
                self.resolve = np.where(p.towns.assessed, behind, 0.5 * self.resolve)
