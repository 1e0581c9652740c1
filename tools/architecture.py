"""The house as a drawing made from the imports: ``python -m tools.architecture [--write | --check]``.

Floors are the top folders in the order of the import contract, rooms their folders and files; a room stands left of
the rooms that it imports, so every arrow on a floor points right and every arrow between floors points down.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp
import networkx as nx

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "figures" / "architecture.svg"
WIDTH, BOX, GAP, LEFT = 1180, 86, 7, 150
"""Width of the drawing, of a room, between rooms, and of the margin that names the floors; px."""


@dataclass(frozen=True)
class Room:
    """A folder or file just below a floor.

    Attributes:
        name: Name below the floor.
        lines: Lines of Python in it; files, on the floor of data.
        what: First sentence of its docstring.
    """

    name: str
    lines: int
    what: str


def floors() -> tuple[str, ...]:
    """Top folders from top to bottom, as the first import contract names them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return tuple(settings["tool"]["importlinter"]["contracts"][0]["layers"])


def rooms(floor: str) -> list[Room]:
    """Rooms of a floor: what holds Python, or, on the floor of data, its folders."""
    found = []
    if floor == "scenarios":
        folders = [path for path in sorted((ROOT / floor).iterdir()) if path.is_dir() and path.name != "__pycache__"]
        return [Room(path.name, len(list(path.iterdir())), "") for path in folders]
    for path in sorted((ROOT / floor).iterdir()):
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.suffix == ".py" else []
        if files and path.name not in ("__init__.py", "__main__.py"):
            text = [file.read_text(encoding="utf-8") for file in files]
            head = path / "__init__.py" if path.is_dir() else path
            what = (ast.get_docstring(ast.parse(head.read_text(encoding="utf-8"))) or "") if head.exists() else ""
            found.append(Room(path.stem, sum(t.count("\n") for t in text), what.split("\n")[0]))
    return found


def arrows(names: Sequence[str]) -> Counter[tuple[tuple[str, str], tuple[str, str]]]:
    """How many imports run from one room to another: ((floor, room), (floor, room)) -> count."""
    graph = grimp.build_graph(*names, exclude_type_checking_imports=True, cache_dir=None)
    found: Counter[tuple[tuple[str, str], tuple[str, str]]] = Counter()
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            start, end = _room(module), _room(other)
            if start != end:
                found[start, end] += 1
    return found


def _room(module: str) -> tuple[str, str]:
    floor, *rest = module.split(".")
    return floor, rest[0] if rest else ""


def in_order(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Rooms of a floor, importers first; rooms in a circle stand together."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(names))
    graph.add_edges_from(pair for pair in sorted(pairs) if all(name in graph for name in pair))
    knots = nx.condensation(graph)
    return [n for knot in nx.lexicographical_topological_sort(knots) for n in sorted(knots.nodes[knot]["members"])]


def draw() -> str:
    """The drawing as SVG."""
    names = floors()
    counts = arrows(names)
    y, body = 30.0, list[str]()
    places: dict[tuple[str, str], tuple[float, float]] = {}
    for floor in names:
        known = {room.name: room for room in rooms(floor)}
        inner = [(a[1], b[1]) for a, b in counts if a[0] == b[0] == floor]
        order = in_order(known, inner)
        height, drawn = _floor(floor, [known[name] for name in order], y, places)
        body.append(drawn)
        y += height
    body += [_arrow(places[a], places[b], n) for (a, b), n in sorted(counts.items()) if _drawn(a, b, places)]
    body += _falls(names, counts, places)
    return _page(y + 10, body)


def _drawn(a: tuple[str, str], b: tuple[str, str], places: Mapping[tuple[str, str], tuple[float, float]]) -> bool:
    return a[0] == b[0] and a in places and b in places


def _floor(
    floor: str, found: Sequence[Room], y: float, places: dict[tuple[str, str], tuple[float, float]]
) -> tuple[float, str]:
    """Height and drawing of a floor; the middle of each room's upper edge is put into ``places``."""
    wide = (WIDTH - LEFT) // (BOX + GAP)
    rows = max(1, -(-len(found) // wide))
    height = 54.0 + rows * 78.0
    lines = sum(room.lines for room in found)
    unit = "files" if floor == "scenarios" else "lines"
    parts = [
        f'<rect x="4" y="{y:.0f}" width="{WIDTH - 8}" height="{height - 10:.0f}" rx="8" class="floor"/>',
        f'<text x="18" y="{y + 34:.0f}" class="name">{escape(floor)}/</text>',
        f'<text x="18" y="{y + 52:.0f}" class="small">{lines:,} {unit}</text>',
    ]
    for i, room in enumerate(found):
        x, top = LEFT + (i % wide) * (BOX + GAP), y + 44 + (i // wide) * 78
        places[floor, room.name] = (x + BOX / 2, top)
        parts.append(
            f'<g><title>{escape(room.what)}</title><rect x="{x}" y="{top:.0f}" width="{BOX}" height="46" rx="5" '
            f'class="room"/><text x="{x + BOX / 2}" y="{top + 20:.0f}" class="room-name">{escape(room.name)}</text>'
            f'<text x="{x + BOX / 2}" y="{top + 37:.0f}" class="room-lines">{room.lines:,}</text></g>'
        )
    return height, "".join(parts)


def _arrow(a: tuple[float, float], b: tuple[float, float], count: int) -> str:
    """A bow above the rooms of a floor, red where it points left (a circle)."""
    (x1, y1), (x2, y2) = a, b
    lift = min(y1, y2) - 10 - min(34.0, abs(x2 - x1) / 22)
    kind = "arrow" if (x2 > x1 and y1 == y2) or y2 > y1 else "back"
    return (
        f'<path d="M{x1:.0f} {y1:.0f} C{x1:.0f} {lift:.0f} {x2:.0f} {lift:.0f} {x2:.0f} {y2 - 3:.0f}" class="{kind}" '
        f'stroke-width="{0.6 + min(2.4, count / 8):.1f}"/>'
    )


def _falls(
    names: Sequence[str],
    counts: Mapping[tuple[tuple[str, str], tuple[str, str]], int],
    places: Mapping[tuple[str, str], tuple[float, float]],
) -> list[str]:
    """In the margin of each floor: which floors it imports and how often."""
    found = []
    for floor in names:
        total: Counter[str] = Counter()
        for (a, b), n in counts.items():
            if a[0] == floor and b[0] != floor:
                total[b[0]] += n
        top = min((y for (f, _), (_, y) in places.items() if f == floor), default=0.0)
        for i, name in enumerate(sorted(total, key=names.index)):
            sign = "↓" if names.index(name) > names.index(floor) else "↑"
            kind = "small" if sign == "↓" else "wrong"
            found.append(f'<text x="18" y="{top + 26 + 14 * i:.0f}" class="{kind}">{sign} {name} {total[name]}</text>')
    return found


STYLE = (
    "text{font-family:Helvetica,Arial,sans-serif;fill:#222}.name{font-size:17px;font-weight:bold}"
    ".small{font-size:11px;fill:#666}.wrong{font-size:11px;fill:#b00}.floor{fill:#f6f4ef;stroke:#d8d2c4}"
    ".room{fill:#fff;stroke:#8a8270}.room-name{font-size:13px;text-anchor:middle}"
    ".room-lines{font-size:10px;fill:#777;text-anchor:middle}.arrow{fill:none;stroke:#4a6b8a;opacity:.65;"
    "marker-end:url(#h)}.back{fill:none;stroke:#b00;marker-end:url(#h)}"
)


def _page(height: float, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        'aria-label="Rooms of the house and their imports">'
        f'<style>{STYLE}</style><defs><marker id="h" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" fill="#4a6b8a"/></marker>'
        f'</defs><rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>\n'
    )


def shape(drawing: str) -> str:
    """A drawing without what every edit moves: lines and numbers of imports."""
    return re.sub(r'stroke-width="[^"]*"|[\d,]+(?= lines| files|</text>)|<title>[^<]*</title>', "", drawing)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the drawing, write it, or say whether the committed one is out of date."""
    parser = argparse.ArgumentParser(prog="python -m tools.architecture", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {FILE.relative_to(ROOT)}")
    parser.add_argument("--check", action="store_true", help="exit 1 when the committed drawing is out of date")
    asked = parser.parse_args(arguments)
    drawn = draw()
    if asked.write:
        FILE.write_text(drawn, encoding="utf-8")
    elif asked.check:
        return int(not FILE.exists() or shape(FILE.read_text(encoding="utf-8")) != shape(drawn))
    else:
        sys.stdout.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
