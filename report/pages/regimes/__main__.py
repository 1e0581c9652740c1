"""Print, write or check the accounts of the regimes: ``python -m report.pages.regimes [--lang zh|en] [--write |
--check]``.
"""

from __future__ import annotations

import sys

from report.pages.regimes import DOCUMENT

stale, main = DOCUMENT.stale, DOCUMENT.main

if __name__ == "__main__":
    sys.exit(main())
