"""Figures in notebooks: every page of the product as a picture that a notebook shows, Chinese included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from experiments.analysis.attribution.attribute import Attribution
from experiments.analysis.sensitivity.study import Found
from report.figures.places import draw as draw_places
from report.figures.sensitivity import bars, plane
from report.figures.style import styled
from report.figures.waterfall import draw
from sim.parameters.errors import listed, nearest, shown
from sim.world.build import build_geography, load_world
from xiaozhen.api.library import load
from xiaozhen.api.places import place
from xiaozhen.errors import AskedError, CommandError

SUFFIXES = (".png", ".svg", ".pdf")
"""What a map may be written as."""
DPI = 110
"""Dots an inch of a picture in a notebook."""


@dataclass(frozen=True)
class Picture:
    """A drawn figure; a notebook shows it where it is the last line of a cell.

    Attributes:
        figure: The matplotlib figure.
        png: Its bytes.
    """

    figure: Figure
    png: bytes

    def _repr_png_(self) -> bytes:
        return self.png

    def __repr__(self) -> str:
        return f"Picture({len(self.png):,} bytes)"

    def save(self, path: str | Path) -> Path:
        """Write the PNG.

        Raises:
            OSError: If the file cannot be written.
        """
        Path(path).write_bytes(self.png)
        return Path(path)


@contextmanager
def style() -> Iterator[None]:
    """Draw with the product's settings: the bundled Chinese font, type sizes, quiet axes."""
    with styled():
        yield


def picture(what: Any, outcome: str | None = None, *, lang: str = "zh", dpi: int = DPI) -> Picture:
    """Draw something.

    Args:
        what: What ``xz.sensitivity`` or ``xz.attribute`` returned; or a page or matplotlib figure of your own.
        outcome: Of a study; its first unless told.
        lang: "zh" or "en".
        dpi: Dots an inch.

    Raises:
        InputError: If the study has no such outcome.
    """
    sink = BytesIO()
    with style():
        figure = _figure(what, outcome, lang)
        figure.savefig(sink, format="png", dpi=dpi, metadata={"Software": None})
    return Picture(figure, sink.getvalue())


def map_of(world: str, path: str | Path, lang: str = "zh") -> Path:
    """Draw the schematic map of a world's town sites, those of published lists by name.

    Args:
        world: Id of a world.
        path: A file ending in .png, .svg or .pdf.
        lang: "zh" or "en".

    Raises:
        InputError: If there is no such world, or the file's ending is no picture's.
        CommandError: If it cannot be written.
    """
    target = place(path)
    if target.suffix not in SUFFIXES:
        raise CommandError("not_among", name="--map", found=target.name, allowed=[f"*{end}" for end in SUFFIXES])
    facts = load_world(world)
    with style():
        figure = draw_places(facts, build_geography(facts), lang).figure
        try:
            figure.savefig(target, dpi=DPI * 2)
        except OSError as error:
            raise CommandError("unwritable", found=str(path), why=error.strerror or str(error)) from None
    return target


def _figure(what: Any, outcome: str | None, lang: str) -> Figure:
    found: Figure
    if isinstance(what, Found):
        found = _sensitivity(what, outcome, lang)
    elif isinstance(what, Attribution):
        found = _waterfall(what, outcome, lang)
    else:
        found = getattr(what, "figure", what)
    return found


def _sensitivity(found: Any, outcome: str | None, lang: str) -> Figure:
    name = _known(outcome, found.asked.subject.design.outcomes)
    return (plane if found.asked.method == "morris" else bars)(found, name, lang).figure


def _waterfall(found: Any, outcome: str | None, lang: str) -> Figure:
    shared = {one.outcome: one for one in found.outcomes}
    return draw(found, shared[_known(outcome, tuple(shared))], load(), lang).figure


def _known(outcome: str | None, names: tuple[str, ...]) -> str:
    if outcome is not None and outcome not in names:
        guess = nearest(outcome, names)
        raise AskedError("no_such_outcome", found=shown(outcome), allowed=listed(names), suggestion=guess)
    return outcome or names[0]
