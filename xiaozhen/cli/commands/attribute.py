"""``xiaozhen attribute``: which clause made the difference between two regimes, and who fared differently."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen, asks, written
from xiaozhen.requests import Attribute


@asks
def attribute(asked: Attribute, screen: Screen) -> Answer:
    """Share the difference between two regimes out over their clauses."""
    from report.pages.attribution import page
    from xiaozhen.api.attribution import DEFAULT, share_out
    from xiaozhen.api.library import load
    from xiaozhen.cli.sweeps import asking, keeping, watching

    given = asked.keywords()
    given["out"] = asked.out or f"results/attribute-{asked.a}-{asked.b}-{asked.by}"
    given["outcomes"] = asked.outcomes or DEFAULT
    how = {name: given.pop(name) for name in ("workers", "threads", "scheduler")}
    with watching(screen.lang) as tell, keeping(given["out"], screen.lang, "attribute.attribute_go_on"):
        how |= {"tell": tell, "consent": asking(screen.lang, screen.silent, least=2)}
        found = share_out(
            **given, how=how, fated=screen.progress, ahead=lambda laid: screen.note(page.ahead(laid, asked.no_fates))
        )
    blocks = [*page.screen(found.found, found.fates, load(), screen.lang)]
    blocks += written(found.folder, found.folder / page.PAGE.format(lang=screen.lang))
    return Answer(page.document(found.found, found.fates, found.folder, found.files), blocks)
