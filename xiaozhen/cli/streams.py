"""The two streams of a process."""

from __future__ import annotations

import sys


def utf8_streams() -> None:
    """Write UTF-8 whatever the terminal or pipe says, so that Chinese never stops a command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def note(text: str) -> None:
    """Print one line on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
