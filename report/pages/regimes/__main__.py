"""Print, write or check the accounts of the regimes: ``python -m report.pages.regimes [--lang zh|en] [--write |
--check]``.
"""

from __future__ import annotations

import sys

from report.pages.regimes import FILES, accounts
from report.render.documents import Document

DOCUMENT = Document("report.pages.regimes", "Accounts of all regimes.", FILES, accounts)
stale, main = DOCUMENT.stale, DOCUMENT.main

if __name__ == "__main__":
    sys.exit(main())
