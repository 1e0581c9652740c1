"""How wide text is and where its lines break: Chinese between signs, Latin at spaces."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from matplotlib.ft2font import FT2Font

from report.fonts import font_path


def width_in_em(text: str, bold: bool = False) -> float:
    """Width of a line in ems of the font it will be set in."""
    return sum(_advance(c, bold) for c in text)


@cache
def _advance(sign: str, bold: bool) -> float:
    """Advance of one sign; by rule of thumb where the bundled font is missing or lacks it."""
    face = _face(bold)
    if face is None or not face.get_char_index(ord(sign)):
        return 1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.6
    return float(face.load_char(ord(sign)).linearHoriAdvance) / 65536.0 / _PIXELS


@cache
def _face(bold: bool) -> Any:
    try:
        face = FT2Font(str(font_path(bold)))
    except (OSError, RuntimeError):
        return None
    face.set_size(_PIXELS, 72)
    return face


_PIXELS = 100
"""Size at which glyphs are measured."""
_PAUSES = ("，", "。", "；", "：", "！", "？", "; ", ", ")
_NO_START = "，。、；：！？）》」』】％%,.;:!?)"


def wrap(text: str, inches: float, size: float, bold: bool = False) -> list[str]:
    """Break a text into lines that fit ``inches`` at ``size`` points; Chinese breaks between signs, Latin at spaces.

    Bold text is a title: its full lines break back at the last comma or stop, so that no phrase is torn.
    """
    limit = 0.985 * inches * 72.0 / size
    lines, line = [], ""
    for piece in _pieces(text):
        if width_in_em(line + piece.rstrip(), bold) > limit and line and piece[0] not in _NO_START:
            done, rest = _at_a_pause(line) if bold else (line, "")
            lines.append(done.rstrip())
            line = (rest + piece).lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _at_a_pause(line: str) -> tuple[str, str]:
    """Break a full line behind its last comma or stop when that is near the end."""
    at = max((line.rfind(mark) + len(mark) for mark in _PAUSES if mark in line), default=0)
    return (line[:at], line[at:]) if at > 0.66 * len(line) else (line, "")


def _pieces(text: str) -> list[str]:
    """Smallest parts that stay together: a Latin word with the space behind it, or one Chinese sign."""
    pieces, word = [], ""
    for c in text:
        if unicodedata.east_asian_width(c) in "WF":
            pieces += [word, c] if word else [c]
            word = ""
        else:
            word += c
            if c == " ":
                pieces.append(word)
                word = ""
    return [*pieces, word] if word else pieces
