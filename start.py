"""Set up and run: ``python3 start.py compare``, ``python3 start.py test``, ``python3 start.py COMMAND ...``.

Needs only the standard library. Makes ``.venv`` beside this file, installs the product with its locked dependencies,
marks it by a hash of what was installed, and passes the rest of the line on. Windows: ``py start.py ...``.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
MARK = os.path.join(VENV, "installed.txt")
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
VERSION = "%d.%d" % sys.version_info[:2]
ENV = {key: value for key, value in os.environ.items() if key not in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME")}
ENV["PYTHONUTF8"] = "1"
RUN = ("-P", "-m", "xiaozhen")  # -P: what lies in the folder one stands in is not our code
INSTALL = "-P -m pip install --no-compile --only-binary :all: --no-input --progress-bar off --disable-pip-version-check"


def say(*lines: str) -> None:
    """Print lines on standard error, whatever its encoding."""
    for line in lines:
        sys.stderr.buffer.write((line + "\n").encode(sys.stderr.encoding or "utf-8", "replace"))
    sys.stderr.flush()


def stamp() -> str:
    """Hash of what the environment is made of: this folder, Python's version, project file, locked versions."""
    digest = hashlib.sha256((ROOT + VERSION).encode("utf-8", "replace"))
    for name in ("pyproject.toml", "constraints.txt"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def marked() -> str:
    """The hash that ``.venv`` was marked with, or nothing."""
    try:
        with open(MARK, encoding="ascii") as file:
            return file.read() if os.path.exists(PYTHON) else ""
    except (OSError, ValueError):
        return ""


def fits() -> bool:
    """Whether ``.venv`` has a working Python of the version that runs this file, with pip."""
    probe = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        found = subprocess.check_output([PYTHON, "-P", "-c", probe], stderr=subprocess.DEVNULL, env=ENV)
    except (OSError, subprocess.CalledProcessError):
        return False
    return found.decode("ascii", "replace").strip() == VERSION


def make() -> None:
    """Make ``.venv`` anew in a process of its own, so that whatever goes wrong there can be told in two sentences."""
    say("正在建立 Python " + VERSION + " 环境（.venv）……", "Making a Python " + VERSION + " environment (.venv) ...")
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run([sys.executable, "-P", "-m", "venv", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        say(
            done.stdout.decode("utf-8", "replace").strip()[-600:],
            "没能建立虚拟环境。Debian、Ubuntu 请先安装 venv 模块：sudo apt install python3-venv",
            "Could not make a virtual environment. On Debian or Ubuntu first: sudo apt install python3-venv",
        )
        sys.exit(1)


def install() -> None:
    """Install everything in one call, telling every few seconds where it stands."""
    say("正在下载和安装（第一次约一分钟）……", "Downloading and installing (about a minute the first time) ...")
    command = [PYTHON, *INSTALL.split(), "-c", os.path.join(ROOT, "constraints.txt"), "-e", ROOT + "[dev]"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENV)
    tail, told = [], time.time()
    for raw in process.stdout or ():
        tail.append(raw.decode("utf-8", "replace").rstrip())
        if time.time() - told > 3:
            told = time.time()
            say("  " + tail[-1].strip()[:100])
    if process.wait():
        say(
            *tail[-8:],
            "没装成。请检查网络、代理或 pip 镜像设置，然后再运行同一条命令；已下载的不会重来。",
            "The installation failed. Check the network, proxy or pip mirror, then run the same command again.",
        )
        sys.exit(1)
    with open(MARK, "w", encoding="ascii") as file:
        file.write(stamp())


def main() -> int:
    """Set up if needed, then run the rest of the line."""
    if sys.version_info < (3, 11):
        say("需要 Python 3.11 或更新版本，现在是 " + VERSION + "。")
        say("Python 3.11 or newer is needed; this is " + VERSION + ".")
        return 1
    if marked() != stamp():
        if not fits():
            make()
        install()
    rest = sys.argv[1:]
    command = [PYTHON, "-m", "pytest", *rest[1:]] if rest[:1] == ["test"] else [PYTHON, *RUN, *rest]
    if os.name != "nt":
        os.chdir(ROOT) if rest[:1] == ["test"] else None
        os.execve(PYTHON, command, ENV)
    return subprocess.call(command, env=ENV, cwd=ROOT if rest[:1] == ["test"] else None)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("已中断。", "Interrupted.")
        sys.exit(130)
