"""Print, write or check the model description: ``python -m report.pages.odd [--lang zh|en] [--write | --check]``."""

from __future__ import annotations

import sys

from report.pages.odd import FILES, odd
from report.render.documents import Document

DOCUMENT = Document("report.pages.odd", "The model description (ODD).", FILES, odd)
stale, main = DOCUMENT.stale, DOCUMENT.main

if __name__ == "__main__":
    sys.exit(main())
