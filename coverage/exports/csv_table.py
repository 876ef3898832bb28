"""``choice_by_area.csv``, written as a Danish Excel writes and reads it.

Semicolons, decimal commas, UTF-8 with a byte order mark, CRLF line ends, in
either language. The file is one clean table: what a reader must know of a row
(date, ruleset, illustration) is in its own columns, so that no row can be
quoted without it. What is missing is an empty field, never 0.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.area_table import (
    AREA_COLUMNS,
    KM_COLUMNS,
    PERSON_COLUMNS,
    SHARE_COLUMNS,
    build_area_table,
)
from coverage.exports.area_words import area_id_text, area_name_text, level_text, yes_no
from coverage.exports.stamp import RunStamp
from coverage.wording import Language, say

_DECIMALS: Mapping[str, int] = {
    **dict.fromkeys(PERSON_COLUMNS, 0),
    **dict.fromkeys(SHARE_COLUMNS, 1),
    **dict.fromkeys(KM_COLUMNS, 2),
}
# A spreadsheet takes a text that starts so for a formula (OWASP, CSV injection);
# the wide forms are those of East Asian keyboards.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")


def write_area_csv(path: Path, assessment: Assessment, stamp: RunStamp, language: Language) -> None:
    """Write the table by area; persons whole, shares with one decimal, km with two."""
    table = build_area_table(assessment, stamp, language)
    rows = [
        [_field(name, row, language) for name in AREA_COLUMNS] for row in table.to_dict("records")
    ]
    write_csv(path, [say(f"export.column.{name}", language) for name in AREA_COLUMNS], rows)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write texts as a Danish Excel writes and reads them."""
    path.write_bytes(csv_bytes(header, rows))


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the content of such a file."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def decimal_text(value: float, decimals: int) -> str:
    """Return a number with a decimal comma and no thousands; empty where missing."""
    return "" if pd.isna(value) else f"{value:.{decimals}f}".replace(".", ",")


def harmless_text(text: str) -> str:
    """Return text that a spreadsheet does not run: an apostrophe before what starts a formula.

    Blanks before the sign do not make it safe: some spreadsheets drop them.
    """
    starts = text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if starts else text


def _field(name: str, row: Mapping[Any, Any], language: Language) -> str:
    value = row[name]
    if name in _DECIMALS:
        return decimal_text(value, _DECIMALS[name])
    if name == "illustrative":
        return yes_no(bool(value), language)
    texts = {
        "area_level": level_text(row["area_level"], language),
        "area_id": area_id_text(row["area_id"], language),
        "area_name": area_name_text(row, language),
    }
    return harmless_text(texts.get(name, str(value)))
