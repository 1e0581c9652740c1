"""A province under one scenario: a record of who holds what, and the views on it that several rules share.

Every owner declares its own state (:mod:`sim.engine.column`). The record is filled and stepped by :mod:`sim.model`;
rules take it as their first argument. ``p.t``, ``p.clock.quarter``, ``p.money`` and ``p.land`` are short for
``p.clock.t``, ``p.clock.quarter``, ``p.books.money`` and ``p.books.land``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import snapshot
from sim.engine.draws import Draws
from sim.engine.ledger import Ledger
from sim.engine.table import Table
from sim.parameters import Quarter, Resolved
from sim.state.books import Books
from sim.state.clock import Clock
from sim.state.countryside import Countryside
from sim.state.diary import Diary
from sim.state.economy import Economy
from sim.state.offer import Offer
from sim.state.places import Places
from sim.state.populations import FirmColumns, ProjectColumns, TalentColumns, VillageColumns
from sim.state.scratch import Scratch
from sim.state.town import EVENTS, CountyState, Status, TownState

if TYPE_CHECKING:  # the policy is a room above: the state holds it and knows nothing of it
    from sim.instruments import Policy

Ints = NDArray[np.int64]


class Province:
    """Who holds what in one run.

    Attributes:
        inputs: The resolved scenario that is run (Mesa has a ``scenario`` of its own).
        behaviour: Behavioural parameters by key.
        constants: Constants by key.
        draws: The run's luck.
        sizes: Length of each axis of its state: "town", "county", "village", "quarter", "year" and others.
        clock: Where the run is in time.
        places: Geography and what follows from it.
        books: Accounts and ledgers.
        towns: State of the town sites, T of them.
        counties: State of the counties, C of them.
        villages: Columns of the villages, V of them.
        rural: State that villages and towns hold together.
        firms: Enterprises.
        projects: Investment projects.
        talents: Talents.
        pool: Talents who left and are still followed.
        offer: Terms of the quarter.
        economy: Industry cycles and credit.
        diary: Counts of events.
        policy: The instruments, with what they hold.
        scratch: Arrays for reuse.
    """

    inputs: Resolved
    behaviour: Mapping[str, float]
    constants: Mapping[str, float]
    draws: Draws
    sizes: Mapping[str, int]
    clock: Clock
    places: Places
    books: Books
    towns: TownState
    counties: CountyState
    villages: VillageColumns
    rural: Countryside
    firms: Table[FirmColumns]
    projects: Table[ProjectColumns]
    talents: Table[TalentColumns]
    pool: Table[TalentColumns]
    offer: Offer
    economy: Economy
    diary: Diary
    policy: Policy
    scratch: Scratch

    def __init__(self) -> None:
        self._held: dict[type, object] = {}

    @property
    def t(self) -> int:
        """Quarters since the start; -1 before the first."""
        return self.clock.t

    @property
    def quarter(self) -> Quarter:
        """Calendar quarter."""
        return self.clock.quarter

    @property
    def money(self) -> Ledger:
        """The ledger of money, 万元."""
        return self.books.money

    @property
    def land(self) -> Ledger:
        """The ledger of land, centi-mu."""
        return self.books.land

    # --- every piece of state ----------------------------------------------------------------------------------------

    def owners(self) -> Iterator[tuple[str, object]]:
        """Whoever holds declared state, by name: the record's own, both ledgers, and the instruments."""
        yield from vars(self).items()
        yield from (("money", self.money), ("land", self.land))
        yield from ((one.id, one) for one in self.policy.everyone)

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Every piece of state by owner and name, ``towns.status``; populations in the order of their keys."""
        found: dict[str, NDArray[Any]] = {}
        for name, owner in self.owners():
            held = owner.snapshot() if isinstance(owner, Table) else snapshot(owner)
            found |= {f"{name}.{field}": array for field, array in held.items()}
        return found

    def holder(self, kind: type) -> Any:
        """The owner that is of a class in this run, places included.

        Raises:
            KeyError: There is none.
        """
        if kind not in self._held:
            known = (*vars(self.places).values(), *(owner for _, owner in self.owners()))
            self._held |= {type(one): one for one in known}
        return self._held[kind]

    def memory(self) -> dict[str, int]:
        """Bytes of agents' columns in use, by population."""
        found = {name: getattr(self, name).nbytes() for name in ("firms", "projects", "talents")}
        return {**found, "villages": sum(column.nbytes for column in self.villages)}

    def agent_counts(self) -> dict[str, int]:
        """Agents alive, by population."""
        return {
            "towns": self.towns.size,
            "firms": self.firms.n,
            "projects": self.projects.n,
            "talents": self.talents.n,
            "villages": int(self.places.villages.key.size),
            "counties": self.counties.size,
        }

    # --- shared views ------------------------------------------------------------------------------------------------

    def true_effective(self) -> Ints:
        """True effective investment of the running year, by town, 万元."""
        rule = self.policy.target.rule(self.t)
        return self.towns.effective(slice(self.clock.year_start, self.t + 1), rule)

    def window_start(self) -> Ints:
        """First quarter that counts towards a target: the start of the listing year (D-08 b), of cultivation before
        creation.
        """
        s = self.towns
        listed = np.where(s.listed_at >= 0, s.listed_at, s.cultivated_at)
        return np.where(listed >= 0, np.maximum(0, listed - (self.clock.start_index + listed) % 4), self.clock.quarters)

    def since_listing(self, history: Ints, first: int | None = None) -> Ints:
        """Sum of a history (quarters, T) from the start of the listing year to now, or over its first quarters only."""
        quarter = np.arange(history.shape[0])[:, None]
        start = self.window_start()[None, :]
        inside = (quarter >= start) & (quarter <= self.t)
        if first is not None:
            inside &= quarter < start + first
        total: Ints = (history * inside).sum(axis=0)
        return total

    def cumulative_reported(self) -> NDArray[np.float64]:
        """Reported effective investment since the start of the listing year, the running year at its true value."""
        past = self.since_listing(self.towns.reported)
        booked = self.towns.reported[self.t] > 0
        running = np.where(booked | (self.towns.listed_at < 0), 0, self.true_effective())
        return (past + running).astype(np.float64)

    def assessed_before(self) -> Ints:
        """Assessments of each town since its listing, the one of this quarter left out."""
        s = self.towns
        before: Ints = s.assessments - ((s.event[self.t] & EVENTS["assessed"]) > 0)
        return before

    def reported_between(self, first: Ints, end: Ints) -> NDArray[np.float64]:
        """Reported effective investment of a span of quarters by town, 万元: a year's report is spread over its
        quarters as they were invested, and what is not reported yet counts at its true value.

        Args:
            first: First quarter of the span, by town.
            end: The quarter after its last.
        """
        s, quarter = self.towns, np.arange(self.clock.quarters)
        true = s.effective_by_quarter(self.policy.target.rule(self.t))
        year = (self.clock.start_index + quarter) // 4
        starts = np.flatnonzero(np.diff(year, prepend=year[0] - 1))
        told, whole = np.add.reduceat(s.reported, starts), np.add.reduceat(true, starts)
        factor = np.where(told > 0, told / np.maximum(1, whole), 1.0)[year - year[0]]
        inside = (quarter[:, None] >= first) & (quarter[:, None] < end)
        total: NDArray[np.float64] = (true * factor * inside).sum(axis=0)
        return total

    def enter_creation_list(self, who: Ints) -> None:
        """Put towns on the creation list; the first entry starts every clock, a demoted town's misses stay."""
        s = self.towns
        s.misses[who] *= (s.status[who] == Status.CULTIVATION) & (s.listed_at[who] >= 0)
        s.status[who] = Status.CREATION
        s.kept[who] = s.unsupported[who] = False
        new = who[s.listed_at[who] < 0]
        s.listed_at[new] = self.t
        s.assessments[new] = 0
        s.base_tax[new] = s.tax[max(0, self.t - 4) : max(1, self.t)][:, new].sum(axis=0) * 4 // max(1, min(4, self.t))

    @property
    def new_firm_share(self) -> NDArray[np.float64]:
        """Share of a town's operating firms that came after it was listed (reading D-10 c)."""
        town, born = self.firms.live("town"), self.firms.live("born")
        after = (self.towns.listed_at[town] >= 0) & (born >= self.towns.listed_at[town])
        total = np.bincount(town, minlength=self.towns.size)
        return np.bincount(town[after], minlength=self.towns.size) / np.maximum(1, total)
