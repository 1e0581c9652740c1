"""``python -m xiaozhen`` is the command line."""

from __future__ import annotations

from xiaozhen.cli.main import main

if __name__ == "__main__":
    main()
