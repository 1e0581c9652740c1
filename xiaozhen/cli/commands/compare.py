"""``xiaozhen compare``: run a study, write its tables and figures, print the main differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from report.text.language import LANGS
from xiaozhen.cli.base import Among, Command, Count, argument, chosen, option
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.inputs import county_table, folder_for
from xiaozhen.cli.output import line, note, print_json, progress

if TYPE_CHECKING:
    from report.pages.comparison.write import StudyResult

BOTH = "both"


@click.command(cls=Command, help="commands.compare.help", epilog="commands.compare.more")
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
    from xiaozhen.api.comparison import run_study
    from xiaozhen.api.library import load, settings_of

    told, library = chosen(lang), load()
    if asked["threads"] is not None and asked["workers"] is not None:
        raise CommandError("threads_and_workers", command="xiaozhen compare")
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
    from report.text.checks import said
    from report.text.spoken import spoken

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
        "findings": [{**vars(f), **{k: spoken(said(f, study), k) for k in LANGS}} for f in found.findings],
        "folder": str(found.folder),
        "files": [path.relative_to(found.folder).as_posix() for path in found.files],
    }


def _print(found: StudyResult, lang: str) -> None:
    from report.pages.comparison.page import screen
    from report.render.terminal import show
    from report.text.checks import said
    from report.text.spoken import spoken

    show(screen(found.study, found.context), lang)
    for finding in found.findings:
        if finding.status == "alarm":
            note("! " + spoken(said(finding, found.study), lang))
    line(say("output.written", lang, folder=found.folder))
    pages = (f"summary.{lang}.md", f"findings.{lang}.md")
    summary = next((p.name for p in found.files if p.name in pages), None)
    if summary:
        line(say("output.read_first", lang, file=found.folder / summary))
