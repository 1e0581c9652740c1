"""The readings study on paper: a ranking by each main outcome, all differences, what moved nothing, and a figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.analysis.estimates.contrasts import Estimate
from experiments.analysis.readings.sweep import RANKED, Largest, Sweep, Swept
from experiments.analysis.tables import records_table
from experiments.store.disk import write_text
from experiments.store.tables import write_table
from report.blocks import (
    Block,
    Grid,
    Interval,
    Item,
    Page,
    Paragraph,
    Picture,
    Points,
    Quantity,
    Section,
    Text,
    glued,
    heads,
    message,
    title,
)
from report.figures import readings
from report.figures.style import save, styled
from report.render.documents import names
from report.render.markdown import markdown
from report.text.language import LANGS
from report.text.readings import meaning, stated_meaning
from sim.outcomes.records import OUTCOMES
from sim.parameters.compose import chain_of

NAMES = names("readings")
NOTHING = "–"


def write_sweep(found: Sweep, out: Path) -> list[Path]:
    """Write documents, table and figures of a sweep into a folder.

    Returns:
        The files written.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = write_table(records_table(found.records()), out / "readings")
    with styled():
        for lang in LANGS:
            written += save(readings.draw(found, lang), out / "figures" / f"readings.{lang}")
    for lang in LANGS:
        write_text(out / NAMES[lang], markdown(page(found), lang))
        written.append(out / NAMES[lang])
    return written


def page(found: Sweep) -> Page:
    """The whole page."""
    count = {"readings": len({s.reading for s in found.swept}), "meanings": len(found.swept)}
    count |= {"regimes": len(found.regimes), "replicates": found.replicates}
    parts: list[Block] = [
        Paragraph(message("readings.intro")),
        Paragraph(message("readings.made", **count)),
        Paragraph(message("readings.method", tests=len(found.corrected))),
        Picture("figures/readings", message("readings.title")),
        *(ranking(found, name) for name in RANKED),
        Paragraph(message("readings.points")),
        _listed("silent", _silent(found), message("readings.silent_text")),
        _listed("idle", _idle(found)),
        _listed("unrun", _unrun(found)),
        Section(message("readings.details"), _details(found)),
    ]
    return Page(message("readings.title"), parts)


def ranking(found: Sweep, name: str) -> Section:
    """The readings by what they move of an outcome, the largest first."""
    rows = [_rank(found, i, x) for i, x in enumerate(found.ranking(name), 1)]
    named = message("readings.ranking", outcome=title(OUTCOMES[name].title))
    return Section(named, (Grid(heads("readings.head", 7), rows, words=True),))


def _rank(found: Sweep, place: int, x: Largest) -> list[Text]:
    s, d = x.swept, x.contrast.difference
    question = glued(f"{s.reading} ", title(found.library.readings[s.reading].question))
    if d.value == 0.0 and d.low == d.high:
        return [str(place), question, *[NOTHING] * 4, str(x.among)]
    swapped = glued(stated_meaning(found, s), " → ", meaning(found, s))
    between = Interval(d.low, d.high, d.unit, sign=True)
    return [str(place), question, _regime(found, s), swapped, _amount(d, x.stands), between, str(x.among)]


def _regime(found: Sweep, one: Swept) -> Text:
    return title(found.library.regimes[one.regime].title)


def _amount(d: Estimate, stands: bool) -> Text:
    body = Quantity(d.value, d.unit, sign=True, bare=True, within=(d.low, d.high))
    return glued(body, " ★") if stands else body


def _details(found: Sweep) -> list[Section]:
    first, second = (title(OUTCOMES[name].title) for name in RANKED)
    columns = heads("readings.details_head", 2)
    by = {regime: [s for s in found.swept if s.regime == regime] for regime in found.regimes}
    return [
        Section(
            _regime(found, rows[0]),
            (Grid((*columns, first, second), [_detail(found, s) for s in rows], words=True),),
        )
        for rows in by.values()
        if rows
    ]


def _detail(found: Sweep, s: Swept) -> list[Text]:
    return [s.reading, meaning(found, s), *(_cell(s.contrast(n).difference, found.stands(s, n)) for n in RANKED)]


def _cell(d: Estimate, stands: bool) -> Text:
    body = _amount(d, stands and d.low != d.high)
    return body if d.low == d.high else glued(body, " (", Interval(d.low, d.high, d.unit), ")")


def _listed(name: str, rows: Sequence[Text], before: Text = "") -> Section:
    """A list under its heading, or that there is nothing in it."""
    if not rows:
        return Section(message(f"readings.{name}"), (Paragraph(message("readings.none")),))
    points = Points([Item(row) for row in rows])
    return Section(message(f"readings.{name}"), (Paragraph(before), points) if before else (points,))


def _silent(found: Sweep) -> list[Text]:
    still = (s for s in found.swept if s.moved == 0.0)
    return [glued(f"{s.reading} ", meaning(found, s), " (", _regime(found, s), ")", _why(found, s)) for s in still]


def _why(found: Sweep, s: Swept) -> Text:
    """Why a meaning changes no run in a regime, where the file of readings says so for it or one that it extends."""
    one = next(a for a in found.library.readings[s.reading].alternatives if a.id == s.alternative)
    chain = chain_of(s.regime, found.library.regimes)[::-1]
    reason = next((one.silent[regime.id] for regime in chain if regime.id in one.silent), None)
    return glued(": ", title(reason)) if reason else ""


def _idle(found: Sweep) -> list[Text]:
    idle = (r for r in found.library.readings.values() if r.idle is not None)
    return [glued(f"{r.id} ", title(r.question), " ", title(r.idle or "")) for r in idle]


def _unrun(found: Sweep) -> list[Text]:
    return [
        glued(f"{r.id} ", title(a.text), ": ", title(a.unrun))
        for r in found.library.readings.values()
        for a in r.alternatives
        if a.unrun is not None
    ]
