"""Runs of a store that failed, for those who need every one."""

from __future__ import annotations

from experiments.errors import FailedRun, RunFailures
from experiments.store.folder import Store
from experiments.store.reading import records
from experiments.store.record import FAILED
from sim.parameters import Library


def refuse_failures(store: Store, library: Library) -> None:
    """Make sure that every run of a store succeeded.

    Raises:
        RunFailures: If one failed; it names the first in the order of the plan.
    """
    held, plan = records(store), store.plan
    failed = [i for i, key in enumerate(store.keys) if held[key].status == FAILED]
    if failed:
        known = plan.scenarios(library)
        found = {i: (held[store.keys[i]], plan.spec(known.drawn(*plan.runs[i]), plan.runs[i][1])) for i in failed}
        failures = [FailedRun(spec, one.stage, one.cause, one.trace) for one, spec in found.values()]
        raise RunFailures(failures, [held[key] for key in store.keys])
