"""Text columns as numbers: decimal comma, thousands dot, decimal point.

Danish files write 1.234,5 and English ones 1,234.5, so ``1.612`` alone may be
1612 or 1.612. The style is therefore decided once per column, by all its
values, in this order:

1. ``2,5``, ``0.5``, ``1.234,5``, ``1.234.567`` can be read in one way only. What
   they show of the style decides how ``1.612`` is read in the same column.
2. A column of whole numbers (persons) reads ``1.612`` as 1612.
3. A column with plausible ranges reads it in the only way that puts all values
   of the column into one range (a capacity of ``1.500`` is 1.5, an easting of
   ``493.123`` is 493123).
4. Anything else is refused: a factor of a thousand is not guessed.

Values in both styles in one column (a workbook with numbers and text) are taken
as long as each can be read in one way only, and noted. A thousands group has
three digits, its first part one to three without a leading zero.

Missing is never zero: blanks and the markers of statistical files become NaN
and are counted (data-sources 9.5).
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from coverage.errors import InvalidValueError
from coverage.sentences import Notes, Sentence, sentence

Reading = Literal["plain", "comma", "point", "dot?", "comma?", "wrong"]
Ranges = Sequence[tuple[float, float]]

_VALUES_SHOWN = 3
_VALUE_LENGTH_SHOWN = 30
_MISSING_WORDS = {"", "..", ".", "-", "–", "—", "n/a", "#n/a", "na", "nan", "<na>", "null"}
# Eurostat's marks for "not available" and "confidential"; no count can be negative.
_MISSING_NUMBER = re.compile(r"-(9999|8888)([.,]0+)?")
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
# Pattern, its reading with one mark, and with several: 1.612 has two, 1.234.567 one.
_PATTERNS: tuple[tuple[re.Pattern[str], Reading, Reading], ...] = (
    (re.compile(r"[+-]?\d+"), "plain", "plain"),
    (re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+"), "dot?", "comma"),
    (re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+"), "comma?", "point"),
    (re.compile(r"[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+),\d+"), "comma", "comma"),
    (re.compile(r"[+-]?(\d+|[1-9]\d{0,2}(,\d{3})+)\.\d+"), "point", "point"),
)


@dataclass(frozen=True)
class _Column:
    """The distinct texts of a column with their rows, and where they stand."""

    readings: Mapping[str, Reading]
    rows: Mapping[str, list[object]]
    where: str

    def texts(self, *readings: Reading) -> list[str]:
        return [text for text, reading in self.readings.items() if reading in readings]

    def error(self, what: str, texts: Sequence[str], hint: str) -> InvalidValueError:
        shown = tuple(f"'{text[:_VALUE_LENGTH_SHOWN]}'" for text in texts[:_VALUES_SHOWN])
        if len(texts) > _VALUES_SHOWN:
            full = sentence("{what}: {cells} …", what=what, cells=shown)
        else:
            full = sentence("{what}: {cells}", what=what, cells=shown)
        rows = sorted((row for text in texts for row in self.rows[text]), key=_row_order)
        return InvalidValueError(full, where=self.where, rows=rows, hint=hint)


def parse_numbers(
    column: pd.Series,
    *,
    where: str,
    rows: Sequence[object] | np.ndarray,
    whole: bool = False,
    plausible: Ranges = (),
) -> tuple[pd.Series, Notes]:
    """Return a text column as numbers, and notes on what was decided.

    Parameters
    ----------
    column
        Shape (n,), text; missing cells allowed.
    where
        File, sheet and column, for messages.
    rows
        Shape (n,): the row of the file for each cell.
    whole
        The column counts things: ``1.612`` is 1612, and ``2.5`` is an error.
    plausible
        Ranges (low, high), the likeliest first, that settle what ``1.612``
        means when nothing else in the column does. Values outside are no error.

    Returns
    -------
    Series
        Shape (n,), float64 with the index of ``column``; NaN where missing.
    tuple of Sentence
        Cells taken as missing, by marker; how ambiguous values were read.

    Raises
    ------
    InvalidValueError
        Letters or a malformed number, a style that cannot be told, or a
        fraction in a column of whole numbers.
    """
    texts = column.astype("str").fillna("").str.strip()
    parsed = _collect(texts, where, rows)
    wrong = parsed.texts("wrong")
    if wrong:
        raise parsed.error(
            sentence("Cells do not hold a number"),
            wrong,
            sentence(
                "Write only the number, without words or units; leave the cell blank if unknown."
            ),
        )
    comma_is_decimal, style_notes = _choose_style(parsed, whole=whole, plausible=plausible)
    values = {
        text: _value(text, parsed.readings[text], comma_is_decimal=comma_is_decimal)
        for text in parsed.rows
    }
    if whole:
        _refuse_fractions(parsed, values)
    numbers = texts.map(values).astype("float64")
    return numbers, (*_missing_notes(texts, where), *style_notes)


def _row_order(row: object) -> tuple[int, str]:
    return (int(row), "") if isinstance(row, int | np.integer) else (0, str(row))


def _collect(texts: pd.Series, where: str, rows: Sequence[object] | np.ndarray) -> _Column:
    rows_by_text: dict[str, list[object]] = {}
    for text, row in zip(texts, rows, strict=True):
        if not _is_missing(text):
            rows_by_text.setdefault(text, []).append(row)
    readings = {text: _read(_bare(text)) for text in rows_by_text}
    return _Column(readings, rows_by_text, where)


def _is_missing(text: str) -> bool:
    return text.casefold() in _MISSING_WORDS or _MISSING_NUMBER.fullmatch(text) is not None


def _bare(text: str) -> str:
    """Return the text without spaces between thousands, with a plain minus."""
    return _SPACES.sub("", text.replace("\u2212", "-"))


def _read(bare: str) -> Reading:
    # \d also matches digits of other scripts; no such file is expected, so none is guessed at.
    if not bare.isascii():
        return "wrong"
    for pattern, one_mark, more_marks in _PATTERNS:
        if pattern.fullmatch(bare):
            return one_mark if bare.count(".") + bare.count(",") <= 1 else more_marks
    return "wrong"


def _choose_style(column: _Column, *, whole: bool, plausible: Ranges) -> tuple[bool | None, Notes]:
    """Return whether the comma is the decimal mark (None: no mark is decimal), and notes."""
    unclear = column.texts("dot?", "comma?")
    comma, point = column.texts("comma"), column.texts("point")
    if comma and point and not unclear:
        note = sentence(
            "{where}: decimal commas ('{comma}') and points ('{point}') were read",
            where=column.where,
            comma=comma[0],
            point=point[0],
        )
        return True, (note,)
    if comma and point:
        raise column.error(
            sentence(
                "Cells can be read in two ways, and the column has both decimal commas"
                " ('{comma}') and decimal points ('{point}')",
                comma=comma[0],
                point=point[0],
            ),
            unclear,
            sentence("Write all numbers of the column in one way, for example 1612 and 2,5."),
        )
    if not unclear or comma or point:
        return not point, ()
    if whole:
        note = sentence(
            "{where}: '{cell}' was read as {digits}",
            where=column.where,
            cell=unclear[0],
            digits=_grouped(unclear[0]),
        )
        return None, (note,)
    return _choose_by_range(column, unclear, plausible)


def _choose_by_range(
    column: _Column, unclear: Sequence[str], plausible: Ranges
) -> tuple[bool, Notes]:
    texts = list(column.rows)
    for low, high in plausible:
        fits = [
            comma_is_decimal
            for comma_is_decimal in (True, False)
            if all(
                low
                <= _value(text, column.readings[text], comma_is_decimal=comma_is_decimal)
                <= high
                for text in texts
            )
        ]
        if len(fits) == 1:
            value = _value(unclear[0], column.readings[unclear[0]], comma_is_decimal=fits[0])
            note = sentence(
                "{where}: '{cell}' was read as {value:g}",
                where=column.where,
                cell=unclear[0],
                value=value,
            )
            return fits[0], (note,)
    raise column.error(
        sentence(
            "Cells can be read as thousands or as decimals, and nothing in the column tells which"
        ),
        unclear,
        sentence(
            "Write 1.612 as 1612 if it means thousands, or as 1,6120 if it means a decimal number."
        ),
    )


def _value(text: str, reading: Reading, *, comma_is_decimal: bool | None) -> float:
    bare = _bare(text)
    if reading in ("dot?", "comma?") and comma_is_decimal is None:
        return float(_grouped(bare))
    if reading == "comma" or (reading in ("dot?", "comma?") and comma_is_decimal):
        return float(bare.replace(".", "").replace(",", "."))
    return float(bare.replace(",", ""))


def _grouped(text: str) -> str:
    return _bare(text).replace(".", "").replace(",", "")


def _refuse_fractions(column: _Column, values: Mapping[str, float]) -> None:
    fractions = [text for text, value in values.items() if not value.is_integer()]
    if fractions:
        raise column.error(
            sentence("Cells hold a fraction, and the column counts whole persons"),
            fractions,
            sentence(
                "Write whole numbers. If Excel took a thousands dot for a decimal point"
                " (1.612 for 1612), correct the cells there."
            ),
        )


def _missing_notes(texts: pd.Series, where: str) -> Notes:
    markers = Counter(text for text in texts if _is_missing(text))
    if not markers:
        return ()
    cells = tuple(_marked(text, count) for text, count in sorted(markers.items()))
    return (sentence("{where}: cells taken as missing: {cells}", where=where, cells=cells),)


def _marked(marker: str, count: int) -> Sentence:
    if not marker:
        return sentence("blank {count}", count=count)
    return sentence("'{marker}' {count}", marker=marker, count=count)


def refuse_values(
    numbers: pd.Series,
    refuse: Callable[[pd.Series], pd.Series],
    *,
    what: str,
    where: str,
    rows: Sequence[object] | np.ndarray,
    hint: str,
) -> None:
    """Raise InvalidValueError for the numbers that ``refuse`` marks; NaN is never refused."""
    bad = (refuse(numbers) & numbers.notna()).to_numpy(dtype=bool)
    if not bad.any():
        return
    values = tuple(sentence("{value:g}", value=value) for value in numbers[bad][:_VALUES_SHOWN])
    chosen = [row for row, is_bad in zip(rows, bad, strict=True) if is_bad]
    full = sentence("{what}: {cells}", what=what, cells=values)
    raise InvalidValueError(full, where=where, rows=chosen, hint=hint)
