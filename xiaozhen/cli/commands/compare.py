"""``xiaozhen compare``: run a study, write its tables and figures, print the main differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from report.text.language import LANGS
from xiaozhen.cli.base import Among, Command, Count, argument, chosen, option
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.fills import filled_line
from xiaozhen.cli.inputs import county_table, folder_for
from xiaozhen.cli.output import line, note, print_json, progress, table

if TYPE_CHECKING:
    from experiments.analysis.estimates.contrasts import PairedContrast
    from experiments.analysis.study import ScenarioRuns, Study
    from report.pages.comparison.write import StudyResult

BOTH = "both"


@click.command(cls=Command, help="help.compare", epilog="help.compare_more")
@argument("study", default="three_regimes", required=False, metavar="[STUDY]")
@option("--replicates", type=Count(), default=None, help="help.opt_replicates_study")
@option("--out", default=None, metavar="DIR", help="help.opt_out_study")
@option("--force", is_flag=True, help="help.opt_force_results")
@option("--workers", type=Count(), default=None, help="help.opt_workers")
@option("--threads", type=Count(), default=None, help="help.opt_threads")
@option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="help.opt_set_study")
@option("--behaviour", default=None, metavar="posterior|prior|central", help="help.opt_behaviour")
@option("--counties", default=None, metavar="FILE", help="help.opt_counties")
@option("--json", "as_json", is_flag=True, help="help.opt_json")
@option("--lang", type=Among((*LANGS, BOTH)), default=BOTH, show_default=True, help="help.opt_lang_both")
def compare(study: str, settings: tuple[str, ...], as_json: bool, lang: str, **asked: Any) -> None:
    """Run a study and compare its scenarios."""
    from experiments.plan.studies import find_study
    from xiaozhen.api.compare import run_study
    from xiaozhen.api.run import load, settings_of

    told, library = chosen(lang), load()
    if asked["threads"] is not None and asked["workers"] is not None:
        raise CommandError("errors.threads_and_workers", command="xiaozhen compare")
    given, record = settings_of(settings), find_study(study, library)
    counties = county_table(asked["counties"], (one.world for one in record.scenarios))
    folder = folder_for(asked["out"] or f"results/{record.id}")
    langs = LANGS if lang == BOTH else (lang,)
    with progress(told) as tell:
        found = run_study(
            study, library=library, overrides=given, langs=langs, progress=tell, out=folder, counties=counties,
            replicates=asked["replicates"], workers=asked["workers"], threads=asked["threads"],
            behaviour=asked["behaviour"], force=asked["force"],
        )  # fmt: skip
    if as_json:
        print_json(document(found))
    else:
        _print(found, told)


def document(found: StudyResult) -> dict[str, Any]:
    """The result as one JSON document: every estimate, what the checks found, and where the files are."""
    from report.text.checks import sentence

    study = found.study
    scenarios = [
        {"id": g.id, "title": g.title, "regime": g.resolved.regime, "world": g.resolved.world,
         "fingerprint": g.resolved.fingerprint, "filled": g.resolved.filled, "baseline": study.baseline_of.get(g.id)}
        for g in study.groups
    ]  # fmt: skip
    return {
        "study": study.id,
        "replicates": study.replicates,
        "behaviour": study.behaviour,
        "scenarios": scenarios,
        "estimates": study.estimate_records(),
        "findings": [{**vars(f), **{k: sentence(f, study, k) for k in LANGS}} for f in found.findings],
        "folder": str(found.folder),
        "files": [path.relative_to(found.folder).as_posix() for path in found.files],
    }


def _print(found: StudyResult, lang: str) -> None:
    from report.figures.across import is_across
    from report.text.checks import sentence

    study = found.study
    if is_across(study):
        _rows(study, lang)
    else:
        _means(study, lang)
        if study.pairs():
            _differences(study, lang)
    for group in study.groups:
        filled_line(group, lang)
    for finding in found.findings:
        if finding.status == "alarm":
            note("! " + sentence(finding, study, lang))
    line(say("output.written", lang, folder=found.folder))
    pages = (f"summary.{lang}.md", f"findings.{lang}.md")
    summary = next((p.name for p in found.files if p.name in pages), None)
    if summary:
        line(say("output.read_first", lang, file=found.folder / summary))


def _label(study: Study, name: str, lang: str) -> str:
    from xiaozhen.cli.names import unit_name

    outcome = study.definition("summary", name)
    unit = unit_name(outcome.unit, lang)
    return f"{outcome.title[lang]} [{unit}]" if unit else str(outcome.title[lang])


def _rows(study: Study, lang: str) -> None:
    """One regime a row, one table for the common world and one for the regimes at home."""
    from report.figures import across

    names = across.shown(study)
    heads = [say("output.col_regime", lang), *(_label(study, name, lang) for name, _ in names)]
    found = across.rows(study)
    for title, groups in (
        (
            say("output.common_title", lang, world=study.world_name(across.common_world(study), lang)),
            [r.common for r in found],
        ),
        (say("output.home_title", lang), [r.home for r in found]),
    ):
        body = [
            [row.title[lang], *(_shown(study, group, name, difference, lang) for name, difference in names)]
            for row, group in zip(found, groups, strict=True)
            if group is not None
        ]
        if body:
            table(title, heads, body, right=range(1, len(heads)))


def _shown(study: Study, group: ScenarioRuns, name: str, difference: bool, lang: str) -> str:
    """A difference with its star, or a level."""
    from report.figures import across
    from report.text.quantity import number

    e = across.estimate(study, group, name, difference)
    star = " *" if difference and across.stands(study, group, name, True) else ""
    return f"{number(e.value, e.unit, lang, sign=difference)}{star}"


def _means(study: Study, lang: str) -> None:
    """Mean of each main outcome in each scenario."""
    from report.text.quantity import number

    rows = [
        [
            _label(study, name, lang),
            *(number(e.value, e.unit, lang) for e in (study.means[g.id][name] for g in study.groups)),
        ]
        for name in study.main_ids
    ]
    heads = [say("output.col_outcome", lang), *(str(g.title[lang]) for g in study.groups)]
    title = say("output.means_title", lang, title=study.title[lang], replicates=study.replicates)
    table(title, heads, rows, right=range(1, len(heads)))


def _differences(study: Study, lang: str) -> None:
    """Difference of each main outcome from the baseline; outcomes that the baseline does not define are left out."""
    pairs = study.pairs()
    rows = []
    for name in study.main_ids:
        found = [study.contrasts[group.id][name] for group, _ in pairs]
        if any(contrast.difference.n for contrast in found):
            rows.append([_label(study, name, lang), *(_difference(contrast, lang) for contrast in found)])
    heads = [say("output.col_outcome", lang), *(str(group.title[lang]) for group, _ in pairs)]
    baseline = ", ".join(dict.fromkeys(str(base.title[lang]) for _, base in pairs))
    table(say("output.differences_title", lang, baseline=baseline), heads, rows, right=range(1, len(heads)))


def _difference(contrast: PairedContrast, lang: str) -> str:
    """A difference over its interval; a star where it is not zero after Holm's correction."""
    from report.text.quantity import interval, number

    e = contrast.difference
    star = " *" if contrast.excludes_zero_holm else ""
    return f"{number(e.value, e.unit, lang, sign=True)}{star}\n{interval(e.low, e.high, e.unit, lang, sign=True)}"
