"""Outcomes as studies use them: every definition by kind and id, and those that are looked at first."""

from __future__ import annotations

from sim.outcomes.definitions import OUTCOMES, YEARLY, Outcome

MAIN_OUTCOMES: tuple[str, ...] = (
    "completion_common",
    "completion_own",
    "completion_ratio_total",
    "town_exit_rate",
    "firm_exit_hazard_y3",
    "entrants_gone_3y",
    "projects_fallen_share",
    "investment_effective",
    "public_cost",
    "land_net",
    "land_guaranteed",
    "idle_land",
    "debt_end",
    "jobs_end",
    "talents_end",
    "tax_end",
    "housing_share",
    "reporting_gap",
    "village_income_end",
)
"""Outcomes of the summary's table and of the family that Holm's correction covers, most asked-for first."""


def catalogue() -> dict[str, Outcome]:
    """Definitions of all outcomes under "summary.ID" and "yearly.ID", for some ids exist in both kinds."""
    return {f"{o.kind}.{o.id}": o for group in (OUTCOMES, YEARLY) for o in group.values()}
