"""``xiaozhen sweep``: run a study or design into a store that survives anything."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen, asks
from xiaozhen.requests import Sweep


@asks
def sweep(asked: Sweep, screen: Screen) -> Answer:
    """Run a study or design into a store."""
    from report.pages.stores import status as page
    from xiaozhen.api.designs import plan
    from xiaozhen.api.stores import run_into, status
    from xiaozhen.cli.sweeps import asking, keeping, watching

    what = plan(asked.study, n=asked.n, replicates=asked.replicates)
    given = asked.keywords() | {"out": asked.out or f"results/{what.id}"}
    with watching(screen.lang) as tell, keeping(given["out"], screen.lang, "sweep.to_go_on"):
        run_into(given.pop("study"), **given, tell=tell, consent=asking(screen.lang, screen.silent))
    at = status(asked.out or f"results/{what.id}")
    return Answer(at, page(at))
