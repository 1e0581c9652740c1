"""``xiaozhen sensitivity``: which factors move the outcomes, with a store, tables, figures and a page."""

from __future__ import annotations

from pathlib import Path

from xiaozhen.cli.answer import Answer, Screen, asks, written
from xiaozhen.requests import Sensitivity


@asks
def sensitivity(asked: Sensitivity, screen: Screen) -> Answer:
    """Run a sensitivity study into a store and tell what it found."""
    from report.pages import sensitivity as page
    from xiaozhen.api.studies import asked_of, sensitivity, sensitivity_pages
    from xiaozhen.cli.clock import Clock
    from xiaozhen.cli.sweeps import asking, keeping, watching

    given = asked.keywords()
    how = {name: given.pop(name) for name in ("out", "workers", "threads", "scheduler")}
    folder = Path(how["out"] or f"results/sensitivity-{Path(asked.subject).stem}-{asked.method}")
    screen.note(page.ahead(study := asked_of(**given), screen.lang))
    clock = Clock(folder, len(study.plan.runs), asked.workers or asked.threads)
    # Rows have luck of their own, so a point has one replicate and its interval is not the question.
    consent = asking(screen.lang, screen.silent, heard=clock.engaged, least=2)
    with watching(screen.lang) as forward, keeping(str(folder), screen.lang, "sensitivity.sens_declined"):
        found = sensitivity(**given, **how | {"out": folder}, tell=clock.tell(forward), consent=consent)
    files = sensitivity_pages(found, folder)
    cost = clock.read()
    first = folder / page.FOLDER / f"summary.{screen.lang}.md"
    blocks = [*page.screen(found, cost, screen.lang), *written(folder, first)]
    return Answer(page.document(found, folder, files, cost), blocks)
