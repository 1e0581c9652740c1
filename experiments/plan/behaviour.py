"""Which behaviour a study runs with: the centre of the priors, draws from the priors, or draws from the posterior.

The posterior is a sample of equal weight beside the scenario files: ``posterior/draws.csv``, one row a joint draw of
all fitted uncertainties, and ``posterior/about.toml``, which says what it was fitted to. Rows stand in a random order
that is fixed, so the first k are a fair sample for every k. An uncertainty that is newer than the fit is drawn from its
prior, and :attr:`Behaviours.at_prior` names it.

Replicate k has draw k // per_draw (:class:`Behaviours`): two replicates a draw in studies, so that luck and not knowing
the behaviour can be told apart; one in predictions, which only spread.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from experiments.errors import ExperimentError
from experiments.plan.luck import permutation, uniforms
from experiments.plan.priors import quantile
from sim.engine.kernel import source_fingerprint
from sim.parameters import Library
from sim.parameters.errors import listed, nearest, shown
from sim.parameters.records import Frozen
from sim.parameters.texts import Phrase

Floats = NDArray[np.float64]

MODES = ("posterior", "prior", "central")
"""What ``--behaviour`` may say; the first is the default of every study."""
DEFAULT = "posterior"
"""What studies run with unless told."""
PER_DRAW = 2
"""Replicates in a row that share a draw in a study, so that luck and not knowing the behaviour can be told apart."""
BLOCK = 100
"""Draws of one Latin hypercube."""
DRAWS, ABOUT = "draws.csv", "about.toml"
UNKNOWN = "?"
"""Version of a posterior whose file does not name it."""
DIGITS = 6
"""Significant digits of the posterior's file."""

_MESSAGES: Mapping[str, str] = {
    "no_mode": "there is no such choice of behaviour",
    "no_file": "the posterior's file is not here; run xiaozhen calibrate first, or use --behaviour prior or central",
    "unreadable": "this file cannot be read",
    "column_unknown": "this column is no uncertainty",
    "column_missing": "the column of this uncertainty is missing",
    "column_twice": "this column stands there twice",
    "row_length": "this row has the wrong number of cells",
    "no_rows": "the file holds no draw",
    "not_number": "this must be a finite number",
    "outside": "the value lies outside the bounds of its prior",
    "other_draws": "the draws are not the ones that the file beside them describes (their hash differs)",
    "other_priors": (
        "the prior of a fitted uncertainty has changed since this posterior was fitted; run xiaozhen "
        "calibrate again, or use --behaviour prior or central"
    ),
    "about_key": "the file lacks this entry, or has it in another form",
}


class BehaviourError(ExperimentError):
    """A choice of behaviour or a posterior's file that cannot be used."""

    topic: ClassVar[str] = "behaviour"
    sentences: ClassVar[Mapping[str, str]] = _MESSAGES


@dataclass(frozen=True)
class Posterior:
    """A fitted sample.

    Attributes:
        keys: Uncertainties in the order of the scenario files.
        values: One row a draw, shape (draws, uncertainties).
        about: What the file beside it says: method, seed, hashes, and what is known of each uncertainty.
        at_prior: Uncertainties that the fit did not know; their columns are draws from their priors.
        earlier: Version of the model that was fitted, where its rules have moved since; else "".
    """

    keys: tuple[str, ...]
    values: Floats
    about: Mapping[str, Any]
    at_prior: tuple[str, ...] = ()
    earlier: str = ""

    def draw(self, k: int) -> dict[str, float]:
        """Draw k; after the last the first comes again."""
        return dict(zip(self.keys, map(float, self.values[k % len(self.values)]), strict=True))


def draws(mode: str, library: Library, n: int, folder: Path | None = None) -> list[dict[str, float]]:
    """The first n draws of behaviour.

    Args:
        mode: One of :data:`MODES`.
        library: The scenario files.
        n: How many.
        folder: Where the posterior stands; beside the scenario files by default.

    Returns:
        One mapping a draw with the value of every uncertainty; empty mappings for "central", where nothing is
        overridden. The first k are the same whatever n.

    Raises:
        BehaviourError: No such mode, or the posterior cannot be used.
    """
    return _drawn(mode, library, n, folder)[0]


def _drawn(
    mode: str, library: Library, n: int, folder: Path | None = None
) -> tuple[list[dict[str, float]], tuple[str, ...], str]:
    """The draws, the uncertainties that a posterior lacked, and the earlier version of the model that was fitted."""
    if mode not in MODES:
        raise BehaviourError(
            "no_mode", key="--behaviour", found=shown(mode), allowed=listed(MODES), suggestion=nearest(mode, MODES)
        )
    if mode == "central":
        return [{} for _ in range(n)], (), ""
    if mode == "prior":
        return behaviours(library, cube(n, len(library.uncertainties))), (), ""
    fitted = read(library, folder)
    return [fitted.draw(k) for k in range(n)], fitted.at_prior, fitted.earlier


@dataclass(frozen=True)
class Behaviours:
    """The behaviour of every replicate.

    Attributes:
        mode: One of :data:`MODES`.
        draws: Values of the uncertainties; none at the centre.
        each: Replicates in a row that share a draw: replicate k has draw k // each.
        at_prior: Uncertainties that the posterior lacked and that are drawn from their priors.
        sha256: Hash of the draws where they themselves are not known any more.
        earlier: Version of the model that the posterior was fitted with, where its rules have moved since; else "".
    """

    mode: str = "central"
    draws: tuple[Mapping[str, float], ...] = ()
    each: int = PER_DRAW
    at_prior: tuple[str, ...] = ()
    sha256: str = ""
    earlier: str = ""

    def of(self, replicate: int) -> Mapping[str, float]:
        """What replicate k overrides; nothing at the centre."""
        return self.draws[self.place(replicate)] if self.draws else {}

    def place(self, replicate: int) -> int:
        """Which draw replicate k has; after the last the first comes again."""
        return (replicate // self.each) % len(self.draws) if self.draws else 0

    @property
    def per_draw(self) -> int:
        """Replicates in a row that share a draw; at the centre each stands for itself."""
        return self.each if self.draws or self.sha256 else 1

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the draws, "" at the centre."""
        return hashlib.sha256("".join(self._marks).encode()).hexdigest() if self.draws else self.sha256

    @cached_property
    def _marks(self) -> tuple[str, ...]:
        return tuple(map(_mark, self.draws))

    def mark(self, fingerprint: str, replicate: int) -> str:
        """What identifies a scenario as replicate k runs it."""
        if not self.draws:
            return fingerprint
        return hashlib.sha256((fingerprint + self._marks[self.place(replicate)]).encode()).hexdigest()


def _mark(draw: Mapping[str, float]) -> str:
    return hashlib.sha256(json.dumps(sorted(draw.items())).encode()).hexdigest()


def behaviours_for(mode: str | None, library: Library, replicates: int, each: int = PER_DRAW) -> Behaviours:
    """The behaviour of replicates 0 ... replicates-1.

    Args:
        mode: One of :data:`MODES`; the default of every study where it is None.
        library: The scenario files.
        replicates: How many replicates.
        each: Replicates in a row that share a draw.

    Raises:
        BehaviourError: As :func:`draws`.
    """
    chosen = mode or DEFAULT
    found, at_prior, earlier = _drawn(chosen, library, -(-replicates // each))
    return Behaviours(chosen, tuple(map(Frozen, found)) if any(found) else (), each, at_prior, earlier=earlier)


# --- the prior -------------------------------------------------------------------------------------------------------


def cube(n: int, width: int, use: str = "behaviour.prior", seed: int = 0) -> Floats:
    """Shares of probability, in Latin hypercubes of :data:`BLOCK` draws each.

    Args:
        n: How many draws; the first k are the same whatever n.
        width: How many uncertainties.
        use: What the draws are for; each use has its own.
        seed: Another seed gives other draws.

    Returns:
        Shape (n, width), values in (0, 1).
    """
    blocks = [_hypercube(f"{use}/{b}", width, seed) for b in range(-(-n // BLOCK))]
    return np.concatenate(blocks)[:n] if blocks else np.zeros((0, width))


def _hypercube(use: str, width: int, seed: int) -> Floats:
    places = np.stack([permutation(f"{use}/{j}", BLOCK, seed) for j in range(width)], axis=1)
    return np.asarray((places + uniforms(use, (BLOCK, width), seed)) / BLOCK)


def values(library: Library, shares: Floats) -> Floats:
    """Values of every uncertainty at some draws, shape (n, uncertainties)."""
    priors = list(library.uncertainties.values())
    return np.stack([quantile(prior, shares[:, j]) for j, prior in enumerate(priors)], axis=1)


def behaviours(library: Library, shares: Floats) -> list[dict[str, float]]:
    """The same as mappings from key to value, one a draw."""
    keys = list(library.uncertainties)
    return [dict(zip(keys, map(float, row), strict=True)) for row in values(library, shares)]


def prior_hash(library: Library, keys: Collection[str] | None = None) -> str:
    """SHA-256 over the shape and bounds of priors: of all, or of some in the order of the scenario files."""
    rows = [
        [u.key, u.distribution, sorted((k, repr(v)) for k, v in u.params.items()), u.low, u.high, u.central]
        for u in library.uncertainties.values()
        if keys is None or u.key in keys
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


# --- the posterior ---------------------------------------------------------------------------------------------------


def posterior_folder(library: Library) -> Path:
    """Where the posterior of the scenario files stands."""
    return library.root / "posterior"


def read(library: Library, folder: Path | None = None) -> Posterior:
    """Read the posterior; what it lacks is drawn from its prior, each by its own keyed draws.

    Raises:
        BehaviourError: A file is missing or unreadable, a column or value is not allowed, or an uncertainty was fitted
            under another prior.
    """
    place = folder or posterior_folder(library)
    about = read_about(place)
    text = _text(place / DRAWS)
    if hashlib.sha256(text.encode()).hexdigest() != about["draws_sha256"]:
        raise BehaviourError("other_draws", file=f"{place.name}/{DRAWS}")
    rows = list(csv.reader(text.splitlines()))
    head = rows[0] if rows else []
    _check_columns(head[1:] if head[:1] == ["draw"] else head, library, f"{place.name}/{DRAWS}")
    at_prior = tuple(key for key in library.uncertainties if key not in head)
    _check_priors(about["priors_sha256"], library, head, place.name)
    fitted = _table(rows, library, f"{place.name}/{DRAWS}")
    columns = [
        fitted[key] if key in fitted else _from_prior(library, key, len(rows) - 1) for key in library.uncertainties
    ]
    return Posterior(tuple(library.uncertainties), np.stack(columns, axis=1), about, at_prior, _earlier(about))


def _earlier(about: Mapping[str, Any]) -> str:
    """The version that was fitted if it is not the model of today: its sources have another fingerprint."""
    return "" if about["model_sources"] == source_fingerprint() else str(about.get("version", UNKNOWN))


def _check_priors(mark: str, library: Library, fitted: Collection[str], name: str) -> None:
    """The priors of what was fitted are those of then, and no column of then is missing."""
    if mark == prior_hash(library, fitted):
        return
    if mark == prior_hash(library):
        lost = next(key for key in library.uncertainties if key not in fitted)
        raise BehaviourError("column_missing", file=f"{name}/{DRAWS}", key=lost)
    raise BehaviourError("other_priors", file=f"{name}/{ABOUT}")


def _from_prior(library: Library, key: str, n: int) -> Floats:
    return np.asarray(quantile(library.uncertainties[key], cube(n, 1, f"behaviour.at_prior/{key}")[:, 0]))


def read_about(place: Path) -> dict[str, Any]:
    """What the posterior was fitted to.

    Raises:
        BehaviourError: The file is missing, unreadable, or lacks an entry.
    """
    name = f"{place.name}/{ABOUT}"
    try:
        about = tomllib.loads(_text(place / ABOUT))
    except tomllib.TOMLDecodeError as error:
        raise BehaviourError("unreadable", file=name, found=str(error)) from error
    for key in ("draws_sha256", "priors_sha256", "targets_sha256", "model_sources", "method"):
        if not isinstance(about.get(key), str):
            raise BehaviourError("about_key", file=name, key=key, found=shown(about.get(key, "")))
    return about


def _text(path: Path) -> str:
    name = f"{path.parent.name}/{path.name}"
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise BehaviourError("no_file", file=name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BehaviourError("unreadable", file=name, found=type(error).__name__) from error


def _table(rows: list[list[str]], library: Library, name: str) -> dict[str, Floats]:
    """The columns of the file by uncertainty, in the order of the scenario files."""
    head = rows[0]
    if len(rows) < 2:
        raise BehaviourError("no_rows", file=name)
    place = {key: head.index(key) for key in library.uncertainties if key in head}
    found = {key: np.empty(len(rows) - 1) for key in place}
    for i, row in enumerate(rows[1:]):
        if len(row) != len(head):
            raise BehaviourError("row_length", file=name, line=i + 2, found=str(len(row)), allowed=str(len(head)))
        for key, column in place.items():
            found[key][i] = _number(row[column], key, i, library, name)
    return found


def _check_columns(columns: list[str], library: Library, name: str) -> None:
    known = library.uncertainties
    for key in columns:
        if key not in known:
            raise BehaviourError("column_unknown", file=name, key=key, suggestion=nearest(key, known))
        if columns.count(key) > 1:
            raise BehaviourError("column_twice", file=name, key=key)


def _number(cell: str, key: str, i: int, library: Library, name: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BehaviourError("not_number", file=name, line=i + 2, key=key, found=shown(cell))
    prior = library.uncertainties[key]
    if not prior.low <= value <= prior.high:
        bounds = Phrase("value.between", "{low} to {high}", {"low": f"{prior.low:g}", "high": f"{prior.high:g}"})
        raise BehaviourError("outside", file=name, line=i + 2, key=key, found=shown(value), allowed=bounds)
    return value


def written(keys: tuple[str, ...], sample: Floats) -> str:
    """The text of ``draws.csv``: one row a draw, :data:`DIGITS` significant digits."""
    lines = [",".join(("draw", *keys))]
    lines += [",".join((str(i), *(f"{v:.{DIGITS}g}" for v in row))) for i, row in enumerate(sample)]
    return "\n".join(lines) + "\n"
