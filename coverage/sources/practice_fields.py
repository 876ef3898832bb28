"""The cells of a practice register that have a form of their own.

Each function takes the sheet and returns one column with notes on what was
mended; what cannot be read in one way only is refused with its rows.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd

from coverage.errors import (
    InvalidValueError,
    LaegedaekningError,
    UnknownKommuneError,
    describe_rows,
)
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.practice_intake import find_dates
from coverage.sources.sheets import Sheet
from coverage.sources.spelling import compact_key

Notes = tuple[str, ...]

_VALUES_SHOWN = 3
_YDERNUMMER_DIGITS = 6
# Two zeros may be lost; a shorter number is a line number or a slip.
_YDERNUMMER_MIN_DIGITS = 4
_POSTCODE_DIGITS = 4
_EXCEL_END = re.compile(r"[.,]0+$")
_GROUPS = re.compile(r"\d{1,3}([. \u00a0]\d{3})+")
_POSTCODE_TOWN = re.compile(r"(?:DK[- ]?)?(\d{4})\s+(\D.*)", re.DOTALL | re.IGNORECASE)
_DATE_OF_BIRTH = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](\d{2,4})|(\d{4})-\d{1,2}-\d{1,2}(?: 00:00:00)?)(?!\d)"
)
_YEAR_SEPARATORS = re.compile(r"[\s,;/&+|]+|\bog\b")
_FIRST_YEAR, _LAST_YEAR = 1900, 2010

# Common words -> tables.CLINIC_FORMS.
_CLINIC_FORMS = {
    "solo": "solo",
    "solopraksis": "solo",
    "enkeltmandspraksis": "solo",
    "enkeltmandsklinik": "solo",
    "kompagniskab": "kompagniskab",
    "kompagniskabspraksis": "kompagniskab",
    "samarbejdspraksis": "samarbejdspraksis",
    "samarbejde": "samarbejdspraksis",
    "netvaerkspraksis": "netvaerkspraksis",
    "netvaerk": "netvaerkspraksis",
    "delepraksis": "delepraksis",
    "delt": "delepraksis",
    "udbudsklinik": "udbudsklinik",
    "udbud": "udbudsklinik",
    "regionsklinik": "regionsklinik",
    "region": "regionsklinik",
    "licensklinik": "licensklinik",
    "licens": "licensklinik",
    "partnerskabsklinik": "partnerskabsklinik",
    "partnerskab": "partnerskabsklinik",
}


def text_column(sheet: Sheet, name: str) -> pd.Series:
    """Return a column of the sheet, or one of missing text where the sheet lacks it."""
    if name in sheet.table:
        return sheet.table[name]
    return pd.Series([None] * len(sheet.table), dtype="str")


def read_ydernumre(sheet: Sheet) -> tuple[pd.Series, Notes]:
    """Return ydernumre as six digits; leading zeros that Excel took are restored and counted.

    Raises
    ------
    InvalidValueError
        A blank, or something that is no ydernummer.
    """
    cells = sheet.table["ydernummer"]
    blank = [int(row) for row in sheet.source_rows[cells.isna()]]
    if blank:
        raise InvalidValueError(
            "Rows have no ydernummer",
            where=sheet.where_column("ydernummer"),
            rows=blank,
            hint="Fill it in on every row. Merged cells hold it in their first row only:"
            " unmerge them and fill down.",
        )
    digits = cells.map(_digits)
    bad = ~digits.str.fullmatch(rf"\d{{{_YDERNUMMER_MIN_DIGITS},{_YDERNUMMER_DIGITS}}}")
    bad |= digits.str.fullmatch("0+")
    _refuse(sheet, "ydernummer", bad, "No ydernummer", "A ydernummer has six digits (010117).")
    short = int((digits.str.len() < _YDERNUMMER_DIGITS).sum())
    note = f"{sheet.where_column('ydernummer')}: leading zeros restored in {short} rows"
    return digits.str.zfill(_YDERNUMMER_DIGITS), (note,) if short else ()


def _digits(text: str) -> str:
    """Return ``12345`` for ``12345.0`` and ``12.345``; other texts as they are."""
    if _GROUPS.fullmatch(text):
        return re.sub(r"\D", "", text)
    return _EXCEL_END.sub("", text)


def _refuse(
    sheet: Sheet,
    name: str,
    bad: pd.Series,
    what: str,
    hint: str,
    error: type[LaegedaekningError] = InvalidValueError,
) -> None:
    if not bad.any():
        return
    values = ", ".join(repr(text) for text in sheet.table.loc[bad, name][:_VALUES_SHOWN])
    rows = [int(row) for row in sheet.source_rows[bad.to_numpy(dtype=bool)]]
    raise error(f"{what}: {values}", where=sheet.where_column(name), rows=rows, hint=hint)


def read_postal_towns(sheet: Sheet) -> tuple[pd.DataFrame, Notes]:
    """Return postcode (four digits) and town; ``3700 Rønne`` in one cell is taken apart.

    Raises
    ------
    InvalidValueError
        Something that is no Danish postcode.
    """
    name = "postcode" if "postcode" in sheet.table else "postcode_town"
    cells = text_column(sheet, name)
    parts = cells.str.extract(_POSTCODE_TOWN)
    codes = parts[0].fillna(cells.str.removeprefix("DK-").map(_digits, na_action="ignore"))
    bad = cells.notna() & ~codes.str.fullmatch(r"\d{3,4}").fillna(value=False).astype(bool)
    _refuse(sheet, name, bad, "No Danish postcode", "A postcode has four digits (3700).")
    restored = int((codes.str.len() < _POSTCODE_DIGITS).sum())
    table = pd.DataFrame(
        {
            "postcode": codes.str.zfill(_POSTCODE_DIGITS),
            "town": text_column(sheet, "town").fillna(parts[1]),
        }
    ).astype("str")
    if not restored:
        return table, ()
    return table, (f"{sheet.where_column(name)}: leading zeros restored in {restored} rows",)


def read_addresses(sheet: Sheet) -> pd.Series:
    """Return the address lines; a street and a house number of their own are joined."""
    if "address" in sheet.table:
        return sheet.table["address"]
    street = text_column(sheet, "street")
    number = text_column(sheet, "house_number").map(_digits, na_action="ignore")
    return (street + " " + number).fillna(street)


def read_kommuner(sheet: Sheet) -> pd.Series:
    """Return four-digit kommune codes; blank stays missing.

    Raises
    ------
    UnknownKommuneError
    """
    cells = text_column(sheet, "kommune")
    codes = cells.map(normalise_kommune_code, na_action="ignore").astype("str")
    _refuse(
        sheet,
        "kommune",
        cells.notna() & codes.isna(),
        "Not a kommune of Denmark",
        "Write the code (0461) or the name (Odense) of a kommune of today.",
        UnknownKommuneError,
    )
    return codes


def read_clinic_forms(sheet: Sheet) -> tuple[pd.Series, Notes]:
    """Return clinic forms of ``tables.CLINIC_FORMS``; blank is missing, other words unknown."""
    cells = text_column(sheet, "clinic_form")

    def form_of(text: str) -> str:
        return _CLINIC_FORMS.get(compact_key(text), "unknown")

    forms = cells.map(form_of, na_action="ignore").astype("str")
    unknown = sorted(cells[forms == "unknown"].unique())
    if not unknown:
        return forms, ()
    rows = [int(row) for row in sheet.source_rows[(forms == "unknown").to_numpy(dtype=bool)]]
    words = ", ".join(repr(word) for word in unknown[:_VALUES_SHOWN])
    return forms, (f"clinic form not known, kept as unknown: {describe_rows(rows)} ({words})",)


def read_birth_years(sheet: Sheet) -> tuple[list[tuple[int, ...]], Notes]:
    """Return the doctors' years of birth for each row; of a full date only the year is kept.

    Raises
    ------
    InvalidValueError
        Two-digit years, and anything that is not a list of years.
    """
    cells = text_column(sheet, "birth_years").fillna("")
    tokens = [_year_tokens(text) for text in cells]
    _refuse_years(
        sheet,
        tokens,
        lambda token: re.fullmatch(r"\d{2}", token) is not None,
        "Years of birth have two digits",
        "Write them with four (1959, not 59).",
    )
    _refuse_years(
        sheet,
        tokens,
        lambda token: (
            not re.fullmatch(r"\d{4}", token) or not _FIRST_YEAR <= int(token) <= _LAST_YEAR
        ),
        "Years of birth cannot be read",
        f"Write years from {_FIRST_YEAR} to {_LAST_YEAR} with commas between (1959, 1964)."
        " If Excel made a decimal number of them, format the column as text first.",
    )
    dated = sum(_DATE_OF_BIRTH.search(text) is not None for text in cells)
    notes = (f"only the year was kept of the dates of birth in {dated} rows",) if dated else ()
    return [tuple(map(int, row)) for row in tokens], notes


def _year_tokens(text: str) -> list[str]:
    years = _DATE_OF_BIRTH.sub(lambda match: f" {match.group(1) or match.group(2)} ", text)
    tokens = [token for token in _YEAR_SEPARATORS.split(years) if token not in ("", "-", "–")]
    return [_EXCEL_END.sub("", token) for token in tokens]


def _refuse_years(
    sheet: Sheet,
    tokens: Sequence[Sequence[str]],
    is_bad: Callable[[str], bool],
    what: str,
    hint: str,
) -> None:
    # Rows only: beside a year a cell may hold a name, which a message should not repeat.
    rows = [
        int(sheet.source_rows[row])
        for row, years in enumerate(tokens)
        if any(is_bad(token) for token in years)
    ]
    if rows:
        where = sheet.where_column("birth_years")
        raise InvalidValueError(what, where=where, rows=rows, hint=hint)


def find_ceased(sheet: Sheet, as_of: date | None) -> tuple[dict[int, str], Notes]:
    """Return position -> reason for rows of practices that have ended, by date or status.

    Raises
    ------
    InvalidValueError
        An end that is neither a date nor yes or no.
    """
    reasons: dict[int, str] = {}
    open_ended: list[int] = []
    unread: list[int] = []
    for row, text in enumerate(text_column(sheet, "end_date")):
        if pd.isna(text) or compact_key(text) in ("", "n", "nej", "false", "falsk", "0"):
            continue
        dates, rest = find_dates(text)
        if compact_key(text) in ("j", "ja", "true", "sand", "1", "x", "ophoert", "nedlagt"):
            reasons[row] = "practice has ceased"
        elif len(dates) != 1 or rest.strip():
            unread.append(int(sheet.source_rows[row]))
        elif as_of is None:
            open_ended.append(int(sheet.source_rows[row]))
        elif dates[0] <= as_of:
            reasons[row] = f"practice has ceased by {as_of.isoformat()}"
    if unread:
        raise InvalidValueError(
            "The end of a practice is not a date",
            where=sheet.where_column("end_date"),
            rows=unread,
            hint="Write a date such as 31-12-2026, or leave it blank.",
        )
    for row, text in enumerate(text_column(sheet, "intake")):
        if pd.notna(text) and compact_key(text) in ("ophoert", "nedlagt"):
            reasons[row] = "practice has ceased"
    if not open_ended:
        return reasons, ()
    rows_text = describe_rows(open_ended)
    return reasons, (f"end dates not used, as the study has no date: {rows_text}",)
