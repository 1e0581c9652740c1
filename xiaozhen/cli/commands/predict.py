"""``xiaozhen predict``: blind predictions."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.errors import CommandError
from xiaozhen.requests import Predict


def predict(asked: Predict, screen: Screen) -> Answer:
    """Predict what nobody has compared yet."""
    from report.pages.prediction import screen as page
    from report.pages.prediction import written
    from xiaozhen.api.studies import predict_into, prediction_pages

    if asked.out is None and asked.page is None:
        raise CommandError("predict_nothing", command="xiaozhen predict")
    shown = {}
    if asked.out is not None:
        given = asked.keywords()
        given.pop("page")
        with screen.progress() as tell:
            shown = written(*predict_into(given.pop("out"), **given, progress=tell), asked.out)
    if asked.page is not None:
        shown["pages"] = [str(path) for path in prediction_pages(asked.page, asked.out)]
    return Answer(shown, *page(shown))
