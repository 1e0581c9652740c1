"""Print, write or check the model description: ``python -m sim.odd [--lang zh|en] [--write | --check]``."""

from __future__ import annotations

import sys

from sim.documents import Document
from sim.odd import FILES, odd

DOCUMENT = Document("sim.odd", "The model description (ODD).", FILES, odd)
stale, main = DOCUMENT.stale, DOCUMENT.main

if __name__ == "__main__":
    sys.exit(main())
