"""``docs/calibration.md`` and its Chinese twin, written from the files of a fit: nothing is run here."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calibration.fit.known import Known, known
from calibration.fit.likelihood import DISCREPANCY
from calibration.fit.publish import PULLS
from calibration.fit.trial import COVERAGE, IDENTIFIED, RANKS
from calibration.targets import Target, load_targets
from experiments.plan.behaviour import Posterior, read
from experiments.store.disk import write_text
from report.figures.calibration import draw
from report.render.documents import names
from report.render.markdown import table
from report.text.catalogue import has, say
from report.text.fitted import span
from report.text.language import LANGS, bracketed, joined, mark
from report.text.quantity import interval, number, unit_text
from sim.parameters import Library, load_library

NAMES = names("calibration")
FIGURE = "figures/calibration/targets"
COMMANDS = "xiaozhen calibrate --install\npython -m report.pages.calibration --out docs"
WORST, FEW = 4, 5
TIED, MOST_TIED = 0.25, 8
"""Least rank correlation told; that of 300 independent draws stays below it in all pairs."""
Row = Mapping[str, Any]


def write_calibration(out: Path, library: Library | None = None, folder: Path | None = None) -> list[Path]:
    """Write documents and figures.

    Args:
        out: Folder of the documents, usually ``docs``.
        library: The scenario files.
        folder: Of the fit; the committed posterior's by default.

    Returns:
        The files written.

    Raises:
        BehaviourError, FitError: There is no fit, or its files are not as they must be.
    """
    files = library or load_library()
    found, fitted = known(files, folder), read(files, folder)
    written = []
    for lang in LANGS:
        write_text(out / NAMES[lang], document(found, fitted, files, lang))
        written += [out / NAMES[lang], *draw(found, lang, out / f"{FIGURE}-{lang}")]
    return written


def document(found: Known, fitted: Posterior, library: Library, lang: str) -> str:
    """The whole page in one language."""
    parts = [
        f"# {say('calibration.title', lang)}",
        _intro(found, lang),
        f"```\n{COMMANDS}\n```",
        say("calibration.not_forecast", lang),
        *_short(found, library, lang),
        *_figures(found, lang),
        *_worst(found, lang),
        *_identified(found, library, lang),
        *_together(fitted, library, lang),
        *_rest(found, lang),
        *_trials(found, lang),
        *_tension(found, lang),
        *_made(found, lang),
    ]
    return "\n\n".join(parts) + "\n"


def _intro(found: Known, lang: str) -> str:
    f = found.about["found"]
    return say("calibration.intro", lang, figures=f["figures"], uncertainties=f["uncertainties"])


# --- in short --------------------------------------------------------------------------------------------------------


def identified(found: Known) -> list[Row]:
    """Identified uncertainties, the best known first."""
    rows = [row for row in found.uncertainties.values() if row["identified"]]
    return sorted(rows, key=lambda row: float(row["sd_ratio"]))


def worst(found: Known) -> list[Row]:
    """The figures that the others predict worst."""
    return sorted(found.targets.values(), key=lambda row: -abs(float(row["surprise"])))[:WORST]


def _short(found: Known, library: Library, lang: str) -> list[str]:
    f, best, titles = found.about["found"], identified(found), load_targets()
    covered = [float(row["trial_coverage"]) for row in best] or [1.0]
    moved = sorted(found.uncertainties.values(), key=lambda row: -abs(float(row["shift"])))[:FEW]
    names = [f"{_title(library, row, lang)} ({row['sd_ratio']:.2f})" for row in best[:FEW]]
    far = [f"{_title(library, row, lang)} ({row['shift']:+.1f})" for row in moved]
    hard = [titles[row["id"]].title[lang] for row in worst(found)]
    rest, total = f["uncertainties"] - f["identified"], f["uncertainties"]
    numbers = {"figures": f["figures"], "inside": f["figures_inside"], "identified": f["identified"]}
    trial = {
        "trials": f["trials"],
        "coverage": _percent(f["coverage_of_identified"], lang),
        "least": _percent(min(covered), lang),
        "most": _percent(max(covered), lang),
        "p": f"{f['least_rank_p_of_identified']:.2g}",
        "holm": f"{f['least_rank_p_after_holm']:.2g}",
    }
    lines = [
        say("calibration.short_inside", lang, **numbers),
        say(
            "calibration.short_identified", lang, uncertainties=total, moving=f["moving_a_figure"], rest=rest, **numbers
        ),
        say("calibration.short_best", lang, names=joined(names, lang)),
        say("calibration.short_moved", lang, names=joined(far, lang)),
        say("calibration.short_trials", lang, **trial),
        say("calibration.short_worst", lang, names=joined(hard, lang)),
    ]
    return [f"## {say('calibration.in_short', lang)}", "\n".join(f"- {line}" for line in lines)]


def _percent(value: float, lang: str) -> str:
    return number(float(value), "ratio", lang) + mark("percent", lang)


def _title(library: Library, row: Row, lang: str) -> str:
    return str(library.uncertainties[row["key"]].title[lang])


# --- figures ---------------------------------------------------------------------------------------------------------


def around(row: Row, when: str, unit: str, lang: str) -> str:
    """Median and range of a prediction."""
    low, middle, high = (float(row[f"{when}_{q}"]) for q in ("q05", "q50", "q95"))
    return f"{number(middle, unit, lang)} ({interval(low, high, unit, lang)})"


def _figures(found: Known, lang: str) -> list[str]:
    targets, size = load_targets(), found.about["size"]
    rows = []
    for name, row in found.targets.items():
        t = targets[name]
        published = f"{number(t.value, t.unit, lang)} ({interval(t.lo, t.hi, t.unit, lang)})"
        rows.append(
            [
                f"{t.title[lang]}{_unit(t, lang)}",
                t.trust,
                published,
                around(row, "prior", t.unit, lang),
                around(row, "posterior", t.unit, lang),
                say("calibration.yes" if row["inside"] else "calibration.no", lang),
                f"{row['gap']:+.1f}",
                f"{row['surprise']:+.1f}",
            ]
        )
    columns = ("figure", "trust", "published", "prior", "posterior", "inside", "gap", "surprise")
    heads = [say(f"calibration.col_{c}", lang) for c in columns]
    how = say("calibration.figures_how", lang, trials=size["truths"], check=size["check"])
    image = f"![{say('calibration.figures_head', lang)}]({FIGURE}-{lang}.png)"
    return [f"## {say('calibration.figures_head', lang)}", how, image, table(heads, rows)]


def _unit(target: Target, lang: str) -> str:
    unit = unit_text(target.unit, lang)
    if not unit:
        return ""
    return bracketed(unit, lang)


def _worst(found: Known, lang: str) -> list[str]:
    targets = load_targets()
    lines = []
    for row in worst(found):
        t = targets[row["id"]]
        why = f"calibration.why.{t.id}"
        reason = say(why if has(why) else "calibration.worst_unknown", lang)
        low, high = (number(float(row[f"posterior_{q}"]), t.unit, lang) for q in ("q05", "q95"))
        unit = unit_text(t.unit, lang)
        spaced = unit if unit.startswith("%") else f" {unit}"
        told = {"title": t.title[lang], "id": t.id, "value": number(t.value, t.unit, lang) + spaced}
        line = say(
            "calibration.worst_row",
            lang,
            **told,
            low=low,
            high=high + spaced,
            surprise=f"{row['surprise']:+.1f}",
            why=reason,
        )
        lines.append(f"1. {line}")
    return [f"## {say('calibration.worst_head', lang)}", "\n".join(lines)]


# --- uncertainties ---------------------------------------------------------------------------------------------------


def _identified(found: Known, library: Library, lang: str) -> list[str]:
    rows = [
        [
            f"{_title(library, row, lang)} `{row['key']}`",
            span(row, "prior"),
            span(row, "posterior"),
            f"{row['sd_ratio']:.2f}",
            ", ".join(row["informed_by"]),
        ]
        for row in identified(found)
    ]
    heads = [
        say(f"calibration.col_{c}", lang)
        for c in ("uncertainty", "prior_range", "posterior_range", "ratio", "informed")
    ]
    rule = {"rule": IDENTIFIED, "low": _percent(COVERAGE[0], lang), "high": _percent(COVERAGE[1], lang)}
    return [
        f"## {say('calibration.identified_head', lang)}",
        say("calibration.identified_how", lang, **rule),
        table(heads, rows),
    ]


def tied(fitted: Posterior) -> list[tuple[str, str, float]]:
    """Pairs of uncertainties that the posterior ties together, the strongest first: rank correlation of the draws."""
    ranks = np.argsort(np.argsort(fitted.values, axis=0, kind="stable"), axis=0, kind="stable").astype(np.float64)
    r = np.asarray(np.corrcoef(ranks.T), dtype=np.float64)
    a, b = np.triu_indices(len(fitted.keys), 1)
    order = [int(i) for i in np.argsort(-np.abs(r[a, b]), kind="stable") if abs(r[a[i], b[i]]) >= TIED]
    return [(fitted.keys[a[i]], fitted.keys[b[i]], float(r[a[i], b[i]])) for i in order[:MOST_TIED]]


def _together(fitted: Posterior, library: Library, lang: str) -> list[str]:
    titles = library.uncertainties
    rows = [
        [*(f"{titles[key].title[lang]} `{key}`" for key in (one, other)), f"{r:+.2f}"] for one, other, r in tied(fitted)
    ]
    if not rows:
        return []
    heads = [say(f"calibration.col_{c}", lang) for c in ("uncertainty", "with", "correlation")]
    return [
        f"## {say('calibration.together_head', lang)}",
        say("calibration.together_how", lang, least=TIED),
        table(heads, rows),
    ]


def _rest(found: Known, lang: str) -> list[str]:
    moving = [r["key"] for r in found.uncertainties.values() if r["moves_a_figure"] and not r["identified"]]
    still = [r["key"] for r in found.uncertainties.values() if not r["moves_a_figure"]]
    parts = [f"## {say('calibration.rest_head', lang)}"]
    for name, keys in (("rest_moving", moving), ("rest_still", still)):
        parts.append(say(f"calibration.{name}", lang, n=len(keys)) + "\n" + ", ".join(f"`{key}`" for key in keys))
    return parts


def _trials(found: Known, lang: str) -> list[str]:
    rows = [
        [
            f"`{row['key']}`",
            f"{row['sd_ratio']:.2f}",
            f"{row['trial_sd_ratio']:.2f}",
            f"{row['trial_bias']:+.2f}",
            _percent(row["trial_coverage"], lang),
            f"{row['trial_rank_p']:.2f}",
        ]
        for row in identified(found)
    ]
    heads = [
        say(f"calibration.col_{c}", lang) for c in ("uncertainty", "ratio", "trial_ratio", "bias", "coverage", "rank")
    ]
    return [
        f"## {say('calibration.trials_head', lang)}",
        say("calibration.trials_how", lang, ranks=RANKS),
        table(heads, rows),
    ]


def _tension(found: Known, lang: str) -> list[str]:
    titles = load_targets()
    rows = [
        [
            f"{titles[name].title[lang]} ({name})",
            ", ".join(f"{titles[other].title[lang]} ({other})" for other in pulled),
        ]
        for name, row in found.targets.items()
        if (pulled := row["pulled_by"])
    ]
    head = f"## {say('calibration.tension_head', lang)}"
    if not rows:
        return [head, say("calibration.tension_none", lang)]
    heads = [say("calibration.col_better", lang), say("calibration.col_without", lang)]
    return [head, say("calibration.tension_how", lang, least=PULLS), table(heads, rows)]


def _named(target: Target, lang: str) -> str:
    return f"{target.title[lang]} ({target.id})"


def _made(found: Known, lang: str) -> list[str]:
    graded = {grade: f"{100 * value:.0f}{mark('percent', lang)}" for grade, value in DISCREPANCY.items()}
    body = say("calibration.made_body", lang, **found.about["size"], **graded)
    return [f"## {say('calibration.made_head', lang)}", body, say("calibration.made_why", lang)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the documents of the committed posterior."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--folder", type=Path, default=None)
    chosen = parser.parse_args(arguments)
    for path in write_calibration(chosen.out, folder=chosen.folder):
        print(path.as_posix())


if __name__ == "__main__":
    main()
