"""``xiaozhen calibrate``: fit behaviour to the published figures, and say what the data can and cannot tell."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Command, Count, chosen, common, option
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.output import line, note, print_json, progress, table

if TYPE_CHECKING:
    from calibration.fit.known import Known
    from sim.parameters import Library

OUT, QUICK_OUT = Path("results/calibration"), Path("results/calibration-quick")
STAGES = ("prior", "luck", "refine", "truth", "check")
TARGET_COLUMNS = (
    "output.col_target",
    "output.col_unit",
    "output.col_published",
    "calibrate.fit_col_prior",
    "calibrate.fit_col_posterior",
    "output.col_inside",
    "output.col_id",
)
SHORT_COLUMNS = (
    "calibrate.fit_col_uncertainty",
    "calibrate.fit_col_prior",
    "calibrate.fit_col_posterior",
    "calibrate.fit_col_sd_ratio",
    "calibrate.fit_col_informed_by",
)
LONG_COLUMNS = (
    "calibrate.fit_col_uncertainty",
    "calibrate.fit_col_sd_ratio",
    "calibrate.fit_col_trial_sd_ratio",
    "calibrate.fit_col_bias",
    "calibrate.fit_col_covered",
    "calibrate.fit_col_rank_p",
    "calibrate.fit_col_identified",
    "calibrate.fit_col_informed_by",
)


@click.command(cls=Command, help="commands.calibrate.help", epilog="commands.calibrate.more")
@option("--quick", is_flag=True, help="calibrate.opt_quick_fit")
@option("--out", type=click.Path(path_type=Path), default=None, metavar="FOLDER", help="calibrate.opt_out_fit")
@option("--force", is_flag=True, help="help.opt_force_results")
@option("--workers", type=Count(), default=None, help="help.opt_workers")
@option("--resume", is_flag=True, help="calibrate.opt_resume_fit")
@option("--recovery", is_flag=True, help="calibrate.opt_recovery")
@option("--install", is_flag=True, help="calibrate.opt_install")
@common
def calibrate(
    quick: bool,
    out: Path | None,
    force: bool,
    workers: int | None,
    resume: bool,
    recovery: bool,
    install: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Fit, test and write; or read an existing fit."""
    from calibration.fit.known import FitError, known
    from calibration.fit.stages import FULL, QUICK
    from xiaozhen.api.library import load

    told, library = chosen(lang), load()
    if quick and install:
        raise CommandError("fit_quick_install", command="xiaozhen calibrate")
    if out is not None and out.exists() and not out.is_dir():
        raise CommandError("not_folder", found=out.name)
    if recovery:
        _recovery(known(library, out), as_json, told)
        return
    place = out or (QUICK_OUT if quick else OUT)
    if resume and not (place / "spec.json").exists():
        raise FitError("nothing_to_resume", file=place.name)
    _fit(QUICK if quick else FULL, library, place, workers, told, force)
    found = known(library, place)
    if install:
        _install(library, place)
    if as_json:
        print_json(_document(found))
        return
    _report(found, told)
    line(say("output.written", told, folder=place.as_posix()))
    if quick:
        line(say("calibrate.fit_quick_note", told))
    if install:
        line(say("calibrate.fit_installed", told, folder="scenarios/posterior"))


def _fit(spec: Any, library: Library, place: Path, workers: int | None, lang: str, force: bool) -> None:
    """Carry out the fit with one bar for each stage."""
    from calibration.fit.publish import calibrate as carry_out

    bars = _Stages(lang)
    try:
        carry_out(spec, library, place, workers, bars.tell, force=force)
    finally:
        bars.close()


class _Stages:
    """Progress of stages that follow one another."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.stage = ""
        self.shown: Any = None
        self.bar: Callable[[int, int], None] | None = None

    def tell(self, stage: str, done: int, total: int) -> None:
        """Another piece of a stage is done."""
        if stage != self.stage:
            self.close()
            note(say(f"calibrate.fit_stage_{stage}", self.lang))
            self.stage, self.shown = stage, progress(self.lang)
            self.bar = self.shown.__enter__()
        if self.bar is not None:
            self.bar(done, total)

    def close(self) -> None:
        """End the bar."""
        if self.shown is not None:
            self.shown.__exit__(None, None, None)
        self.shown = self.bar = None


def _install(library: Library, place: Path) -> None:
    from calibration.fit.publish import TARGETS, UNCERTAINTIES
    from experiments.plan.behaviour import ABOUT, DRAWS, posterior_folder

    target = posterior_folder(library)
    target.mkdir(exist_ok=True)
    for name in (DRAWS, UNCERTAINTIES, TARGETS, ABOUT):
        shutil.copyfile(place / name, target / name)


def _document(found: Known) -> dict[str, Any]:
    return {
        "about": found.about,
        "stale": found.stale,
        "targets": list(found.targets.values()),
        "uncertainties": list(found.uncertainties.values()),
    }


def _report(found: Known, lang: str) -> None:
    """Targets, what is identified, and whether the fit can be trusted."""
    from calibration.targets import load_targets

    titles = load_targets()
    rows = [_target(row, titles[name], lang) for name, row in found.targets.items()]
    table(say("calibrate.fit_targets_title", lang), [say(c, lang) for c in TARGET_COLUMNS], rows, right=(2, 3, 4))
    known = [row for row in found.uncertainties.values() if row["identified"]]
    rows = [_short(row, lang) for row in sorted(known, key=lambda row: row["sd_ratio"])]
    if rows:
        table(
            say("calibrate.fit_uncertainties_title", lang), [say(c, lang) for c in SHORT_COLUMNS], rows, right=(1, 2, 3)
        )
    _tallies(found, lang)


def _tallies(found: Known, lang: str) -> None:
    from report.text.quantity import number

    f = found.about["found"]
    told = {"figures": f["figures"], "inside": f["figures_inside"], "uncertainties": f["uncertainties"]}
    line(say("calibrate.fit_tally", lang, **told, moving=f["moving_a_figure"], identified=f["identified"]))
    covered = f"{number(f['coverage_of_identified'], 'ratio', lang)} %"
    p = [f"{f[name]:.3g}" for name in ("least_rank_p_of_identified", "least_rank_p_after_holm")]
    line(say("calibrate.fit_trials", lang, trials=f["trials"], coverage=covered, p=p[0], holm=p[1]))
    if found.stale:
        line(say("calibrate.fit_stale", lang))


def _target(row: Mapping[str, Any], target: Any, lang: str) -> list[str]:
    from report.text.quantity import interval, number
    from xiaozhen.api.names import unit_name

    unit = target.unit

    def around(when: str) -> str:
        low, middle, high = (row[f"{when}_{q}"] for q in ("q05", "q50", "q95"))
        return f"{number(middle, unit, lang)} ({interval(low, high, unit, lang)})"

    published = f"{number(row['value'], unit, lang)} ({interval(row['lo'], row['hi'], unit, lang)})"
    inside = say("output.yes" if row["inside"] else "output.no", lang)
    return [
        target.title[lang],
        unit_name(unit, lang),
        published,
        around("prior"),
        around("posterior"),
        inside,
        row["id"],
    ]


def _range(row: Mapping[str, Any], when: str) -> str:
    from report.pages.calibration import plain

    low, middle, high = (row[f"{when}_{q}"] for q in ("q05", "q50", "q95"))
    return f"{plain(middle)} ({plain(low)} – {plain(high)})"


def _short(row: Mapping[str, Any], lang: str) -> list[str]:
    ratio = f"{row['sd_ratio']:.2f}"
    return [row["key"], _range(row, "prior"), _range(row, "posterior"), ratio, ", ".join(row["informed_by"])]


def _recovery(found: Known, as_json: bool, lang: str) -> None:
    """Every uncertainty that moves a figure, the best known first."""
    if as_json:
        print_json(_document(found))
        return
    moving = [row for row in found.uncertainties.values() if row["moves_a_figure"]]
    rows = [_long(row, lang) for row in sorted(moving, key=lambda row: row["trial_sd_ratio"])]
    title = say("calibrate.fit_recovery_title", lang, trials=found.about["found"]["trials"])
    table(title, [say(c, lang) for c in LONG_COLUMNS], rows, right=(1, 2, 3, 4, 5))
    _tallies(found, lang)


def _long(row: Mapping[str, Any], lang: str) -> list[str]:
    return [
        row["key"],
        f"{row['sd_ratio']:.2f}",
        f"{row['trial_sd_ratio']:.2f}",
        f"{row['trial_bias']:+.2f}",
        f"{100 * row['trial_coverage']:.0f} %",
        f"{row['trial_rank_p']:.2f}",
        say("output.yes" if row["identified"] else "output.no", lang),
        ", ".join(row["informed_by"]),
    ]
