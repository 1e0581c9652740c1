"""Chinese text in figures: a bundled GB 2312 part of Noto Sans SC (SIL Open Font License, see ``OFL.txt``).

Matplotlib draws boxes for Chinese where the system has no Chinese font, and its cache of system fonts is not reliable;
so figures use these two files on every machine and come out the same.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FAMILY = "Noto Sans SC"
"""Family name under which matplotlib knows the bundled fonts."""

FOLDER = Path(__file__).resolve().parent


def font_path(bold: bool = False) -> Path:
    """Path of the bundled font file."""
    return FOLDER / f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"


@cache
def register() -> None:
    """Make matplotlib draw all text in the bundled font; safe to call more than once.

    Fallback works only through the list in ``font.family``; ``DejaVu Sans`` (shipped with matplotlib) stands last for
    signs outside GB 2312.
    """
    import matplotlib  # heavy, and only pictures need it
    from matplotlib import font_manager

    for bold in (False, True):
        font_manager.fontManager.addfont(str(font_path(bold)))
    matplotlib.rcParams["font.family"] = [FAMILY, "DejaVu Sans"]
    matplotlib.rcParams["axes.unicode_minus"] = True
