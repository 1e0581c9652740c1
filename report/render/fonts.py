"""The part of the bundled Chinese font that a page needs, as a data address, so that no reader sees boxes."""

from __future__ import annotations

import base64
import io
from functools import lru_cache

from report.fonts import font_path

ALWAYS = frozenset(chr(code) for code in range(0x20, 0x7F))
"""Signs that every page may need, whatever its text: numbers of list items and pages are made by the browser."""


def font_address(text: str, *, bold: bool = False) -> str:
    """The font as WOFF with the signs of ``text`` only; the same text gives the same bytes."""
    return _address("".join(sorted(set(text) | ALWAYS)), bold)


@lru_cache(maxsize=8)
def _address(signs: str, bold: bool) -> str:
    from fontTools import subset  # slow to import, and only pages with fonts inside need it

    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, recalc_timestamp=False)
    options.flavor = "woff"  # zlib only; WOFF 2 needs a library that not everybody has
    font = subset.load_font(str(font_path(bold)), options)
    tool = subset.Subsetter(options)
    tool.populate(unicodes=[ord(sign) for sign in signs])
    tool.subset(font)
    sink = io.BytesIO()
    subset.save_font(font, sink, options)
    return f"data:font/woff;base64,{base64.b64encode(sink.getvalue()).decode()}"
