"""Figures are found where they are declared: a new one is one file, and its title may be a second."""

import pytest

import report.figures
from report.figures import registry
from report.figures.draw import draw_all, drawable
from report.text.spoken import spoken
from tests import fakes

MINE = '''
"""Exits over the years."""

from report.figures.registry import figure
from report.figures.style import page


@figure("{id}", order=5, finding=lambda study: "Nobody left")
def draw(scene):
    """An empty page with a title."""
    return page(1.0, "Nobody left", "", scene.lang)
'''


@pytest.fixture
def add(tmp_path, monkeypatch):
    """Put files into a folder that is looked through like the product's own."""
    registry.figures()
    monkeypatch.setattr(report.figures, "__path__", [*report.figures.__path__, str(tmp_path)])
    monkeypatch.setattr(registry, "_DECLARED", dict(registry._DECLARED))
    registry.figures.cache_clear()
    yield lambda name, id: (tmp_path / f"{name}.py").write_text(MINE.replace("{id}", id), encoding="utf-8")
    registry.figures.cache_clear()


def test_a_figure_of_ones_own_is_drawn_among_the_others(add, tmp_path):
    add("departures_of_mine", "departures")
    study = fakes.study(3)
    names = drawable(study)
    assert names[:2] == ["differences", "departures"], "in its order"
    files = draw_all(study, tmp_path / "out", ("en",), names=("departures",))
    assert [path.name for path in files] == ["departures.en.png", "departures.en.svg"]
    assert spoken(registry.figures()["departures"].said(study), "zh") == "Nobody left"


def test_two_figures_of_one_name_are_refused(add):
    add("again_of_mine", "spending")
    with pytest.raises(ValueError, match="two figures are called spending"):
        registry.figures()


def test_every_figure_has_a_title_in_both_languages():
    for name, figure in registry.figures().items():
        titles = {spoken(figure.title, lang) for lang in ("zh", "en")}
        assert len(titles) == 2, name
