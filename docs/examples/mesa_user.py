"""Three years of Zhejiang as a Mesa user would run them.

Run it with ``python docs/examples/mesa_user.py``. Money is 万元 (10,000 yuan), land mu, a step is a quarter.
"""

from __future__ import annotations

import mesa

from sim.mesa.model import Province
from sim.mesa.rows import Enterprise
from sim.mesa.views import County, Town
from sim.parameters import load_library
from sim.state.town import Strategy


def listed(model: Province) -> int:
    """Towns on the creation list or named."""
    return len(model.agents_by_type[Town].select(lambda town: town.listed))


def build() -> Province:
    """A province under Zhejiang's rules of 2015, with a data collector of our own."""
    library = load_library()
    model = Province(library.resolve("zhejiang_2015", start="2015Q1", quarters=40))
    model.datacollector = mesa.DataCollector(
        model_reporters={
            "quarter": lambda m: str(m.quarter),
            "listed": listed,
            "debt": lambda m: m.agents_by_type[County].agg("debt", sum),
        },
        agent_reporters={"money": "money", "quota": "quota"},  # every agent has both accounts
        agenttype_reporters={Town: {"strategy": lambda town: town.strategy.name, "investment": "investment_year"}},
    )
    return model


def run(model: Province, quarters: int) -> None:
    """Step and collect."""
    for _ in range(quarters):
        model.step()
        model.collect()


def show_towns(model: Province) -> None:
    """Which towns push, and what they have to show for it."""
    towns = model.agents_by_type[Town]
    pushing = towns.select(lambda town: town.strategy in (Strategy.PUSH, Strategy.INFLATE))
    print(
        f"{len(pushing)} of {len(towns)} sites push; jobs there: {pushing.agg('jobs', sum)} of {towns.agg('jobs', sum)}"
    )
    best = max(towns, key=lambda town: town.investment_total)
    print(f"most invested: {best}, in {best.prefecture.name_en}, land rewarded {best.land_rewarded:.0f} mu")
    for project in best.projects.where(stage="building")[:3]:
        print(f"  building there: {project}")


def show_firm(model: Province, firm: Enterprise) -> None:
    """One firm, then all firms as a pandas frame."""
    if firm.alive:
        print(
            f"{firm}: {firm.age} quarters old, cash {firm.cash}, in a town with reputation {firm.town.reputation:.2f}"
        )
    else:
        print(f"enterprise {firm.key} has closed")
    frame = model.population("enterprises").to_frame(["industry", "kind", "employees", "age"])
    print(frame.groupby("kind")["employees"].agg(["size", "mean"]).round(1))


def main(quarters: int = 12) -> Province:
    """Build, run and look."""
    model = build()
    firm = model.enterprise(1000)
    run(model, quarters)
    show_towns(model)
    show_firm(model, firm)
    print(model.datacollector.get_model_vars_dataframe())
    print(model.datacollector.get_agenttype_vars_dataframe(Town).tail(3))
    return model


if __name__ == "__main__":
    main()
