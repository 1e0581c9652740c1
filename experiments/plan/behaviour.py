"""Which behaviour a study runs with: the centre of the priors, draws from the priors, or draws from the posterior.

The posterior is a sample of equal weight beside the scenario files: ``posterior/draws.csv``, one row a joint draw of
all uncertainties, and ``posterior/about.toml``, which says what it was fitted to. Rows stand in a random order that is
fixed, so the first k are a fair sample for every k. Draw k belongs to replicate k.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from experiments.errors import ExperimentError
from experiments.plan.luck import permutation, uniforms
from experiments.plan.priors import quantile
from sim.parameters import Library, Resolved
from sim.parameters.errors import listed, nearest, shown
from sim.parameters.mix import with_behaviour
from sim.parameters.records import Frozen
from sim.parameters.texts import Text

Floats = NDArray[np.float64]

MODES = ("posterior", "prior", "central")
"""What ``--behaviour`` may say; the first is the default of every study."""
DEFAULT = "posterior"
"""What studies run with unless told."""
PER_DRAW = 2
"""Replicates in a row that share a draw, so that luck and not knowing the behaviour can be told apart."""
BLOCK = 100
"""Draws of one Latin hypercube."""
DRAWS, ABOUT = "draws.csv", "about.toml"
DIGITS = 6
"""Significant digits of the posterior's file."""

_MESSAGES: Mapping[str, Mapping[str, str]] = {
    "no_mode": {"zh": "没有这种行为设定", "en": "there is no such choice of behaviour"},
    "no_file": {
        "zh": "这里没有后验样本的文件，请先运行 xiaozhen calibrate，或用 --behaviour prior 或 central",
        "en": "the posterior's file is not here; run xiaozhen calibrate first, or use --behaviour prior or central",
    },
    "unreadable": {"zh": "这个文件读不出来", "en": "this file cannot be read"},
    "column_unknown": {"zh": "这一列不是任何不确定参数", "en": "this column is no uncertainty"},
    "column_missing": {"zh": "缺少这个不确定参数的列", "en": "the column of this uncertainty is missing"},
    "column_twice": {"zh": "这一列出现了两次", "en": "this column stands there twice"},
    "row_length": {"zh": "这一行的格数不对", "en": "this row has the wrong number of cells"},
    "no_rows": {"zh": "文件里没有一次抽样", "en": "the file holds no draw"},
    "not_number": {"zh": "这里应当是一个有限的数", "en": "this must be a finite number"},
    "outside": {"zh": "数值超出先验的范围", "en": "the value lies outside the bounds of its prior"},
    "other_draws": {
        "zh": "抽样文件与说明文件不是一起写出的（散列值不同）",
        "en": "the draws are not the ones that the file beside them describes (their hash differs)",
    },
    "other_priors": {
        "zh": "这个后验是用另一套先验拟合的，请重新运行 xiaozhen calibrate，或用 --behaviour prior 或 central",
        "en": "this posterior was fitted under other priors; run xiaozhen calibrate again, or use --behaviour prior or "
        "central",
    },
    "about_key": {"zh": "说明文件缺少这一项，或形式不对", "en": "the file lacks this entry, or has it in another form"},
}


class BehaviourError(ExperimentError):
    """A choice of behaviour or a posterior's file that cannot be used."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = _MESSAGES


@dataclass(frozen=True)
class Posterior:
    """A fitted sample.

    Attributes:
        keys: Uncertainties in the order of the scenario files.
        values: One row a draw, shape (draws, uncertainties).
        about: What the file beside it says: method, seed, hashes, and what is known of each uncertainty.
    """

    keys: tuple[str, ...]
    values: Floats
    about: Mapping[str, Any]

    def draw(self, k: int) -> dict[str, float]:
        """Draw k; after the last the first comes again."""
        return dict(zip(self.keys, map(float, self.values[k % len(self.values)]), strict=True))


def draws(mode: str, library: Library, n: int, folder: Path | None = None) -> list[dict[str, float]]:
    """Behaviour of replicates 0 ... n-1.

    Args:
        mode: One of :data:`MODES`.
        library: The scenario files.
        n: How many.
        folder: Where the posterior stands; beside the scenario files by default.

    Returns:
        One mapping a replicate with the value of every uncertainty; empty mappings for "central", where nothing is
        overridden. The first k are the same whatever n.

    Raises:
        BehaviourError: No such mode, or the posterior cannot be used.
    """
    if mode not in MODES:
        raise BehaviourError(
            "no_mode", key="--behaviour", found=shown(mode), allowed=listed(MODES), suggestion=nearest(mode, MODES)
        )
    if mode == "central":
        return [{} for _ in range(n)]
    if mode == "prior":
        return behaviours(library, cube(n, len(library.uncertainties)))
    fitted = read(library, folder)
    return [fitted.draw(k) for k in range(n)]


@dataclass(frozen=True)
class Behaviours:
    """The behaviour of every replicate.

    Attributes:
        mode: One of :data:`MODES`.
        draws: Values of the uncertainties; none at the centre. Replicate k has draw k // :data:`PER_DRAW`.
    """

    mode: str = "central"
    draws: tuple[Mapping[str, float], ...] = ()

    def of(self, replicate: int) -> Mapping[str, float]:
        """What replicate k overrides; nothing at the centre."""
        return self.draws[self.place(replicate)] if self.draws else {}

    def place(self, replicate: int) -> int:
        """Which draw replicate k has; after the last the first comes again."""
        return (replicate // PER_DRAW) % len(self.draws) if self.draws else 0

    @property
    def per_draw(self) -> int:
        """Replicates in a row that share a draw; at the centre each stands for itself."""
        return PER_DRAW if self.draws else 1

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the draws, "" at the centre."""
        return hashlib.sha256("".join(self._marks).encode()).hexdigest() if self.draws else ""

    @cached_property
    def _marks(self) -> tuple[str, ...]:
        return tuple(map(_mark, self.draws))

    def laying(self, library: Library) -> Callable[[Resolved, int], Resolved]:
        """What gives a scenario as replicate k runs it; each draw is laid under a scenario once."""
        laid: dict[tuple[str, int], Resolved] = {}

        def lay(resolved: Resolved, replicate: int) -> Resolved:
            place = resolved.fingerprint, self.place(replicate)
            if place not in laid:
                laid[place] = with_behaviour(library, resolved, self.of(replicate))
            return laid[place]

        return lay

    def mark(self, fingerprint: str, replicate: int) -> str:
        """What identifies a scenario as replicate k runs it."""
        if not self.draws:
            return fingerprint
        return hashlib.sha256((fingerprint + self._marks[self.place(replicate)]).encode()).hexdigest()


def _mark(draw: Mapping[str, float]) -> str:
    return hashlib.sha256(json.dumps(sorted(draw.items())).encode()).hexdigest()


def behaviours_for(mode: str | None, library: Library, replicates: int) -> Behaviours:
    """The behaviour of replicates 0 ... replicates-1.

    Raises:
        BehaviourError: As :func:`draws`.
    """
    chosen = mode or DEFAULT
    found = draws(chosen, library, -(-replicates // PER_DRAW))
    return Behaviours(chosen, tuple(map(Frozen, found)) if any(found) else ())


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


def prior_hash(library: Library) -> str:
    """SHA-256 over the shape and bounds of every prior."""
    rows = [
        [u.key, u.distribution, sorted((k, repr(v)) for k, v in u.params.items()), u.low, u.high, u.central]
        for u in library.uncertainties.values()
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


# --- the posterior ---------------------------------------------------------------------------------------------------


def posterior_folder(library: Library) -> Path:
    """Where the posterior of the scenario files stands."""
    return library.root / "posterior"


def read(library: Library, folder: Path | None = None) -> Posterior:
    """Read the posterior.

    Raises:
        BehaviourError: A file is missing or unreadable, a column or value is not allowed, or it was fitted under other
            priors.
    """
    place = folder or posterior_folder(library)
    about = read_about(place)
    text = _text(place / DRAWS)
    if hashlib.sha256(text.encode()).hexdigest() != about["draws_sha256"]:
        raise BehaviourError("other_draws", file=f"{place.name}/{DRAWS}")
    if about["priors_sha256"] != prior_hash(library):
        raise BehaviourError("other_priors", file=f"{place.name}/{ABOUT}")
    keys = tuple(library.uncertainties)
    return Posterior(keys, _table(text, library, f"{place.name}/{DRAWS}"), about)


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


def _table(text: str, library: Library, name: str) -> Floats:
    rows = list(csv.reader(text.splitlines()))
    head = rows[0] if rows else []
    _check_columns(head[1:] if head[:1] == ["draw"] else head, library, name)
    if len(rows) < 2:
        raise BehaviourError("no_rows", file=name)
    place = {key: head.index(key) for key in library.uncertainties}
    found = np.empty((len(rows) - 1, len(place)))
    for i, row in enumerate(rows[1:]):
        if len(row) != len(head):
            raise BehaviourError("row_length", file=name, line=i + 2, found=str(len(row)), allowed=str(len(head)))
        for j, (key, column) in enumerate(place.items()):
            found[i, j] = _number(row[column], key, i, library, name)
    return found


def _check_columns(columns: list[str], library: Library, name: str) -> None:
    known = library.uncertainties
    for key in columns:
        if key not in known:
            raise BehaviourError("column_unknown", file=name, key=key, suggestion=nearest(key, known))
        if columns.count(key) > 1:
            raise BehaviourError("column_twice", file=name, key=key)
    for key in known:
        if key not in columns:
            raise BehaviourError("column_missing", file=name, key=key)


def _number(cell: str, key: str, i: int, library: Library, name: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BehaviourError("not_number", file=name, line=i + 2, key=key, found=shown(cell))
    prior = library.uncertainties[key]
    if not prior.low <= value <= prior.high:
        bounds = Text(f"{prior.low:g} 至 {prior.high:g}", f"{prior.low:g} to {prior.high:g}")
        raise BehaviourError("outside", file=name, line=i + 2, key=key, found=shown(value), allowed=bounds)
    return value


def written(keys: tuple[str, ...], sample: Floats) -> str:
    """The text of ``draws.csv``: one row a draw, :data:`DIGITS` significant digits."""
    lines = [",".join(("draw", *keys))]
    lines += [",".join((str(i), *(f"{v:.{DIGITS}g}" for v in row))) for i, row in enumerate(sample)]
    return "\n".join(lines) + "\n"
