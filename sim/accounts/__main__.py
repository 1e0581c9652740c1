"""Print, write or check the accounts of the regimes: ``python -m sim.accounts [--lang zh|en] [--write | --check]``."""

from __future__ import annotations

import sys

from sim.accounts import FILES, accounts
from sim.documents import Document

DOCUMENT = Document("sim.accounts", "Accounts of all regimes.", FILES, accounts)
stale, main = DOCUMENT.stale, DOCUMENT.main

if __name__ == "__main__":
    sys.exit(main())
