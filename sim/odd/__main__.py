"""Print, write or check the model description: ``python -m sim.odd [--lang zh|en] [--write | --check]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sim.odd import FILES, odd

DOCS = Path(__file__).resolve().parents[2] / "docs"


def stale() -> list[str]:
    """Names of the files in ``docs/`` that are missing or differ from what the code says now."""
    return [
        name
        for lang, name in FILES.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != odd(lang)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (1: ``--check`` found a stale file)."""
    parser = argparse.ArgumentParser(prog="python -m sim.odd", description="The model description (ODD).")
    parser.add_argument("--lang", choices=sorted(FILES), default="en", help="language of what is printed")
    todo = parser.add_mutually_exclusive_group()
    todo.add_argument("--write", action="store_true", help="write docs/odd.md and docs/odd.zh.md")
    todo.add_argument("--check", action="store_true", help="fail when those files are out of date")
    options = parser.parse_args(arguments)
    if options.check:
        old = stale()
        print("\n".join(f"docs/{name} is out of date; refresh it with: python -m sim.odd --write" for name in old))
        return 1 if old else 0
    if options.write:
        DOCS.mkdir(exist_ok=True)
        for lang, name in FILES.items():
            (DOCS / name).write_text(odd(lang), encoding="utf-8", newline="\n")
            print(f"docs/{name}")
        return 0
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    print(odd(options.lang), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
