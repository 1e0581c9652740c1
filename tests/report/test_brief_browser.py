"""The brief in a real browser with no network: what is shown, that nothing fails or is asked for, and how it prints."""

import re
import shutil
import subprocess
import sys

import pytest
from PIL import Image

from report.pages.comparison.brief import write_brief
from report.render.pdf import command_line, find_browser
from tests import briefs

BROWSER = find_browser()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium, Chrome or Edge on this machine"),
]
LIMIT_S = 240
BROWSERS_OWN = ("google.com", "googleapis.com", "gstatic.com", "microsoft.com", "msn.com", "bing.com")
"""What a browser asks for by itself, whatever page it shows."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = briefs.result(tmp_path_factory.mktemp("browser") / "r", 4, title=briefs.EVIL)
    return write_brief(folder)[0]


def _alone():
    """The words that run a command without any network, where this machine permits it."""
    words = ["unshare", "-n", "--"] if sys.platform == "linux" and shutil.which("unshare") else []
    return words if words and subprocess.run([*words, "true"], capture_output=True).returncode == 0 else []


def run(profile, *rest):
    line = [*_alone(), *command_line(BROWSER, profile, "--enable-logging=stderr", "--v=0", *rest)]
    return subprocess.run(line, capture_output=True, text=True, timeout=LIMIT_S, encoding="utf-8", errors="replace")


def test_it_shows_its_text_without_an_error_or_a_request(page, tmp_path):
    log = tmp_path / "net.json"
    done = run(tmp_path / "p", f"--log-net-log={log}", "--dump-dom", page.as_uri())
    for word in (
        "要点",
        "In short",
        "浙江2015与无政策相比",
        "Zhejiang 2015 against No programme",
        "xiaozhen compare fake",
    ):
        assert word in done.stdout
    assert "<title>taken" not in done.stdout
    assert "CONSOLE" not in done.stderr, done.stderr
    hosts = set(re.findall(r'"url":"(?:https?|wss?)://([^/":]+)', log.read_text(errors="replace")))
    assert {h for h in hosts if not h.endswith(BROWSERS_OWN)} == set()


def test_a_console_error_would_be_seen(page, tmp_path):
    """The check above can fail: a page that asks for something against its own policy is told of."""
    broken = tmp_path / "broken.html"
    text = page.read_text(encoding="utf-8").replace("<main>", '<main><img alt="" src="https://example.org/x.png">', 1)
    broken.write_text(text, encoding="utf-8")
    assert "CONSOLE" in run(tmp_path / "p", "--dump-dom", broken.as_uri()).stderr


@pytest.mark.parametrize("width", [500, 1400])
def test_what_is_seen_is_not_blank(page, tmp_path, width):
    shot = tmp_path / "shot.png"
    run(tmp_path / "p", f"--screenshot={shot}", f"--window-size={width},1600", "--hide-scrollbars", page.as_uri())
    with Image.open(shot) as seen:
        grey = seen.convert("L")
        assert grey.width == width
        dark = sum(grey.histogram()[:96]) / (grey.width * grey.height)
    assert 0.01 < dark < 0.3


@pytest.mark.parametrize(("lang", "words"), [("zh", ("要点", "须知", "浙江2015")), ("en", ("In short", "Caveats"))])
def test_it_prints_with_all_its_text(page, tmp_path, lang, words):
    files = write_brief(page.parent, lang=lang, out=tmp_path / "brief.html", pdf=True)
    pdf = files[1]
    assert pdf.name == "brief.pdf"
    assert pdf.read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext: the text of the PDF was not read")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, timeout=60).stdout.decode("utf-8")
    for word in words:
        assert word in text
    assert text.count("\f") >= 3
    assert f"1/{text.count(chr(12))}" in "".join(text.split())
