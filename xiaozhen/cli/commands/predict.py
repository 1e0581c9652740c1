"""``xiaozhen predict`` and ``xiaozhen validate``: blind predictions, and scores of any table of observations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from report.text.language import mark
from xiaozhen.cli.base import Among, Command, Count, chosen, common, option
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.output import line, note, print_json, progress, table

if TYPE_CHECKING:
    from calibration.predict import Prediction
    from calibration.scores import Verdict
    from calibration.validate import Scored, Validation

MODES = ("posterior", "prior", "central")
HEADS = (
    "predict.col_v_id",
    "predict.col_v_quantity",
    "predict.col_v_place",
    "output.col_unit",
    "predict.col_v_observed",
    "predict.col_v_predicted",
    "predict.col_v_within",
    "predict.col_v_model",
    "predict.col_v_last",
    "predict.col_v_pooled",
)


@click.command(cls=Command, help="commands.predict.help", epilog="commands.predict.more")
@option("--out", default=None, metavar="FILE", help="predict.opt_out_predict")
@option("--force", is_flag=True, help="help.opt_force_results")
@option("--behaviour", type=Among(MODES), default="posterior", show_default=True, help="predict.opt_behaviour_predict")
@option("--draws", type=Count(), default=200, show_default=True, help="predict.opt_draws_predict")
@option("--workers", type=Count(), default=None, help="help.opt_workers")
@option("--page", default=None, metavar="DIR", help="predict.opt_page_predict")
@common
def predict(
    out: str | None,
    force: bool,
    behaviour: str,
    draws: int,
    workers: int | None,
    page: str | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Predict what nobody has compared yet."""
    from calibration import predict as predicting
    from report.pages.prediction import write_pages
    from xiaozhen.api.library import load
    from xiaozhen.cli.inputs import folder_for, free

    told = chosen(lang)
    if out is None and page is None:
        raise CommandError("predict_nothing", command="xiaozhen predict")
    shown: dict[str, Any] = {}
    if out is not None:
        file = Path(out)
        predicting.check_place(file)
        free(file, force)
        with progress(told) as tell:
            made = predicting.predict(behaviour, draws, library=load(), workers=workers, progress=tell)
        shown = _written(made, file, predicting.write(made, file, _command(out, behaviour, draws)))
        if not as_json:
            _tell(shown, told)
    if page is not None:
        shown["pages"] = [str(path) for path in write_pages(folder_for(page), Path(out) if out else None)]
        if not as_json:
            line(say("predict.predict_page", told, files=", ".join(shown["pages"])))
    if as_json:
        print_json(shown)


def _command(out: str, behaviour: str, draws: int) -> str:
    return f"xiaozhen predict --out {Path(out).name} --behaviour {behaviour} --draws {draws}"


def _written(made: Prediction, file: Path, mark: str) -> dict[str, Any]:
    from calibration.predict import manifest_path

    undefined = made.undefined()
    return {
        "file": str(file),
        "manifest": manifest_path(file).name,
        "sha256": mark,
        "mode": made.mode,
        "draws": made.draws,
        "rows": len(made.records()),
        "left_out": [name for name, n in undefined.items() if n == 0],
    }


def _tell(shown: dict[str, Any], lang: str) -> None:
    from calibration.predict import FEWEST

    line(
        say(
            "predict.predict_written",
            lang,
            **{name: shown[name] for name in ("rows", "file", "draws", "mode", "manifest")},
        )
    )
    line(say("predict.predict_hash", lang, hash=shown["sha256"]))
    if shown["left_out"]:
        names = ", ".join(shown["left_out"])
        line(say("predict.predict_left_out", lang, rows=len(shown["left_out"]), names=names))
    if shown["draws"] < FEWEST:
        note("! " + say("predict.predict_few", lang, fewest=FEWEST))


@click.command(cls=Command, help="commands.validate.help", epilog="commands.validate.more")
@option("--observations", default=None, metavar="FILE", help="predict.opt_observations")
@option("--predictions", default=None, metavar="FILE", help="predict.opt_predictions")
@common
def validate(observations: str | None, predictions: str | None, as_json: bool, lang: str | None) -> None:
    """Score a table of observations."""
    from calibration import validate as scoring

    told = chosen(lang)
    if observations is None:
        raise CommandError("validate_nothing", command="xiaozhen validate")
    found = scoring.validate(Path(observations), Path(predictions) if predictions else None)
    if as_json:
        print_json(scoring.document(found))
        return
    if found.scored:
        heads = [say(head, told) for head in HEADS]
        table(
            say("predict.validate_title", told), heads, [_row(one, told) for one in found.scored], right=(4, 5, 7, 8, 9)
        )
        line(say("predict.validate_score_note", told))
    for kind in scoring.KINDS:
        _judged(found, kind, told)
    _unmatched(found, told)


def _row(one: Scored, lang: str) -> list[str]:
    from report.text.quantity import interval, number
    from xiaozhen.api.names import unit_name

    seen, said = one.match.observation, one.match.predicted
    q, unit = one.quantiles["model"], said.unit
    within = one.within()
    title = one.match.row.title[lang] if one.match.row else said.quantity
    region = one.match.row.region[lang] if one.match.row else said.region
    scores = [number(one.scores[n], unit, lang) if n in one.scores else "" for n in ("model", "last", "pooled")]
    return [
        seen.id if seen.id == said.id else f"{seen.id} → {said.id}",
        title,
        region + mark("comma", lang) + said.period,
        unit_name(unit, lang),
        number(seen.value, unit, lang),
        f"{number(q['median'], unit, lang)} ({interval(q['lo90'], q['hi90'], unit, lang)})",
        say("predict.validate_outside", lang) if within is None else f"{within} %",
        *scores,
    ]


def _judged(found: Validation, kind: str, lang: str) -> None:
    from report.text.quantity import interval, number

    title, covered = say(f"predict.validate_kind_{kind}", lang), found.coverage[kind]
    if covered[0].rows == 0:
        line(say("predict.validate_no_rows", lang, kind=title))
        return
    ninety = next(c for c in covered if c.level == 90)
    line(
        say(
            "predict.validate_coverage",
            lang,
            kind=title,
            rows=ninety.rows,
            held=", ".join(str(c.held) for c in covered),
            share=f"{number(ninety.held / ninety.rows, 'ratio', lang)} %",
            interval=f"{interval(ninety.low, ninety.high, 'ratio', lang)} %",
        )
    )
    for name, verdict in found.verdicts[kind].items():
        line(_verdict(verdict, name, lang))


def _verdict(v: Verdict, name: str, lang: str) -> str:
    from report.text.quantity import interval, number

    return say(
        f"predict.validate_verdict_{v.verdict}",
        lang,
        baseline=say(f"predict.validate_against_{name}", lang),
        rows=v.rows,
        wins=v.better,
        losses=v.worse,
        mean=number(v.mean, "none", lang, sign=True),
        interval=interval(v.low, v.high, "none", lang, sign=True),
    )


def _unmatched(found: Validation, lang: str) -> None:
    if not found.unmatched:
        return
    heads = [
        say(h, lang)
        for h in (
            "predict.col_v_line",
            "predict.col_v_id",
            "predict.col_v_quantity",
            "predict.col_v_reason",
            "predict.col_v_near",
        )
    ]
    rows = [
        [
            str(u.observation.line),
            u.observation.id,
            u.observation.quantity,
            say(f"predict.reason_{u.reason}", lang),
            u.near,
        ]
        for u in found.unmatched
    ]
    table(say("predict.validate_unmatched", lang), heads, rows)
