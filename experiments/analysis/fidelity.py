"""How each sentence of the documents is kept: the rows of ``scenarios/fidelity/*.toml``, and what each mend moved.

A row is a finding, such as E05: a rule that did something else than its sentence (E), or a sentence with more than one
defensible meaning, or a label (D). Its tests and its decision are files of the repository, which only
``tests/report/test_fidelity.py`` looks for; an installed product has none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import scenarios
from sim.parameters.errors import DuplicateKey, InputErrors, OutOfBounds, UnknownName, shown
from sim.parameters.library import Library
from sim.parameters.names import Names
from sim.parameters.read import Document, read_document
from sim.parameters.tables import Table
from sim.parameters.texts import KINDS, Text

FOLDER = scenarios.ROOT / "fidelity"
MENDS = Path(__file__).resolve().parents[2] / "docs" / "mends.json"
LONGEST = 60
"""Characters of a sentence that a row may quote."""
EXPECTED = (*(f"E{k:02}" for k in range(1, 18)), *(f"D{k:02}" for k in range(1, 25)))
_SHAPE = re.compile(r"S[0-4] L\d+(?:-\d+)?(?:, L\d+(?:-\d+)?)*(?:; S[0-4] L\d+(?:-\d+)?(?:, L\d+(?:-\d+)?)*)*")


@dataclass(frozen=True, slots=True)
class Row:
    """One finding and how it was settled.

    Attributes:
        id: E01 and so on, D01 and so on, or X with two digits for one of neither list.
        clauses: Ids in the register; empty where the sentence has none.
        source: Document and line, such as "S0 L101"; several with semicolons.
        sentence: The words of the document, at most :data:`LONGEST` characters.
        regimes: Whose runs moved.
        before, after, moved: What the rule did, what it does, what that moved.
        tests: Tests that hold the sentence, as pytest names them.
        decision: Document that says why it is read otherwise than it seems; "" for none.
    """

    id: str
    clauses: tuple[str, ...]
    source: str
    sentence: str
    regimes: tuple[str, ...]
    before: Text
    after: Text
    moved: Text
    tests: tuple[str, ...]
    decision: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What one mend moved of one outcome: means over paired replicates, and their difference with its interval.

    Attributes:
        commit: Short ids; several where a mend came in parts, whose differences are then added.
    """

    mend: str
    commit: str
    regime: str
    world: str
    replicates: int
    outcome: str
    before: float
    after: float
    diff: float
    low: float
    high: float

    @property
    def stands(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def load_rows(library: Library, folder: Path = FOLDER) -> dict[str, Row]:
    """Read all rows, sorted: errors of rules first, then readings and labels.

    Args:
        library: The scenario files, whose clauses and regimes the rows name.
        folder: Another folder of the same form.

    Raises:
        InputErrors: All that is wrong in the files.
        UnreadableFile, BrokenSyntax, DuplicateKey: A file cannot be read at all.
    """
    names = Names()
    names.add("clause", library.clauses)
    names.add("regime", library.regimes)
    found: dict[str, Row] = {}
    places: dict[str, str] = {}
    documents = [read_document(path, f"{folder.name}/{path.name}") for path in sorted(folder.glob("*.toml"))]
    for document in documents:
        top = Table(document, document.data, ())
        for name in document.data:
            table = top.table(name)
            if table is None or not _new(document, name, places):
                continue
            found[name] = _row(name, table, names)
        top.close()
    problems = [problem for document in documents for problem in document.problems]
    if problems:
        raise InputErrors(problems)
    return dict(sorted(found.items(), key=lambda item: (item[0][0] != "E", item[0])))


def _new(document: Document, name: str, places: dict[str, str]) -> bool:
    """Whether an id has the form of one and stands in no other file."""
    if not re.fullmatch(r"[EDX]\d\d", name):
        document.report(UnknownName, "not_a_choice", (name,), found=shown(name), allowed="E01 … E17, D01 … D24, X01 …")
    elif name in places:
        document.report(
            DuplicateKey, "duplicate_name", (name,), found=shown(name), kind=KINDS["entry"], first=places[name]
        )
    else:
        places[name] = f"{document.file}:{document.line((name,))}"
        return True
    return False


def _row(name: str, table: Table, names: Names) -> Row:
    clauses, regimes = table.ids("clauses", needed=False), table.ids("regimes", needed=False)
    names.check_all(table, "clauses", clauses, "clause")
    names.check_all(table, "regimes", regimes, "regime")
    source, sentence = table.text("source"), table.text("sentence")
    if source and not _SHAPE.fullmatch(source):
        table.report(UnknownName, "not_a_choice", "source", found=shown(source), allowed="S0 L101; S4 L28, L32-34")
    if len(sentence) > LONGEST:
        table.report(OutOfBounds, "out_of_bounds", "sentence", found=str(len(sentence)), allowed=f"≤ {LONGEST}")
    before, after, moved = (table.both(key) for key in ("before", "after", "moved"))
    decision = table.text("decision", needed=False)
    tests = table.ids("tests", needed=not decision)
    table.close()
    return Row(name, clauses, source, sentence, regimes, before, after, moved, tests, decision)


def load_moved(file: Path = MENDS) -> tuple[Moved, ...]:
    """What each mend moved, as ``python -m tools.mends`` stored it; nothing where there is no such file."""
    if not file.is_file():
        return ()
    return tuple(Moved(**row) for row in json.loads(file.read_text(encoding="utf-8"))["rows"])
