"""``xiaozhen calibrate``: fit behaviour to the published figures, and say what the data can and cannot tell."""

from __future__ import annotations

from report.blocks import Paragraph, message
from xiaozhen.cli.answer import Answer, Screen, written
from xiaozhen.requests import Calibrate


def calibrate(asked: Calibrate, screen: Screen) -> Answer:
    """Fit, test and write; or read an existing fit."""
    from report.pages import fit
    from xiaozhen.api.checks import calibrate, fit_folder
    from xiaozhen.api.library import load
    from xiaozhen.cli.stages import stages

    with stages(screen.lang) as tell:
        found = calibrate(**asked.keywords(), tell=tell)
    if asked.recovery:
        return Answer(fit.document(found), fit.recovery(found))
    said = [message("calibrate.fit_quick_note")] if asked.quick else []
    said += [message("calibrate.fit_installed", folder="scenarios/posterior")] if asked.install else []
    blocks = [*fit.screen(found, load()), *written(fit_folder(asked.out, asked.quick)), *map(Paragraph, said)]
    return Answer(fit.document(found), blocks)
