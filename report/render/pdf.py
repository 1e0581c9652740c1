"""Print a page to PDF with a browser that is already there: Chromium, Chrome or Edge without a window."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from report.errors import BriefError

VARIABLE = "XIAOZHEN_BROWSER"
"""Environment variable that names the browser to use."""
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge",
    "microsoft-edge-stable",
)  # fmt: skip
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
"""Where macOS and Windows keep them, which do not stand on the search path."""
FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
"""No window, no questions, and no name is ever looked up: nothing leaves the machine."""
PATIENCE_S = 180.0


def find_browser() -> str | None:
    """The browser that ``XIAOZHEN_BROWSER`` names, else the first one found."""
    asked = os.environ.get(VARIABLE)
    if asked:
        return shutil.which(asked)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in PLACES if Path(place).is_file()), None)


def command_line(browser: str, profile: Path, *rest: str) -> list[str]:
    """The command that runs a browser with a profile of its own; the superuser has no sandbox to run in."""
    root = sys.platform != "win32" and os.geteuid() == 0
    return [browser, *FLAGS, *(("--no-sandbox",) if root else ()), f"--user-data-dir={profile}", *rest]


def print_pdf(page: Path, pdf: Path, shown: Path | None = None) -> Path:
    """Print a page.

    Args:
        page: The HTML file.
        pdf: Where the PDF goes.
        shown: The page that a message names where this one is a passing copy.

    Raises:
        BriefError: If no browser was found, or it printed nothing.
    """
    named = {"page": str(shown or page)}
    browser = find_browser()
    if browser is None:
        raise BriefError("no_browser", details=named)
    with tempfile.TemporaryDirectory(prefix="xiaozhen-print-", ignore_cleanup_errors=True) as place:
        made = Path(place) / "page.pdf"
        line = command_line(
            browser, Path(place) / "profile", "--no-pdf-header-footer", f"--print-to-pdf={made}",
            page.resolve().as_uri(),
        )  # fmt: skip
        try:
            done = subprocess.run(line, capture_output=True, timeout=PATIENCE_S, check=False)
            why = f"exit code {done.returncode}"
        except subprocess.TimeoutExpired:
            why = f"{PATIENCE_S:.0f} s"
        except OSError as error:
            why = error.strerror or str(error)
        if not made.is_file() or made.stat().st_size == 0:
            raise BriefError("print_failed", details={**named, "why": why})
        try:
            shutil.copyfile(made, pdf)
        except OSError as error:
            raise BriefError("brief_unwritable", file=str(pdf), found=error.strerror or str(error)) from error
    return pdf
