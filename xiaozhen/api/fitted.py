"""What the fit says of one uncertainty, for ``show``: prior, posterior, identified or not, and which figures tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calibration.fit.known import known
from calibration.targets import load_targets
from report.text.catalogue import say
from report.text.fitted import span
from report.text.language import LANGS
from sim.parameters import Library
from sim.parameters.errors import InputError


def fit_of(library: Library, key: str) -> dict[str, Any]:
    """Fields that ``show uncertainty`` adds.

    Args:
        library: The scenario files.
        key: An uncertainty.

    Returns:
        prior_range and posterior_range (5th, 50th, 95th percentile), identified (a sentence), informed_by (figures);
        where there is no fit, or it is out of date, only the sentence.
    """
    try:
        found = known(library)
    except InputError:
        return {"identified": _said("none")}
    row = found.uncertainties.get(key)
    if row is None or found.stale:
        return {"identified": _said("stale")}
    return {
        "prior_range": span(row, "prior"),
        "posterior_range": span(row, "posterior"),
        "identified": _sentence(row, int(found.about["found"]["trials"])),
        "informed_by": _figures(row["informed_by"]),
    }


def _said(name: str, **values: object) -> dict[str, str]:
    return {lang: say(f"calibrate.known_{name}", lang, **values) for lang in LANGS}


def _sentence(row: Mapping[str, Any], trials: int) -> dict[str, str]:
    if not row["moves_a_figure"]:
        return _said("still")
    share = {name: f"{100 * row[f'trial_{name}']:.0f}" for name in ("sd_ratio", "coverage")}
    return _said("tried", verdict=_said("yes" if row["identified"] else "no"), trials=trials, **share)


def _figures(ids: tuple[str, ...]) -> list[dict[str, Any]]:
    targets = load_targets()
    return [{"id": name, "title": targets[name].title.as_dict()} for name in ids]
