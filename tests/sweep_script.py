"""A sweep as a process of its own, so that tests can kill it: folder, task, engine word."""

from __future__ import annotations

import sys

from tests import sweep_tasks

if __name__ == "__main__":
    from experiments.run.evaluate import stored

    folder, task, how, points, replicates = sys.argv[1:6]
    options = {"threads": {"threads": 2}, "serial": {"workers": 1}}.get(how, {"workers": 2})
    plan = sweep_tasks.plan(task, points=int(points), replicates=int(replicates))
    stored(folder, **options)(plan)
