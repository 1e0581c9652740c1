"""The readings study on paper: ranking in Chinese and English, a table of all differences, and a figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.analysis.estimates.contrasts import PairedContrast
from experiments.analysis.readings.sweep import RANKED, Largest, Sweep, Swept
from experiments.analysis.tables import records_table
from experiments.store.disk import write_text
from experiments.store.tables import write_table
from report.figures import readings
from report.figures.style import save, styled
from report.render.documents import names
from report.text.catalogue import say
from report.text.language import LANGS
from report.text.outcomes import outcome_title
from report.text.quantity import decimals, interval, number
from report.text.readings import meaning, stated_meaning
from sim.parameters.records import Reading

NAMES = names("readings")
SHORT = {"zh": 16, "en": 40}
"""Signs of a meaning that are shown beside a dot."""


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
        write_text(out / NAMES[lang], document(found, lang))
        written.append(out / NAMES[lang])
    return written


def regime_title(found: Sweep, name: str, lang: str) -> str:
    """A regime as it is called."""
    return found.library.regimes[name].title[lang]


def document(found: Sweep, lang: str) -> str:
    """The whole document in one language."""
    counts = {
        "readings": len({s.reading for s in found.swept}), "meanings": len(found.swept),
        "regimes": len(found.regimes), "replicates": found.replicates,
    }  # fmt: skip
    blocks = [
        f"# {say('readings.title', lang)}",
        say("readings.intro", lang),
        say("readings.made", lang, **counts),
        say("readings.method", lang, tests=len(found.corrected)),
        f"![{say('readings.title', lang)}](figures/readings.{lang}.png)",
    ]
    for name in RANKED:
        blocks += [
            f"## {say('readings.ranking', lang, outcome=outcome_title(name, lang))}",
            _ranking(found, name, lang),
        ]
    blocks += [say("readings.points", lang), f"## {say('readings.silent', lang)}", _silent(found, lang)]
    blocks += [
        f"## {say('readings.idle', lang)}",
        _idle(found, lang),
        f"## {say('readings.unrun', lang)}",
        _unrun(found, lang),
    ]
    blocks.append(f"## {say('readings.details', lang)}")
    for regime in found.regimes:
        rows = [s for s in found.swept if s.regime == regime]
        if rows:
            blocks += [f"### {regime_title(found, regime, lang)}", _details(found, rows, lang)]
    return "\n\n".join(b for b in blocks if b) + "\n"


def ranking_rows(found: Sweep, name: str, lang: str) -> list[list[str]]:
    """Rows of the ranking by an outcome, as they are printed."""
    return [_rank_row(found, i, x, name, lang) for i, x in enumerate(found.ranking(name), 1)]


def _rank_row(found: Sweep, place: int, x: Largest, name: str, lang: str) -> list[str]:
    s, d = x.swept, x.contrast.difference
    question = f"{s.reading} {found.library.readings[s.reading].question[lang]}"
    if d.value == 0.0 and d.low == d.high:
        return [str(place), question, "–", "–", "–", "–", str(x.among)]
    places = decimals(d.low, d.high, d.unit, lang)
    star = " ★" if x.stands else ""
    swapped = f"{stated_meaning(found, s, lang)} → {meaning(found, s, lang)}"
    return [
        str(place), question, regime_title(found, s.regime, lang), swapped,
        number(d.value, d.unit, lang, sign=True, places=places) + star,
        interval(d.low, d.high, d.unit, lang, sign=True, places=places), str(x.among),
    ]  # fmt: skip


def _ranking(found: Sweep, name: str, lang: str) -> str:
    return _grid(say("readings.head", lang).split("|"), ranking_rows(found, name, lang))


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    body = ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body])


def _details(found: Sweep, rows: Sequence[Swept], lang: str) -> str:
    titles = [outcome_title(name, lang) for name in RANKED]
    head = say("readings.details_head", lang, first=titles[0], second=titles[1]).split("|")
    return _grid(
        head, [[s.reading, meaning(found, s, lang), *(_cell(found, s, n, lang) for n in RANKED)] for s in rows]
    )


def _cell(found: Sweep, s: Swept, name: str, lang: str) -> str:
    c: PairedContrast = s.contrast(name)
    d = c.difference
    if d.low == d.high:
        return "0" if d.value == 0.0 else number(d.value, d.unit, lang, sign=True)
    places = decimals(d.low, d.high, d.unit, lang)
    star = " ★" if found.stands(s, name) else ""
    body = number(d.value, d.unit, lang, sign=True, places=places)
    return f"{body}{star} ({interval(d.low, d.high, d.unit, lang, places=places)})"


def _silent(found: Sweep, lang: str) -> str:
    rows = [
        f"* {s.reading} {meaning(found, s, lang)} ({regime_title(found, s.regime, lang)})"
        for s in found.swept
        if s.moved == 0.0
    ]
    return "\n".join([say("readings.silent_text", lang), "", *rows]) if rows else say("readings.none", lang)


def _idle(found: Sweep, lang: str) -> str:
    readings: list[Reading] = [r for r in found.library.readings.values() if r.idle is not None]
    rows = [f"* {r.id} {r.question[lang]} {r.idle[lang] if r.idle else ''}" for r in readings]
    return "\n".join(rows) or say("readings.none", lang)


def _unrun(found: Sweep, lang: str) -> str:
    rows = [
        f"* {r.id} {a.text[lang]}: {a.unrun[lang]}"
        for r in found.library.readings.values()
        for a in r.alternatives
        if a.unrun is not None
    ]
    return "\n".join(rows) or say("readings.none", lang)
