"""Sweeps that are killed, robbed of a worker or of the disk go on, and end with the bytes of an undisturbed one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.plan.luck import uniforms
from experiments.run.carry import Way, resume
from experiments.run.evaluate import stored
from experiments.store.errors import StoreFull
from experiments.store.folder import Store
from report.text.errors import told
from sim.parameters import load_library
from tests import sweep_tasks

HERE = Path(__file__).parents[2]
POINTS, REPLICATES = 20, 60


@pytest.fixture(scope="module")
def library():
    return load_library()


@pytest.fixture
def importable(monkeypatch):
    """Workers find the tasks of the tests."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(HERE.parent)]))


def start(folder, task, how, points=POINTS, replicates=REPLICATES):
    words = [sys.executable, str(HERE / "sweep_script.py"), str(folder), task, how, str(points), str(replicates)]
    return subprocess.Popen(words, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def held(folder):
    """Runs that the store holds, 0 before it is one."""
    try:
        return len(Store.open(folder).done())
    except Exception:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize("how", ["processes", "threads"])
def test_ten_kills_at_random_moments_change_nothing(tmp_path, importable, library, how):
    plan = sweep_tasks.plan("slow", points=POINTS, replicates=REPLICATES)
    stored(tmp_path / "calm", threads=2, library=library)(plan)
    folder, before, interrupted = tmp_path / "killed", 0, 0
    for moment in uniforms(f"test.kills.{how}", 10):
        process = start(folder, "slow", how)
        seen = time.monotonic()
        while process.poll() is None and time.monotonic() - seen < 60 and held(folder) <= before:
            time.sleep(0.2)
        time.sleep(0.7 * float(moment))
        interrupted += process.poll() is None
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.wait()
        now = held(folder)
        assert now >= before, "a finished run was lost"
        before = now
    assert interrupted >= 3, "the sweep was too quick to be disturbed"
    resume(folder, library=library, task=Store.open(folder).plan.task)
    assert sweep_tasks.hashes(folder) == sweep_tasks.hashes(tmp_path / "calm")


@pytest.mark.slow
def test_workers_do_not_outlive_a_killed_parent(tmp_path, importable):
    process = start(tmp_path / "out", "slower", "processes")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("no list of children on this system")
    deadline = time.monotonic() + 60
    while held(tmp_path / "out") == 0 and time.monotonic() < deadline:
        time.sleep(0.1)
    workers = [int(word) for word in children.read_text().split()]
    assert workers
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 30
    while any(map(_lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(_lives, workers))


def _lives(pid):
    """Whether a process runs; one that ended and waits for its parent to look does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path):
    """A tmpfs of 192 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192k", "none", str(place)], capture_output=True)
    except OSError:
        done = None
    if done is None or done.returncode:
        pytest.skip("mounting is not permitted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.slow
@pytest.mark.parametrize("how", [{"workers": 2}, {"workers": 1}])
def test_a_full_disk_is_one_message_and_nothing_is_lost(small_disk, tmp_path, importable, library, how):
    plan = sweep_tasks.plan("slower", points=4, replicates=30)
    stored(tmp_path / "calm", threads=8, library=library)(plan)
    folder = small_disk / "out"
    ballast = small_disk / "ballast"
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(b"x" * (free - 40_960))
    with pytest.raises(StoreFull) as caught:
        stored(folder, library=library, **how)(plan)
    for lang in ("zh", "en"):
        message = told(caught.value, lang)
        assert f"xiaozhen resume {folder}" in message
        assert "Traceback" not in message
    kept = held(folder)
    assert 0 < kept < len(plan.runs)
    ballast.unlink()
    resume(folder, Way(), library=library, task=plan.task)
    assert sweep_tasks.hashes(folder) == sweep_tasks.hashes(tmp_path / "calm")


UNGUARDED = """
from tests import sweep_tasks
from experiments.run.evaluate import stored
stored({folder!r}, workers=2)(sweep_tasks.plan())
"""


@pytest.mark.slow
def test_a_script_without_a_guard_is_told_once(tmp_path, importable):
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED.format(folder=str(tmp_path / "out")))
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stderr.count("Traceback") == 1
    assert 'if __name__ == "__main__":' in done.stderr.splitlines()[-1]
