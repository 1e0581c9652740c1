"""The first run on a machine compiles the model's steps: done once, by two processes, and not by every worker."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba

from experiments.run.engines.local import available_cores
from sim.engine.kernel import cache_folder
from sim.run import run

Task = Callable[[Any], Any]


def model_task() -> Task:
    """The model's own ``run``."""
    return run


@contextmanager
def shared_compilation(task: Task | None = None) -> Iterator[None]:
    """Let a second process compile half of the steps while this one runs the model for the first time.

    Nothing is started where the steps are compiled already, on a single core, or for a task that is not the model.
    """
    if compiled_before() or available_cores() < 2 or (task is not None and task is not model_task()):
        yield
        return
    path = os.pathsep.join(filter(None, (str(Path(__file__).resolve().parents[3]), os.environ.get("PYTHONPATH"))))
    helper = subprocess.Popen(
        [sys.executable, "-P", "-m", "sim.warm"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
        mark_compiled()
    finally:
        helper.terminate()
        helper.wait()


def _marker() -> Path:
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_folder())
    return folder / f"compiled-{sys.implementation.cache_tag}-numba{numba.__version__}"


def compiled_before() -> bool:
    """Whether some process has compiled the steps on this machine."""
    return _marker().exists()


def mark_compiled() -> None:
    """Remember that the steps are compiled."""
    marker = _marker()
    try:
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()
    except OSError:
        return
