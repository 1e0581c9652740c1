"""Which scenarios between two regimes are run: all of them where there are few, else those that random orders visit."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.analysis.attribution.differences import Comparison
from experiments.analysis.attribution.errors import AttributionError
from experiments.analysis.attribution.shapley import LARGEST, orders, visited
from experiments.plan.behaviour import Behaviours
from experiments.plan.plan import MODEL, Plan
from sim.model import ROOT

METHODS = ("auto", "exact", "sampled")
MAX_RUNS = 4096
"""Runs that an attribution may take unless told."""
MOST_PAIRS = 200
"""Pairs of orders a replicate never exceeds, whatever the budget."""


@dataclass(frozen=True)
class Design:
    """What will be run.

    Attributes:
        method: "exact" or "sampled".
        groups: Number of groups.
        replicates: Number of replicates.
        orders: For each replicate its orders of the groups; empty where all coalitions are run.
        runs: (mask, replicate), each pair once, by mask and then replicate.
    """

    method: str
    groups: int
    replicates: int
    orders: tuple[tuple[tuple[int, ...], ...], ...]
    runs: tuple[tuple[int, int], ...]

    @property
    def masks(self) -> tuple[int, ...]:
        """The coalitions that some replicate runs, in order."""
        return tuple(dict.fromkeys(mask for mask, _ in self.runs))

    @property
    def full(self) -> int:
        """The mask of all groups."""
        return (1 << self.groups) - 1


def design(groups: int, replicates: int, *, method: str = "auto", max_runs: int | None = None, seed: int = 0) -> Design:
    """Choose between all coalitions and random orders, within a number of runs.

    Args:
        groups: Number of groups, at least one.
        replicates: Replicates of every coalition, or with orders of their own.
        method: One of :data:`METHODS`; "auto" takes all coalitions where the budget allows.
        max_runs: Runs at most, :data:`MAX_RUNS` unless told; with "exact" there is no limit unless told.
        seed: Another seed gives other orders.

    Raises:
        AttributionError: If the budget is too small, or there are too many groups for all coalitions.
    """
    every = (1 << min(groups, 60)) * replicates
    limit = MAX_RUNS if max_runs is None else max_runs
    if method == "exact" and (groups > LARGEST or (max_runs is not None and every > max_runs)):
        raise AttributionError("too_many_groups", details={"groups": str(groups), "runs": f"{every:,}"})
    if method == "exact" or (method == "auto" and groups <= LARGEST and every <= limit):
        runs = tuple((mask, k) for mask in range(1 << groups) for k in range(replicates))
        return Design("exact", groups, replicates, (), runs)
    return _sampled(groups, replicates, limit, seed)


def _sampled(groups: int, replicates: int, limit: int, seed: int) -> Design:
    """As many pairs of orders as the budget has room for, the same number in every replicate.

    The empty and the full coalition, each group alone and all but each group are always run: every order begins with
    one of them and ends with another, and they show what a group does first and last.
    """
    full = (1 << groups) - 1
    fixed = {0, full, *(1 << i for i in range(groups)), *(full ^ 1 << i for i in range(groups))}
    least, most = 1, MOST_PAIRS
    if _runs(groups, replicates, least, seed, fixed) > limit:
        needed = _runs(groups, replicates, least, seed, fixed)
        details = {"groups": str(groups), "replicates": str(replicates), "runs": f"{needed:,}"}
        raise AttributionError("budget_too_small", found=f"{limit:,}", details=details)
    while least < most:
        middle = (least + most + 1) // 2
        if _runs(groups, replicates, middle, seed, fixed) <= limit:
            least = middle
        else:
            most = middle - 1
    found = tuple(tuple(orders(groups, least, k, seed)) for k in range(replicates))
    pairs = {(mask, k) for k in range(replicates) for mask in _visits(found[k], fixed)}
    return Design("sampled", groups, replicates, found, tuple(sorted(pairs)))


def _visits(found: tuple[tuple[int, ...], ...], fixed: set[int]) -> set[int]:
    return fixed | {mask for order in found for mask in visited(order)}


def _runs(groups: int, replicates: int, pairs: int, seed: int, fixed: set[int]) -> int:
    return sum(len(_visits(tuple(orders(groups, pairs, k, seed)), fixed)) for k in range(replicates))


def plan_of(
    comparison: Comparison,
    chosen: Design,
    *,
    root: int = ROOT,
    counties: str | None = None,
    task: str = MODEL,
    behaviour: Behaviours | None = None,
) -> Plan:
    """The plan of a design: one point a coalition, named by its mask.

    Args:
        comparison: The two regimes and their groups.
        chosen: The design.
        root: Root seed of the runs.
        counties: The user's own county table.
        task: What runs one spec.
        behaviour: The behaviour of every replicate, the same under all coalitions; its centre unless told.
    """
    n = chosen.groups
    place = {mask: at for at, mask in enumerate(chosen.masks)}
    points = tuple(comparison.point([i for i in range(n) if mask >> i & 1], name(mask, n)) for mask in chosen.masks)
    a, b = comparison.a.regime, comparison.b.regime
    return Plan(
        id=f"attribute-{a}-{b}",
        title={"zh": f"归因：{a} 到 {b}", "en": f"Attribution from {a} to {b}"},
        points=points,
        runs=tuple((place[mask], k) for mask, k in chosen.runs),
        root=root,
        counties=counties,
        task=task,
        baselines={points[-1].id: points[0].id},
        behaviour=behaviour or Behaviours(),
        design={
            "method": f"shapley {chosen.method}",
            "by": comparison.by,
            "groups": [{"id": g.id, "levers": list(g.levers), "clauses": list(g.clauses)} for g in comparison.groups],
            "orders": len(chosen.orders[0]) if chosen.orders else 0,
        },
    )


def name(mask: int, groups: int) -> str:
    """Id of a coalition: "s" and one digit for each group, the first group first."""
    return "s" + "".join("1" if mask >> i & 1 else "0" for i in range(groups))
