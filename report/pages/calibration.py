"""``docs/calibration.md`` and its twins, written from the files of a fit: nothing is run here.

``python -m report.pages.calibration [--lang zh|en] [--write | --check]``
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calibration.fit.known import Known, known
from calibration.fit.likelihood import DISCREPANCY
from calibration.fit.publish import PULLS
from calibration.fit.trial import COVERAGE, IDENTIFIED, RANKS
from calibration.targets import Target, load_targets
from experiments.plan.behaviour import Posterior, read
from report.blocks import (
    Block,
    Code,
    Grid,
    Item,
    Joined,
    Mono,
    Page,
    Paragraph,
    Picture,
    Points,
    Quantity,
    Section,
    Text,
    Unit,
    banded,
    between,
    glued,
    message,
    noted,
    title,
)
from report.figures import calibration as figure
from report.render.documents import Document
from report.text.catalogue import has, under
from report.text.fitted import span
from report.text.language import FALLBACK, LANGS
from report.text.quantity import unit_text
from sim.parameters import Library, load_library

FIGURE = "figures/calibration/targets"
COMMANDS = "xiaozhen calibrate --install\npython -m report.pages.calibration --write"
WORST, FEW = 4, 5
TIED, MOST_TIED = 0.25, 8
"""Least rank correlation told; that of 300 independent draws stays below it in all pairs."""
Row = Mapping[str, Any]


def page(library: Library | None = None, folder: Path | None = None) -> Page:
    """What a fit says.

    Args:
        library: The scenario files; read when not given.
        folder: Of the fit; the committed posterior's by default.

    Raises:
        BehaviourError, FitError: There is no fit, or its files are not as they must be.
    """
    files = library or load_library()
    found, fitted = known(files, folder), read(files, folder)
    f = found.about["found"]
    parts: tuple[Block, ...] = (
        Paragraph(message("calibration.intro", figures=f["figures"], uncertainties=f["uncertainties"])),
        Code(COMMANDS),
        *([_said("earlier", version=fitted.earlier)] if fitted.earlier else ()),
        Paragraph(message("calibration.not_forecast")),
        _short(found, files),
        _figures(found),
        _worst(found),
        _identified(found, files),
        *_together(fitted, files),
        _rest(found),
        _trials(found),
        _tension(found),
        _made(found),
    )
    return Page(message("calibration.title"), parts)


def draw(folder: Path) -> Iterator[Path]:
    """Write the figure of the committed posterior in every language."""
    found = known(load_library())
    for lang in LANGS:
        yield from figure.draw(found, lang, folder / f"{FIGURE}.{lang}")


def _section(name: str, *blocks: Block) -> Section:
    return Section(message(f"calibration.{name}"), blocks)


def _said(name: str, **values: Text | int) -> Paragraph:
    return Paragraph(message(f"calibration.{name}", **values))


def _table(columns: str, rows: Sequence[Sequence[Text]]) -> Grid:
    return Grid([message(f"calibration.col_{one}") for one in columns.split()], rows, words=True)


def _percent(value: float) -> Text:
    return message("calibration.percent", n=Quantity(float(value), "ratio", bare=True))


def _title(library: Library, row: Row) -> Text:
    return title(library.uncertainties[row["key"]].title)


def _coded(library: Library, key: str) -> Text:
    return glued(title(library.uncertainties[key].title), " ", Mono(key))


# --- in short --------------------------------------------------------------------------------------------------------


def identified(found: Known) -> list[Row]:
    """Identified uncertainties, the best known first."""
    rows = [row for row in found.uncertainties.values() if row["identified"]]
    return sorted(rows, key=lambda row: float(row["sd_ratio"]))


def worst(found: Known) -> list[Row]:
    """The figures that the others predict worst."""
    return sorted(found.targets.values(), key=lambda row: -abs(float(row["surprise"])))[:WORST]


def _short(found: Known, library: Library) -> Section:
    f, best, titles = found.about["found"], identified(found), load_targets()
    covered = [float(row["trial_coverage"]) for row in best] or [1.0]
    moved = sorted(found.uncertainties.values(), key=lambda row: -abs(float(row["shift"])))[:FEW]
    names = [glued(_title(library, row), f" ({row['sd_ratio']:.2f})") for row in best[:FEW]]
    far = [glued(_title(library, row), f" ({row['shift']:+.1f})") for row in moved]
    hard = [title(titles[row["id"]].title) for row in worst(found)]
    numbers = {"figures": f["figures"], "inside": f["figures_inside"], "identified": f["identified"]}
    told = {"uncertainties": f["uncertainties"], "moving": f["moving_a_figure"], **numbers}
    trial = message(
        "calibration.short_trials",
        trials=f["trials"],
        coverage=_percent(f["coverage_of_identified"]),
        least=_percent(min(covered)),
        most=_percent(max(covered)),
        p=f"{f['least_rank_p_of_identified']:.2g}",
        holm=f"{f['least_rank_p_after_holm']:.2g}",
    )
    lines = (
        message("calibration.short_inside", **numbers),
        message("calibration.short_identified", rest=f["uncertainties"] - f["identified"], **told),
        message("calibration.short_best", names=Joined(names, "and")),
        message("calibration.short_moved", names=Joined(far, "and")),
        trial,
        message("calibration.short_worst", names=Joined(hard, "and")),
    )
    return _section("in_short", Points([Item(line) for line in lines]))


# --- figures ---------------------------------------------------------------------------------------------------------


def around(row: Row, when: str, unit: str) -> Text:
    """Median and range of a prediction."""
    low, middle, high = (float(row[f"{when}_{q}"]) for q in ("q05", "q50", "q95"))
    return banded(middle, low, high, unit)


def _figures(found: Known) -> Section:
    targets, size = load_targets(), found.about["size"]
    return _section(
        "figures_head",
        _said("figures_how", trials=size["truths"], check=size["check"]),
        Picture(FIGURE, message("calibration.figures_head")),
        _table(
            "figure trust published prior posterior inside gap surprise",
            [_figure(targets[name], row) for name, row in found.targets.items()],
        ),
    )


def _figure(t: Target, row: Row) -> list[Text]:
    return [
        noted(title(t.title), Unit(t.unit) if unit_text(t.unit, FALLBACK) else ""),
        t.trust,
        banded(t.value, t.lo, t.hi, t.unit),
        around(row, "prior", t.unit),
        around(row, "posterior", t.unit),
        message("calibration.yes" if row["inside"] else "calibration.no"),
        f"{row['gap']:+.1f}",
        f"{row['surprise']:+.1f}",
    ]


def _worst(found: Known) -> Section:
    return _section("worst_head", Points([Item(_far(row)) for row in worst(found)], numbered=True))


def _far(row: Row) -> Text:
    t = load_targets()[row["id"]]
    why = f"calibration.why.{t.id}"
    low, high = (float(row[f"posterior_{q}"]) for q in ("q05", "q95"))
    return message(
        "calibration.worst_row",
        title=title(t.title),
        id=t.id,
        value=Quantity(t.value, t.unit),
        low=Quantity(low, t.unit, bare=True),
        high=Quantity(high, t.unit),
        surprise=f"{row['surprise']:+.1f}",
        why=message(why if has(why) else "calibration.worst_unknown"),
    )


# --- uncertainties ---------------------------------------------------------------------------------------------------


def _identified(found: Known, library: Library) -> Section:
    rows = [
        [
            _coded(library, row["key"]),
            span(row, "prior"),
            span(row, "posterior"),
            f"{row['sd_ratio']:.2f}",
            ", ".join(row["informed_by"]),
        ]
        for row in identified(found)
    ]
    rule = _said("identified_how", rule=str(IDENTIFIED), low=_percent(COVERAGE[0]), high=_percent(COVERAGE[1]))
    return _section("identified_head", rule, _table("uncertainty prior_range posterior_range ratio informed", rows))


def tied(fitted: Posterior) -> list[tuple[str, str, float]]:
    """Pairs of uncertainties that the posterior ties together, the strongest first: rank correlation of the draws."""
    ranks = np.argsort(np.argsort(fitted.values, axis=0, kind="stable"), axis=0, kind="stable").astype(np.float64)
    r = np.asarray(np.corrcoef(ranks.T), dtype=np.float64)
    a, b = np.triu_indices(len(fitted.keys), 1)
    order = [int(i) for i in np.argsort(-np.abs(r[a, b]), kind="stable") if abs(r[a[i], b[i]]) >= TIED]
    return [(fitted.keys[a[i]], fitted.keys[b[i]], float(r[a[i], b[i]])) for i in order[:MOST_TIED]]


def _together(fitted: Posterior, library: Library) -> Iterator[Section]:
    rows = [[_coded(library, one), _coded(library, other), f"{r:+.2f}"] for one, other, r in tied(fitted)]
    if rows:
        how = _said("together_how", least=str(TIED))
        yield _section("together_head", how, _table("uncertainty with correlation", rows))


def _rest(found: Known) -> Section:
    moving = [r["key"] for r in found.uncertainties.values() if r["moves_a_figure"] and not r["identified"]]
    still = [r["key"] for r in found.uncertainties.values() if not r["moves_a_figure"]]
    named = (("rest_moving", moving), ("rest_still", still))
    parts = (
        Paragraph(glued(message(f"calibration.{name}", n=len(keys)), " ", between(", ", map(Mono, keys))))
        for name, keys in named
    )
    return _section("rest_head", *parts)


def _trials(found: Known) -> Section:
    rows = [
        [
            Mono(row["key"]),
            f"{row['sd_ratio']:.2f}",
            f"{row['trial_sd_ratio']:.2f}",
            f"{row['trial_bias']:+.2f}",
            _percent(row["trial_coverage"]),
            f"{row['trial_rank_p']:.2f}",
        ]
        for row in identified(found)
    ]
    table = _table("uncertainty ratio trial_ratio bias coverage rank", rows)
    return _section("trials_head", _said("trials_how", ranks=RANKS), table)


def _tension(found: Known) -> Section:
    rows = [
        [_named(name), between(", ", map(_named, pulled))]
        for name, row in found.targets.items()
        if (pulled := row["pulled_by"])
    ]
    if not rows:
        return _section("tension_head", _said("tension_none"))
    return _section("tension_head", _said("tension_how", least=str(PULLS)), _table("better without", rows))


def _named(target: str) -> Text:
    return glued(title(load_targets()[target].title), f" ({target})")


def _made(found: Known) -> Section:
    values = {grade: message("calibration.percent", n=f"{100 * value:.0f}") for grade, value in DISCREPANCY.items()}
    steps = [Item(message(id, **found.about["size"], **values)) for id in under("calibration.steps")]
    return _section("made_head", Points(steps, numbered=True), _said("made_why"))


DOCUMENT = Document("report.pages.calibration", "What the fit says.", "calibration", page, draw)
NAMES, document, main = DOCUMENT.files, DOCUMENT.text, DOCUMENT.main


if __name__ == "__main__":
    sys.exit(main())
