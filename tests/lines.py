"""What a line of the command came to; the fixture ``ask`` of ``conftest.py`` runs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Answer(NamedTuple):
    """Exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Ask = Callable[..., Answer]
