"""Blocks as plain data, in every language: what a result folder keeps so that a later page can hold them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from report import blocks
from report.text.language import LANGS
from report.text.spoken import spoken

FILE = "page.json"
"""What a result keeps of its page, so that a brief can hold it."""
KINDS: Mapping[str, type[Any]] = {
    kind.__name__.lower(): kind
    for kind in (
        blocks.Page, blocks.Section, blocks.Paragraph, blocks.Points, blocks.Item, blocks.Grid, blocks.Picture,
        blocks.Code, blocks.Fold,
    )
}  # fmt: skip
_TEXTS = (
    blocks.Message, blocks.Title, blocks.Quantity, blocks.Interval, blocks.Estimated, blocks.Count, blocks.Filled,
    blocks.Unit, blocks.Joined, blocks.Sentence, blocks.Mono, blocks.Link,
)  # fmt: skip


def plain(value: Any) -> Any:
    """A page, a block or a text as JSON data; texts are said in every language, and a strong one stays strong."""
    if isinstance(value, blocks.Strong):
        return {"strong": plain(value.text)}
    if isinstance(value, _TEXTS):
        said = {lang: spoken(value, lang) for lang in LANGS}
        return said if len(set(said.values())) > 1 else said[LANGS[0]]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    for name, kind in KINDS.items():
        if type(value) is kind:
            held = {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.name != "folder"}
            return {"block": name, **held}
    return value


def restored(data: Any, folder: Path) -> Any:
    """The blocks again, with their pictures in ``folder``.

    Raises:
        KeyError, TypeError: If it is not what :func:`plain` makes.
    """
    if isinstance(data, list):
        return tuple(restored(one, folder) for one in data)
    if not isinstance(data, dict):
        return data
    if "strong" in data:
        return blocks.Strong(restored(data["strong"], folder))
    if "block" not in data:
        return blocks.Title(data)
    kind = KINDS[data["block"]]
    held = {name: restored(value, folder) for name, value in data.items() if name != "block"}
    return kind(**held, **({"folder": folder} if kind is blocks.Picture else {}))


def data(value: Any) -> Any:
    """A value as JSON data: NaN and infinities become null, NumPy becomes Python, paths and quarters become text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): data(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: data(getattr(value, f.name)) for f in fields(value)}
    if hasattr(value, "tolist"):
        return data(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [data(v) for v in value] if type(value) in (list, tuple, set, frozenset) else str(value)
    return str(value)


def written(document: Any, indent: int = 1) -> str:
    """Any result as one JSON document."""
    return json.dumps(data(document), ensure_ascii=False, indent=indent, allow_nan=False) + "\n"
