"""Make the bundled fonts: the GB 2312 part of Noto Sans SC, without hinting and layout tables.

Run once when the source font changes::

    python -m tools.fonts_subset NotoSansSC-Regular.ttf report/fonts/NotoSansSC-Regular.ttf
"""

from __future__ import annotations

import sys
from pathlib import Path

SYMBOLS = (
    "→←↑↓↔⇒≥≤≠≈×÷±∓²³¹⁰⁴·•–—―…‰′″°√∑∏∫∞∈∂Δ▲▼■□●○◆◇★☆✓✗㎡¥€£©®™«»‘’“”《》〈〉【】〔〕「」（）、。，：；？！～％＋－＝／"
    "琯"
)
"""Signs that figures, tables and names of towns use beyond GB 2312; those that the source font lacks are left out."""


def gb2312() -> set[int]:
    """Code points of every character of GB 2312."""
    points: set[int] = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                points.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return points


def wanted() -> set[int]:
    """Code points to keep: GB 2312, ASCII, Latin-1, Greek and :data:`SYMBOLS`."""
    plain = {*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x391, 0x3CA)}
    return gb2312() | plain | {ord(c) for c in SYMBOLS}


def subset(source: Path, target: Path) -> int:
    """Write the subset of ``source`` to ``target`` and return its size in bytes.

    Args:
        source: A full Noto Sans SC (TrueType outlines).
        target: Where the subset goes.
    """
    from fontTools import subset as fonttools_subset

    options = fonttools_subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "STAT", "DSIG"]
    font = fonttools_subset.load_font(str(source), options)
    subsetter = fonttools_subset.Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    fonttools_subset.save_font(font, str(target), options)
    return target.stat().st_size


if __name__ == "__main__":
    written = subset(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"{sys.argv[2]}: {written / 1e6:.2f} MB")
