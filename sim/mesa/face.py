"""What a Mesa user sees of a province: agents by type, populations, one agent at a time, a data collector.

Mesa's own ``agents``, ``agents_by_type`` and ``agent_types`` work as in any Mesa model; the agents are made the first
time one of them is asked for. Everything shown is read-only: decisions are taken in :mod:`sim.schedule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from typing import cast as typed

import mesa

from sim.mesa.populations import Population
from sim.mesa.rows import Enterprise, Project, Talent, Village
from sim.mesa.views import Cast, assemble

if TYPE_CHECKING:
    from mesa.agent import AgentSet


class Face(mesa.Model):  # type: ignore[misc]
    """Base of :class:`sim.state.province.Province`.

    Attributes:
        datacollector: A ``mesa.DataCollector``; None until :meth:`collect` is called or one is assigned.
    """

    datacollector: mesa.DataCollector | None = None
    _cast: Cast | None = None

    # --- Mesa agents: governments, financiers, towns -----------------------------------------------------------------

    @property
    def cast(self) -> Cast:
        """The Mesa agents in the order of their columns: ``province.cast.towns[3]``."""
        if self._cast is None:
            self._cast = assemble(self)  # type: ignore[arg-type]
        return self._cast

    @property
    def agents(self) -> AgentSet:
        """All Mesa agents: the province, prefectures, counties, financiers and towns."""
        self.cast  # noqa: B018
        return super().agents

    @property
    def agents_by_type(self) -> dict[type, AgentSet]:
        """One ``AgentSet`` for each type of Mesa agent."""
        self.cast  # noqa: B018
        return typed("dict[type, AgentSet]", super().agents_by_type)

    @property
    def agent_types(self) -> list[type]:
        """Types of Mesa agents."""
        return list(self.agents_by_type)

    # --- populations: enterprises, projects, talents, villages -------------------------------------------------------

    def population(self, name: str) -> Population:
        """Everybody of a population.

        Args:
            name: "enterprises", "projects", "talents" or "villages".

        Raises:
            KeyError: No such population.
        """
        return Population(self, name)  # type: ignore[arg-type]

    def enterprises(self) -> Iterator[Enterprise]:
        """All enterprises, oldest first."""
        return typed("Iterator[Enterprise]", iter(self.population("enterprises")))

    def enterprise(self, i: int) -> Enterprise:
        """The enterprise in row ``i`` at the moment.

        Raises:
            IndexError: There are not so many.
        """
        return typed("Enterprise", self.population("enterprises")[i])

    def project(self, i: int) -> Project:
        """The project in row ``i`` at the moment; raises IndexError when there are not so many."""
        return typed("Project", self.population("projects")[i])

    def talent(self, i: int) -> Talent:
        """The talent in row ``i`` at the moment; raises IndexError when there are not so many."""
        return typed("Talent", self.population("talents")[i])

    def village(self, i: int) -> Village:
        """The village in row ``i``; raises IndexError when there are not so many."""
        return typed("Village", self.population("villages")[i])

    def find_enterprise(self, key: int) -> Enterprise | None:
        """The enterprise with a birth identity, or None when there is none any more."""
        return typed("Enterprise | None", self.population("enterprises").find(key))

    def find_project(self, key: int) -> Project | None:
        """The project with a birth identity, or None when there is none any more."""
        return typed("Project | None", self.population("projects").find(key))

    def find_talent(self, key: int) -> Talent | None:
        """The talent with a birth identity, or None when there is none any more."""
        return typed("Talent | None", self.population("talents").find(key))

    def find_village(self, key: int) -> Village | None:
        """The village with a birth identity, or None."""
        return typed("Village | None", self.population("villages").find(key))

    # --- collecting --------------------------------------------------------------------------------------------------

    def collect(self) -> mesa.DataCollector:
        """Collect the present quarter; with the usual reporters of :mod:`sim.mesa.collector` unless one was assigned.

        Returns:
            The data collector.
        """
        if self.datacollector is None:
            from sim.mesa.collector import quarterly_collector

            self.datacollector = quarterly_collector()
        self.datacollector.collect(typed("Any", self))
        return self.datacollector
