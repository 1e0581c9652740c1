"""The same sweep on a real scheduler with workers as processes of their own, one of which is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from experiments.store.reading import failures
from report.text.errors import told

pytest.importorskip("distributed")

from experiments.run.engines.errors import EngineError
from experiments.run.evaluate import stored
from experiments.store.folder import Store
from sim.parameters import load_library
from tests import sweep_tasks

HERE = Path(__file__).parents[2]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def dask(*words, folder):
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)]),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    }
    with (folder / f"{words[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def _until_open(port):
    """Busy machines take a while to start a scheduler."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)


@pytest.fixture
def cluster(tmp_path):
    """Address of a scheduler on loopback, and its worker processes."""
    port, folder = free_port(), tmp_path / "cluster"
    folder.mkdir()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", folder=folder)
    _until_open(port)
    words = ("worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
    workers = [dask(*words, "--local-directory", str(folder / f"w{i}"), folder=folder) for i in range(3)]
    yield address, workers
    for process in (*workers, scheduler):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
def test_a_worker_killed_under_the_scheduler_changes_nothing(tmp_path, cluster):
    address, workers = cluster
    library = load_library()
    plan = sweep_tasks.plan("slower", points=10, replicates=30)
    stored(tmp_path / "calm", threads=8, library=library)(plan)
    folder = tmp_path / "out"
    done = []

    def kill():
        while not done or done[-1] < 60:
            time.sleep(0.05)
        workers[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    stored(folder, scheduler=address, library=library, progress=lambda now, _: done.append(now))(plan)
    killer.join(10)
    assert workers[0].wait(10) == -signal.SIGKILL
    assert sweep_tasks.hashes(folder) == sweep_tasks.hashes(tmp_path / "calm")


@pytest.mark.slow
def test_who_kills_workers_of_the_scheduler_is_a_record(tmp_path, cluster):
    table = stored(tmp_path / "out", scheduler=cluster[0])(sweep_tasks.plan("dying", points=1, replicates=8))
    assert list(table.loc[table.status == "failed", "replicate"]) == [5]
    assert set(failures(Store.open(tmp_path / "out")).stage) == {"worker"}


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_told_and_nothing_is_touched(tmp_path):
    with pytest.raises(EngineError) as caught:
        stored(tmp_path / "out", scheduler=f"tcp://127.0.0.1:{free_port()}")(sweep_tasks.plan())
    assert "dask scheduler" in told(caught.value, "zh")
    assert not (tmp_path / "out").exists()


def test_dask_missing_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError) as caught:
        stored(tmp_path / "out", scheduler="tcp://127.0.0.1:1")(sweep_tasks.plan())
    assert "xiaozhen[dask]" in str(caught.value)
    assert not (tmp_path / "out").exists()
