"""What can go wrong with an engine itself: it cannot start, is not there, or was lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class EngineError(ExperimentError):
    """An engine that cannot be used as asked, or that was lost on the way."""

    topic: ClassVar[str] = "engine"
    sentences: ClassVar[Mapping[str, str]] = {
        "bad_count": "the number must be a positive whole number",
        "two_engines": "choose one of worker processes, threads, a scheduler and an executor",
        "no_main_guard": (
            "worker processes read your script again, so the lines that start runs must stand beneath if "
            '__name__ == "__main__": ; or run in this process with workers=1'
        ),
        "workers_died": (
            "the worker processes ended while starting (exit code {code}). In a script, put the lines that "
            'start runs beneath if __name__ == "__main__": ; memory may also be short: use fewer '
            "workers, or workers=1 to run in this process"
        ),
        "dask_missing": '--scheduler needs dask.distributed, which is not installed here: pip install "xiaozhen[dask]"',
        "no_scheduler": (
            "the scheduler did not answer within {seconds} s; check the address, and that it runs (dask scheduler)"
        ),
        "no_workers": "the scheduler has had no worker for {seconds} s (dask worker)",
        "engine_lost": "the connection to the engine was lost; every finished run is kept",
        "other_code": (
            "the workers have other model sources than this process, which would mix results; install the "
            "same version on both sides"
        ),
        "no_folder_there": "the workers do not see the result folder; it must lie on a disk that all machines share",
    }
