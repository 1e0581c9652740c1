"""What a fit found, read back from its folder: for `show`, for the documents, and for anyone who asks."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from calibration.fit.publish import TARGETS, UNCERTAINTIES
from experiments.errors import ExperimentError
from experiments.plan.behaviour import posterior_folder, prior_hash, read_about
from sim.parameters import Library

_MESSAGES: Mapping[str, str] = {
    "no_fit": "there is no fit here; run xiaozhen calibrate first",
    "bad_table": "the columns or rows of this table are not as they must be",
    "nothing_to_resume": "there is no fit here to go on with",
}
NUMBERS = frozenset(
    {
        "value", "lo", "hi", "gap", "surprise", "luck", "stand_in_error", "terms", "sd_ratio", "shift",
        "trial_sd_ratio", "trial_bias", "trial_coverage", "trial_rank_p",
        *(f"{when}_{q}" for when in ("prior", "posterior") for q in ("q05", "q50", "q95")),
    }
)  # fmt: skip
FLAGS = frozenset({"inside", "identified", "moves_a_figure"})
LISTS = frozenset({"informed_by", "pulled_by"})
Row = Mapping[str, Any]


class FitError(ExperimentError):
    """A fit's folder that cannot be used."""

    topic: ClassVar[str] = "fit"
    sentences: ClassVar[Mapping[str, str]] = _MESSAGES


@dataclass(frozen=True)
class Known:
    """A fit as its folder tells it.

    Attributes:
        about: Method, sizes, hashes and main findings.
        uncertainties: By key, in the order of the scenario files.
        targets: By id.
        stale: Whether the priors have changed since.
    """

    about: Row
    uncertainties: Mapping[str, Row]
    targets: Mapping[str, Row]
    stale: bool


def known(library: Library, folder: Path | None = None) -> Known:
    """Read a fit.

    Args:
        library: The scenario files.
        folder: A fit's folder; that of the committed posterior by default.

    Raises:
        BehaviourError, FitError: A file is missing or not as it must be.
    """
    place = folder or posterior_folder(library)
    about = read_about(place)
    rows = {name: _rows(place / name, key) for name, key in ((UNCERTAINTIES, "key"), (TARGETS, "id"))}
    return Known(
        about, rows[UNCERTAINTIES], rows[TARGETS], about["priors_sha256"] != prior_hash(library, rows[UNCERTAINTIES])
    )


def _rows(path: Path, key: str) -> dict[str, Row]:
    name = f"{path.parent.name}/{path.name}"
    try:
        found = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), strict=True))
        return {row[key]: {column: _value(column, cell) for column, cell in row.items()} for row in found}
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FitError("no_fit", file=name) from error
    except (KeyError, ValueError, TypeError, csv.Error, UnicodeDecodeError) as error:
        raise FitError("bad_table", file=name, found=str(error)) from error


def _value(column: str, cell: str) -> Any:
    if column in NUMBERS:
        return float(cell)
    if column in FLAGS:
        return {"yes": True, "no": False}[cell]
    return tuple(cell.split()) if column in LISTS else cell
