"""Print, write or check the model description: ``python -m report.pages.odd [--lang zh|en] [--write | --check]``."""

from __future__ import annotations

import sys

from report.pages.odd import DOCUMENT

stale, main = DOCUMENT.stale, DOCUMENT.main

if __name__ == "__main__":
    sys.exit(main())
