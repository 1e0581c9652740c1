"""Writing a fit: the posterior's draws, what is known of every uncertainty and every figure, and how it was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.fit.predictive import Predicted, Tension, predicted, tension, truth_runs
from calibration.fit.stages import Bench, FitSpec, Fitted, Tell, drawn, fitted, targets_hash
from calibration.fit.trial import Trials, trials
from calibration.targets import load_targets
from experiments.errors import FolderError
from experiments.plan.behaviour import ABOUT, DRAWS, prior_hash, values, written
from experiments.plan.priors import quantile
from experiments.store.disk import write_text
from experiments.store.result import MARK, SPEC, check_folder, dump
from experiments.store.versions import versions
from sim.engine.kernel import source_fingerprint
from sim.parameters import Library

Floats = NDArray[np.float64]

UNCERTAINTIES, TARGETS = "uncertainties.csv", "targets.csv"
RUNS = "runs"
"""Folder of the stores inside a fit's folder."""
METHOD = "sparse second-degree stand-in, beta-binomial and log-normal likelihood, tempered particles"
MOST_NAMED = 3
INFORMS = 0.1
"""A figure informs an uncertainty where it alone adds this share of the prior's precision."""
PULLS = 0.1
"""A figure pulls against another where leaving it out raises the other's log likelihood by this much."""


@dataclass(frozen=True)
class Findings:
    """A finished fit and everything that was asked of it.

    Attributes:
        fit: The fit.
        shares: The posterior's draws in the unit cube.
        trials: Fits to simulated reality.
        predicted: Figures beside predictions.
        tension: Which figures pull against others.
    """

    fit: Fitted
    shares: Floats
    trials: Trials
    predicted: Predicted
    tension: Tension


def calibrate(
    spec: FitSpec,
    library: Library,
    out: Path,
    workers: int | None = None,
    tell: Tell | None = None,
    *,
    force: bool = False,
) -> Findings:
    """Fit, test the fit, and write everything into a folder.

    Args:
        spec: Sizes.
        library: The scenario files.
        out: The folder; runs that are there already are not run again.
        workers: Worker processes; None = one for each core, 1 = in this process.
        tell: Called with (stage, finished, all).
        force: Replace a finished fit of other sizes.

    Returns:
        What was found.

    Raises:
        FolderError: The folder holds something else, or a finished fit of other sizes.
        RunFailures: A run failed.
    """
    targets = load_targets()
    check_folder(out)
    held = json.loads((out / SPEC).read_text(encoding="utf-8")) if (out / SPEC).is_file() else {}
    if (out / DRAWS).is_file() and held.get("spec") != spec.as_dict() and not force:
        raise FolderError("holds_results", file=out.name, details={"what": f"calibrate, {SPEC}"})
    mark = {MARK: 1, "kind": "calibration", "spec": spec.as_dict(), "priors": prior_hash(library)}
    write_text(out / SPEC, dump({**mark, "targets": targets_hash(targets)}))
    b = Bench(spec, library, targets, out / RUNS, workers, tell)
    f = fitted(b)
    shares = drawn(b, f.emulator, f.sample, spec.sample, "fit.sample")
    found = Findings(f, shares, trials(f), predicted(f, shares, truth_runs(f)), tension(f))
    publish(found, out)
    return found


def publish(found: Findings, out: Path) -> list[Path]:
    """Write the four files of a fit."""
    library = found.fit.bench.library
    text = written(tuple(library.uncertainties), values(library, found.shares))
    files = {
        DRAWS: text,
        UNCERTAINTIES: _csv(uncertainty_rows(found)),
        TARGETS: _csv(target_rows(found)),
        ABOUT: about(found, text),
    }
    for name, content in files.items():
        write_text(out / name, content)
    return [out / name for name in files]


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [",".join(rows[0])]
    lines += [",".join(_cell(v) for v in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


def uncertainty_rows(found: Findings) -> list[dict[str, Any]]:
    """One row an uncertainty: prior, posterior, how much narrower, what trials say, which figures inform it."""
    f, t = found.fit, found.trials
    library, active = f.bench.library, set(map(int, t.active))
    sample = values(library, found.shares)
    after = _ratios(f)
    uniform, identified = t.uniformity(), t.identified
    rows = []
    for j, (key, prior) in enumerate(library.uncertainties.items()):
        before = quantile(prior, np.array([0.05, 0.5, 0.95]))
        now = np.quantile(sample[:, j], [0.05, 0.5, 0.95], method="inverted_cdf")
        rows.append(
            {
                "key": key,
                **{f"prior_{n}": float(v) for n, v in zip(("q05", "q50", "q95"), before, strict=True)},
                **{f"posterior_{n}": float(v) for n, v in zip(("q05", "q50", "q95"), now, strict=True)},
                "moves_a_figure": j in active,
                "sd_ratio": float(after[j]),
                "shift": float(_shift(f)[j]),
                "trial_sd_ratio": float(t.contraction[j]),
                "trial_bias": float(t.bias[j]),
                "trial_coverage": float(t.coverage[j]),
                "trial_rank_p": float(uniform[j]),
                "identified": bool(identified[j]),
                "informed_by": " ".join(_named(f.bench.ids, found.tension.informs[j], INFORMS)),
            }
        )
    return rows


def _ratios(f: Fitted) -> Floats:
    """Posterior over prior standard deviation of normal scores, by uncertainty."""
    out = np.ones(len(f.bench.space.keys))
    out[f.emulator.active] = f.sample.z.std(axis=0)
    return out


def _shift(f: Fitted) -> Floats:
    """Posterior mean in prior standard deviations, by uncertainty."""
    out = np.zeros(len(f.bench.space.keys))
    out[f.emulator.active] = f.sample.z.mean(axis=0)
    return out


def _named(names: Sequence[str], strength: Floats, least: float) -> list[str]:
    order = np.argsort(-strength, kind="stable")[:MOST_NAMED]
    return [names[int(i)] for i in order if strength[i] >= least]


def target_rows(found: Findings) -> list[dict[str, Any]]:
    """One row a figure: published, predicted before and after, and what pulls against it."""
    f, p = found.fit, found.predicted
    b = f.bench
    rows = []
    for j, (name, target) in enumerate(b.targets.items()):
        rows.append(
            {
                "id": name,
                "trust": target.trust,
                "value": target.value,
                "lo": target.lo,
                "hi": target.hi,
                **{f"prior_{n}": float(v) for n, v in zip(("q05", "q50", "q95"), p.prior[:, j], strict=True)},
                **{f"posterior_{n}": float(v) for n, v in zip(("q05", "q50", "q95"), p.posterior[:, j], strict=True)},
                "inside": bool(p.inside[j]),
                "gap": float(p.gap[j]),
                "surprise": float(found.tension.surprise[j]),
                "pulled_by": " ".join(_named(b.ids, found.tension.relief[j], PULLS)),
                "luck": float(f.luck.raw[j]),
                "stand_in_error": float(f.emulator.errors[j]),
                "terms": len(f.emulator.figures[j].coefficients) - 1,
            }
        )
    return rows


def about(found: Findings, draws: str) -> str:
    """The text of ``about.toml``."""
    f, t = found.fit, found.trials
    b = f.bench
    active = [int(j) for j in t.active]
    p_values = [float(t.uniformity()[j]) for j in active if t.identified[j]]
    lines = [
        "# What the draws beside this file were fitted to and how; written by `xiaozhen calibrate`.",
        *_pairs(
            {
                "method": METHOD,
                "draws_sha256": hashlib.sha256(draws.encode()).hexdigest(),
                "priors_sha256": prior_hash(b.library),
                "targets_sha256": targets_hash(b.targets),
                "version": versions()["xiaozhen"],
                "model_sources": source_fingerprint(),
            }
        ),
        "",
        "[size]",
        *_pairs(b.spec.as_dict()),
        "",
        "[found]",
        *_pairs(
            {
                "figures": len(b.ids),
                "figures_inside": int(found.predicted.inside.sum()),
                "uncertainties": len(b.space.keys),
                "moving_a_figure": len(active),
                "identified": int(t.identified.sum()),
                "trials": len(t.truth),
                "coverage_of_identified": _round(float(t.coverage[t.identified].mean()) if t.identified.any() else 1.0),
                "least_rank_p_of_identified": _round(min(p_values, default=1.0)),
                "least_rank_p_after_holm": _round(_holm(p_values)),
                "log_evidence": _round(f.sample.evidence),
            }
        ),
    ]
    return "\n".join(lines) + "\n"


def _round(value: float) -> float:
    return float(f"{value:.6g}")


def _holm(p: Sequence[float]) -> float:
    """Least p value after Holm's correction; 1 without any."""
    return min(1.0, min(p) * len(p)) if p else 1.0


def _pairs(content: Mapping[str, Any]) -> Iterable[str]:
    for key, value in content.items():
        yield f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
