"""What each scenario of a study is compared with."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence


def baselines(
    scenarios: Sequence[tuple[str, str, str]], windows: Mapping[str, Hashable] | None = None
) -> dict[str, str]:
    """Choose what each scenario is compared with: the null regime in the same world, else the study's first scenario.

    Args:
        scenarios: (id, regime, world) in study order.
        windows: Scenario id -> the years it covers; among several nulls of a world the one of the same years is taken.

    Returns:
        Scenario id -> baseline id, without the baselines themselves.
    """
    covers = windows or {}
    nulls: dict[Hashable, str] = {}
    for scenario, regime, world in scenarios:
        if regime == "null":
            nulls.setdefault(world, scenario)
            nulls.setdefault((world, covers.get(scenario)), scenario)
    chosen: dict[str, str] = {}
    for scenario, regime, world in scenarios:
        base = nulls.get((world, covers.get(scenario))) or nulls.get(world, scenarios[0][0])
        if scenario != base and not (regime == "null" and world in nulls):
            chosen[scenario] = base
    return chosen
