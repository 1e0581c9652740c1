"""Whether workers on other machines have the same model and see the same folder: asked once, before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from experiments.run.engines.base import Engine, Fate
from experiments.run.engines.errors import EngineError
from experiments.store.folder import Folder
from experiments.store.layout import PLAN
from sim.engine.kernel import source_fingerprint


class There(NamedTuple):
    """What a worker sees: the fingerprint of its model, and whether the store stands at the path it was told."""

    model: str
    folder: bool


def look(folder: str) -> There:
    """What this process sees."""
    return There(source_fingerprint(), (Path(folder) / PLAN).is_file())


def look_around(engine: Engine, store: Folder) -> None:
    """Ask one worker what it sees.

    Raises:
        EngineError: If it has another model, or does not see the store.
    """
    folder = str(store.folder.resolve())
    future = engine.submit(look, folder)
    engine.finished([future])
    if engine.fate(future) is not Fate.DONE:
        raise EngineError("engine_lost")
    found = future.result()
    if found.model != store.file.common.model:
        raise EngineError("other_code", found=found.model[:12], allowed=store.file.common.model[:12])
    if not found.folder:
        raise EngineError("no_folder_there", file=store.folder.name)
