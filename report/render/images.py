"""Pictures of a result folder as data addresses, made small."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from PIL import Image

COLOURS = 192
"""Colours kept of a figure: lines and type look the same, and the page is a quarter of the size."""


def inside(folder: Path, name: str) -> Path | None:
    """A file of the folder by its name there; None where it is missing or the name leads elsewhere."""
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None


def data_address(path: Path) -> tuple[str, int, int]:
    """A PNG file as a data address with its width and height in pixels."""
    with Image.open(path) as opened:
        flat = opened.convert("RGB")
    small = flat.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    sink = io.BytesIO()
    small.save(sink, format="png", compress_level=7)
    return f"data:image/png;base64,{base64.b64encode(sink.getvalue()).decode()}", *flat.size
