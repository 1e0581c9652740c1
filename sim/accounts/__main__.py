"""Print, write or check the accounts of the regimes: ``python -m sim.accounts [--lang zh|en] [--write | --check]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sim.accounts import FILES, accounts
from sim.parameters import Library, load_library

DOCS = Path(__file__).resolve().parents[2] / "docs"


def stale(library: Library | None = None) -> list[str]:
    """Names of the files in ``docs/`` that are missing or differ from what the scenario files say now."""
    library = library or load_library()
    return [
        name
        for lang, name in FILES.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != accounts(lang, library)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (1: ``--check`` found a stale file)."""
    parser = argparse.ArgumentParser(prog="python -m sim.accounts", description="Accounts of all regimes.")
    parser.add_argument("--lang", choices=sorted(FILES), default="en", help="language of what is printed")
    todo = parser.add_mutually_exclusive_group()
    todo.add_argument("--write", action="store_true", help="write docs/regimes.md and docs/regimes.zh.md")
    todo.add_argument("--check", action="store_true", help="fail when those files are out of date")
    options = parser.parse_args(arguments)
    if options.check:
        old = stale()
        print("\n".join(f"docs/{name} is out of date; refresh it with: python -m sim.accounts --write" for name in old))
        return 1 if old else 0
    if options.write:
        DOCS.mkdir(exist_ok=True)
        library = load_library()
        for lang, name in FILES.items():
            (DOCS / name).write_text(accounts(lang, library), encoding="utf-8", newline="\n")
            print(f"docs/{name}")
        return 0
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    print(accounts(options.lang), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
