"""Tables as files that are the same to the bit for the same results.

CSV is UTF-8 with a byte-order mark, or spreadsheets show Chinese as noise.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from experiments.store.disk import replace_file

BOM = b"\xef\xbb\xbf"


def write_table(table: pa.Table, stem: Path) -> list[Path]:
    """Write ``stem.csv`` and ``stem.parquet``.

    Returns:
        The two paths.

    Raises:
        OSError: If the folder cannot be written; no half-written file is left under the final name.
    """
    comma, packed = stem.with_suffix(".csv"), stem.with_suffix(".parquet")
    replace_file(comma, lambda half: _csv(table, half))
    replace_file(packed, lambda half: parquet.write_table(table, half, compression="zstd"))
    return [comma, packed]


def _csv(table: pa.Table, path: Path) -> None:
    plain = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.itercolumns()]
    with path.open("wb") as sink:
        sink.write(BOM)
        csv.write_csv(pa.table(plain, names=table.column_names), sink, csv.WriteOptions(quoting_style="needed"))
