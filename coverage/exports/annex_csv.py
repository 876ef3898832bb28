"""The annex's tables as CSV, in the form of ``choice_by_area.csv`` (see ``csv_table``)."""

from pathlib import Path
from typing import Any

from coverage.assessment import Assessment
from coverage.exports.annex_columns import DECIMALS, FIELDS
from coverage.exports.annex_table import AnnexTable, shown_rows
from coverage.exports.area_words import yes_no
from coverage.exports.csv_table import decimal_text, harmless_text, write_csv
from coverage.exports.number_text import is_missing
from coverage.exports.stamp import RunStamp
from coverage.wording import Language, say

STUDY_COLUMNS = ("study_title", "as_of", "ruleset_id", "illustrative")


def write_annex_csv(
    path: Path, annex: AnnexTable, assessment: Assessment, stamp: RunStamp, language: Language
) -> None:
    """Write a table for publication: what is withheld says so; each row carries its basis."""
    basis = [
        harmless_text(stamp.study_title),
        stamp.as_of.isoformat(),
        stamp.ruleset_id,
        yes_no(assessment.illustrative, language),
    ]
    columns = [str(column) for column in annex.table]
    rows = [
        [*(_text(column, value) for column, value in row.items()), *basis]
        for row in shown_rows(annex, language)
    ]
    header = [say(f"annex.column.{column}", language) for column in (*columns, *STUDY_COLUMNS)]
    write_csv(path, header, rows)


def _text(column: str, value: Any) -> str:  # noqa: ANN401 - any cell of a table
    if is_missing(value):
        return ""
    kind = FIELDS[column].kind
    if kind in DECIMALS and not isinstance(value, str):
        return decimal_text(float(value), DECIMALS[kind])
    return harmless_text(str(value))
