"""A province as a model: state, one quarter, and nothing of studies, stores or pages.

``Province(scenario)`` builds the start; ``step()`` runs one quarter by the list in :mod:`sim.schedule`. Populations are
columns; towns, governments and financiers are Mesa agents made when somebody looks (:mod:`sim.mesa.views`).

:class:`Core` is all of that without Mesa, for runs that nobody watches: importing Mesa takes longer than a run. The
Mesa model ``Province`` is made of it the first time the name is asked for.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.agents import closure, enterprise, village
from sim.agents.location import Choice, scratch_notes
from sim.agents.start import place_firms, place_projects, place_talents
from sim.engine.columns import FirmColumns, ProjectColumns, TalentColumns, firm_table, project_table, talent_table
from sim.engine.draws import Draws
from sim.engine.ledger import Chart, Ledger
from sim.engine.numeric import exp
from sim.instruments import Policy
from sim.parameters import Quarter, Resolved
from sim.state import government
from sim.state.books import Kind
from sim.state.countryside import Countryside
from sim.state.offer import Offer
from sim.state.town import CountyState, Status, TownState
from sim.world.build import build_geography, draw_population, load_world

if TYPE_CHECKING:
    from sim.mesa.face import Face as Base
else:
    Base = object

Ints = NDArray[np.int64]


class Core(Base):
    """One province under one scenario, without the Mesa face; type checkers see the whole model.

    Args:
        policy_scenario: The resolved scenario.
        replicate: Replicate number; equal numbers share all luck across scenarios.
        root: Root seed of the study.
        counties: A county table of the user's own, in place of the drawn counties.
        scale: Size of the world, for benchmarks.
        skip: Names of steps to leave out, for ablation; an unknown name raises ValueError.
        extra_firms: For tests of independence: (town, how many) firms added to the start.
        collect: Let a ``mesa.DataCollector`` collect every quarter (:mod:`sim.mesa.collector`); ``Province`` only.
    """

    def __init__(
        self,
        policy_scenario: Resolved,
        replicate: int = 0,
        root: int = 20150422,
        *,
        counties: str | None = None,
        scale: int = 1,
        skip: Collection[str] = (),
        extra_firms: tuple[int, int] | None = None,
        collect: bool = False,
    ) -> None:
        self.running = True
        self.inputs = policy_scenario
        self.b, self.c = policy_scenario.behaviour, policy_scenario.constants
        self.draws = Draws(root, replicate)
        self.skip, self.collects = _known_steps(skip), collect
        facts = load_world(policy_scenario.world)
        self.facts = facts
        self.geography = build_geography(facts, Path(counties) if counties else None, scale)
        self.start_index = policy_scenario.start.index
        self.quarters = policy_scenario.quarters
        self.t = -1
        self._clock(0)
        self._books()
        self._places()
        self._populations(draw_population(self.geography, facts, self.draws), extra_firms)
        self._records()
        self.policy = Policy(policy_scenario)
        enterprise.recount(self)
        self.towns.jobs_start = self.towns.jobs.copy()

    # --- construction ------------------------------------------------------------------------------------------------

    def _books(self) -> None:
        g = self.geography
        t, c, p = g.towns.key.size, g.counties.key.size, g.prefectures.key.size
        sizes = {
            Kind.PREFECTURE: p,
            Kind.COUNTY: c,
            Kind.TOWN: t,
            Kind.ENTERPRISE: t,
            Kind.HOUSEHOLD: t,
            Kind.VILLAGE: g.villages.key.size,
            Kind.BANK: p,
            Kind.FUND: p,
            Kind.DEVELOPER: p,
        }
        self.chart = Chart(Kind, sizes)
        self.money = Ledger("money", self.chart, self.quarters)
        self.land = Ledger("land", self.chart, self.quarters)
        of, towns = self.chart.of, g.towns
        self.county_account = of(Kind.COUNTY)[towns.county]
        self.prefecture_account = of(Kind.PREFECTURE)[towns.prefecture]
        self.town_bank, self.town_fund = of(Kind.BANK)[towns.prefecture], of(Kind.FUND)[towns.prefecture]
        self.town_developer = of(Kind.DEVELOPER)[towns.prefecture]
        self.county_bank = of(Kind.BANK)[g.counties.prefecture]

    def _places(self) -> None:
        g, b = self.geography, self.b
        self.towns = TownState(g, self.quarters)
        self.counties = CountyState(g)
        self.villages = village.start(self)
        self.rural = Countryside(g.towns.key.size, g.villages.distance, self.quarters)
        self.offer = Offer(g.towns.key.size, g.villages.key.size, government.account(self, "county"))
        self.activity = self.facts.town.activity
        """Projects, firms and talents that look for a place, relative to Zhejiang in 2015."""
        self.decay = exp(-g.villages.distance / max(0.1, b["spillover.distance_km"]))
        per_head = g.counties.revenue / np.maximum(1, g.counties.population)
        self.county_productivity = np.sqrt(np.sqrt(per_head / float(np.median(per_head)))).clip(0.8, 1.3)
        self.wage = self.c["wage.base"] * self.county_productivity[g.towns.county]
        """Yearly wage in each town, 万元."""
        self._mixes()

    def _mixes(self) -> None:
        """Where prospects come from and what they do: half by the sites' own industries, half evenly."""
        g = self.geography
        share = np.bincount(g.towns.industry, minlength=8) / g.towns.industry.size
        self.industry_mix = np.cumsum(0.6 * share + 0.4 / 8)
        self.project_mix = np.cumsum(0.85 * share + 0.15 / 8)
        people = np.bincount(g.counties.prefecture, weights=g.counties.population, minlength=g.prefectures.key.size)
        inside = people / people.sum()
        self.home_mix = np.cumsum(np.append(0.75 * inside, 0.25))
        self.talent_home_mix = np.cumsum(np.append(0.7 * inside, 0.3))
        for mix in (self.industry_mix, self.project_mix, self.home_mix, self.talent_home_mix):
            mix[-1] = 1.0

    def _populations(self, population: Any, extra: tuple[int, int] | None) -> None:
        n = population.firm_key.size
        self.firms = firm_table(int(1.6 * n) + 1000)
        self.projects = project_table(64 * self.towns.size)
        self.talents = talent_table(3 * population.talent_key.size + 1000)
        self.pool = talent_table(64)
        """Talents who left and are still followed."""
        place_firms(self, population, extra)
        place_talents(self, population)
        place_projects(self)
        self._buffers: dict[str, Any] = {}
        self._scratch = np.zeros((3, self.towns.size), dtype=np.int64)
        self.sums = np.zeros((self.towns.size, 8), dtype=np.int64)
        self.village_sums = np.zeros((3, self.geography.villages.key.size), dtype=np.int64)
        self.founders = np.zeros(40 * self.towns.size, dtype=np.int64)
        heard = max(1, int(self.b["choice.known"]))
        self.notes = scratch_notes(heard, self.towns.size)

    def _records(self) -> None:
        q, t = self.quarters, self.towns.size
        years = (self.start_index % 4 + q + 3) // 4
        self.exposed, self.gone = (np.zeros((years, 12), dtype=np.int64) for _ in range(2))
        """Firm-quarters at risk and closures, by calendar year and year of age."""
        self.fallen = np.zeros((q, 2), dtype=np.int64)
        self.announced, self.abandoned, self.finished, self.startups, self.to_village, self.to_town = (
            np.zeros(q, dtype=np.int64) for _ in range(6)
        )
        self.talents_in = np.zeros((q, t), dtype=np.int64)
        self.reward_by_year = np.zeros((years, t), dtype=np.int64)
        self.reward_kept = np.zeros(self.counties.size, dtype=np.int64)
        self.granted = np.zeros(t, dtype=np.int64)
        self.scenic_paid = np.zeros(t, dtype=bool)
        self.village_reclaimed = np.zeros(self.geography.villages.key.size, dtype=np.int64)
        self.village_paid = np.zeros(self.geography.villages.key.size, dtype=bool)
        self.fund_paid = False
        self.assessed, self.paid_gate, self.listed_last_year, self.unmet = (np.zeros(t, dtype=bool) for _ in range(4))
        self.ratio, self.declared, self.required, self.expected_invest = (np.zeros(t) for _ in range(4))
        self.forecast_base, self.standing_value, self.firm_rebate = np.zeros(t), np.zeros(t), np.zeros(t)
        self.hazard, self.size_factor = (
            closure.hazard_table(self),
            closure.size_factors(self.b["exit.size_slope"]),
        )
        self.usual_margin = self.b["firm.margin"]
        self.choice: Choice | None = None
        """Tables of this quarter's location choice; None until prospects have looked."""
        self.log_cycle, self.cycle, self.cycle_mean, self.credit = np.zeros(8), np.ones(8), 1.0, 1.0

    # --- the clock ---------------------------------------------------------------------------------------------------

    def _clock(self, t: int) -> None:
        self.quarter = Quarter(*divmod(self.start_index + t, 4))
        self.quarter = Quarter(self.quarter[0], self.quarter[1] + 1)
        self.year_start = max(0, t - (self.quarter.q - 1))
        self.year_index = (self.start_index % 4 + t) // 4

    def start_of_quarter(self, t: int) -> None:
        """Set the clock and open the books."""
        self.t = t
        self._clock(t)
        label = str(self.quarter)
        self.money.open_quarter(t, label)
        self.land.open_quarter(t, label)

    def step(self) -> None:
        """Run one quarter: the steps of :data:`sim.schedule.STEPS`, in order."""
        from sim.schedule import STEPS

        if self.t + 1 >= self.quarters:
            self.running = False
            return
        self.start_of_quarter(self.t + 1)
        for step in STEPS:
            if step.name not in self.skip:
                self.money.step = self.land.step = step.name
                step.run(self)
        self.running = self.t + 1 < self.quarters
        if self.collects:
            self.collect()

    # --- shared views ------------------------------------------------------------------------------------------------

    def true_effective(self) -> Ints:
        """True effective investment of the running year, by town, 万元."""
        rule = self.policy.target.rule(self.t)
        return self.towns.effective(slice(self.year_start, self.t + 1), rule)

    def window_start(self) -> Ints:
        """First quarter that counts towards a target: the start of the listing year (D-08 b), of cultivation before
        creation.
        """
        s = self.towns
        listed = np.where(s.listed_at >= 0, s.listed_at, s.cultivated_at)
        return np.where(listed >= 0, np.maximum(0, listed - (self.start_index + listed) % 4), self.quarters)

    def since_listing(self, history: Ints, first: int | None = None) -> Ints:
        """Sum of a history (quarters, T) from the start of the listing year to now, or over its first quarters only."""
        quarter = np.arange(history.shape[0])[:, None]
        start = self.window_start()[None, :]
        inside = (quarter >= start) & (quarter <= self.t)
        if first is not None:
            inside &= quarter < start + first
        return (history * inside).sum(axis=0)

    def cumulative_reported(self) -> NDArray[np.float64]:
        """Reported effective investment since the start of the listing year, the running year at its true value."""
        past = self.since_listing(self.towns.reported)
        booked = self.towns.reported[self.t] > 0
        running = np.where(booked | (self.towns.listed_at < 0), 0, self.true_effective())
        return (past + running).astype(np.float64)

    def enter_creation_list(self, who: Ints) -> None:
        """Put towns on the creation list; the first entry starts every clock."""
        s = self.towns
        s.status[who] = Status.CREATION
        s.misses[who] = 0
        s.kept[who] = s.unsupported[who] = False
        new = who[s.listed_at[who] < 0]
        s.listed_at[new] = self.t
        s.base_tax[new] = s.tax[max(0, self.t - 4) : max(1, self.t)][:, new].sum(axis=0) * 4 // max(1, min(4, self.t))

    @property
    def new_firm_share(self) -> NDArray[np.float64]:
        """Share of a town's operating firms that came after it was listed (reading D-10 c)."""
        town, born = self.firms.live("town"), self.firms.live("born")
        after = (self.towns.listed_at[town] >= 0) & (born >= self.towns.listed_at[town])
        total = np.bincount(town, minlength=self.towns.size)
        return np.bincount(town[after], minlength=self.towns.size) / np.maximum(1, total)

    def town_scratch(self, row: int) -> Ints:
        """Reusable array of shape (T,)."""
        return self._scratch[row]

    def scratch_firms(self, count: int) -> FirmColumns:
        """Reusable columns for prospective firms."""
        return self._buffer("firms", firm_table, count)  # type: ignore[no-any-return]

    def scratch_projects(self, count: int) -> ProjectColumns:
        """Reusable columns for prospective projects."""
        return self._buffer("projects", project_table, count)  # type: ignore[no-any-return]

    def scratch_talents(self, count: int) -> TalentColumns:
        """Reusable columns for prospective talents."""
        return self._buffer("talents", talent_table, count)  # type: ignore[no-any-return]

    def _buffer(self, name: str, make: Any, count: int) -> Any:
        held = self._buffers.get(name)
        if held is None or held[0].size < count:
            held = self._buffers[name] = make(count + count // 4 + 8).columns
        return held

    def memory(self) -> dict[str, int]:
        """Bytes of agents' columns in use, by population."""
        village_bytes = sum(c.nbytes for c in self.villages)
        return {
            "firms": self.firms.nbytes(),
            "projects": self.projects.nbytes(),
            "talents": self.talents.nbytes(),
            "villages": village_bytes,
        }

    def agent_counts(self) -> dict[str, int]:
        """Agents alive, by population."""
        return {
            "towns": self.towns.size,
            "firms": self.firms.n,
            "projects": self.projects.n,
            "talents": self.talents.n,
            "villages": int(self.geography.villages.key.size),
            "counties": self.counties.size,
        }


def _known_steps(names: Collection[str]) -> frozenset[str]:
    from sim.schedule import STEPS

    known = {step.name for step in STEPS}
    unknown = sorted(set(names) - known)
    if unknown:
        raise ValueError(f"no step of the quarter is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return frozenset(names)


if TYPE_CHECKING:
    Province = Core


@cache
def _mesa_model() -> type[Core]:
    """The Mesa model: a core with the face of :mod:`sim.mesa.face`."""
    import mesa

    from sim.mesa.face import Face

    class Province(Core, Face):
        __doc__ = Core.__doc__

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            mesa.Model.__init__(self, rng=0)
            super().__init__(*args, **kwargs)

    Province.__qualname__ = "Province"
    Province.__init__.__signature__ = inspect.signature(Core.__init__)  # type: ignore[attr-defined]
    return Province


def __getattr__(name: str) -> Any:
    if name == "Province":
        return _mesa_model()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
