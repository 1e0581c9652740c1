"""What the fit says of one uncertainty, for ``show``: prior, posterior, identified or not, and which figures tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calibration.fit.known import known
from calibration.targets import load_targets
from report.text.fitted import span
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
        return {"identified": _both("还没有校准", "there is no fit yet")}
    row = found.uncertainties.get(key)
    if row is None or found.stale:
        return {"identified": _both("校准之后先验已改动", "the priors have changed since the fit")}
    return {
        "prior_range": span(row, "prior"),
        "posterior_range": span(row, "posterior"),
        "identified": _sentence(row, int(found.about["found"]["trials"])),
        "informed_by": _figures(row["informed_by"]),
    }


def _both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _sentence(row: Mapping[str, Any], trials: int) -> dict[str, str]:
    if not row["moves_a_figure"]:
        return _both(
            "不能识别：公布的数字都不随它变化，故保持先验",
            "no: no published figure moves with it, so it keeps its prior",
        )
    ratio, covered = f"{100 * row['trial_sd_ratio']:.0f}", f"{100 * row['trial_coverage']:.0f}"
    zh = f"{trials}次检验中，标准差平均降到先验的{ratio}%，90%区间有{covered}%盖住真值"
    en = (
        f"in {trials} trials its standard deviation falls to {ratio} % of the prior's on average, and 90 % intervals "
        f"hold the truth {covered} % of the time"
    )
    return _both(f"能识别：{zh}", f"yes: {en}") if row["identified"] else _both(f"不能识别：{zh}", f"no: {en}")


def _figures(ids: tuple[str, ...]) -> list[dict[str, Any]]:
    targets = load_targets()
    return [{"id": name, "title": _both(targets[name].title.zh, targets[name].title.en)} for name in ids]
