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
from coverage.sentences import Notes, phrase, sentence
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.practice_intake import find_dates
from coverage.sources.sheets import Sheet
from coverage.sources.spelling import compact_key

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

# A company's number with or without its prefix, and as Excel writes a number.
_CVR = re.compile(
    r"(?:DK|CVR)?[-. ]*(?:nr|nummer)?[-.: ]*((?:\d[ .]?){7}\d)(?:[.,]0+)?", re.IGNORECASE
)

_YES = {"j", "ja", "y", "yes", "true", "sand", "1", "x"}
_NO = {"n", "nej", "no", "false", "falsk", "0"}
_ACCESSIBLE = {
    *("handicapadgang", "handicapegnet", "handicapvenlig", "handicapvenligt"),
    *("handicaptilgaengelig", "koerestolsadgang", "koerestolsvenlig", "koerestolsegnet"),
    *("tilgaengelig", "tilgaengeligt", "egnet"),
}
_NOT_PREFIXES = ("ikke", "ingen", "ej")
_UNKNOWN_ACCESS = {"", "ukendt", "uoplyst", "vedikke", "ikkeoplyst", "na"}

_NO_END = {"", "n", "nej", "false", "falsk", "0"}
_ENDED = {"j", "ja", "true", "sand", "1", "x", "ophoert", "nedlagt"}

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
    "udbudspraksis": "udbudsklinik",
    "regionsklinik": "regionsklinik",
    "region": "regionsklinik",
    "licensklinik": "licensklinik",
    "licenspraksis": "licensklinik",
    "licens": "licensklinik",
    "partnerskabsklinik": "partnerskabsklinik",
    "partnerskabspraksis": "partnerskabsklinik",
    "partnerskab": "partnerskabsklinik",
}


def text_column(sheet: Sheet, name: str) -> pd.Series:
    """Return a column of the sheet, or one of missing text where the sheet lacks it."""
    if name in sheet.table:
        return sheet.table[name]
    return pd.Series([None] * len(sheet.table), dtype="str")


def _map_text(column: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Return the column with each text changed; missing stays missing, also if all is."""
    changed = [change(text) if isinstance(text, str) else None for text in column]
    return pd.Series(changed, index=column.index, dtype="str")


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
            " unmerge them and fill down. A row of sums needs the words 'I alt'.",
        )
    digits = _map_text(cells, _digits)
    bad = ~digits.str.fullmatch(rf"\d{{{_YDERNUMMER_MIN_DIGITS},{_YDERNUMMER_DIGITS}}}")
    bad |= digits.str.fullmatch("0+")
    _refuse(sheet, "ydernummer", bad, "No ydernummer", "A ydernummer has six digits (010117).")
    notes = _zeros_note(sheet, "ydernummer", digits.str.len() < _YDERNUMMER_DIGITS)
    return digits.str.zfill(_YDERNUMMER_DIGITS), notes


def _zeros_note(sheet: Sheet, name: str, restored: pd.Series) -> Notes:
    rows = [int(row) for row in sheet.source_rows[restored.to_numpy(dtype=bool)]]
    if not rows:
        return ()
    note = sentence(
        "{where}: leading zeros restored: {rows}",
        where=sheet.where_column(name),
        rows=describe_rows(rows),
    )
    return (note,)


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
    values = tuple(repr(text) for text in sheet.table.loc[bad, name][:_VALUES_SHOWN])
    rows = [int(row) for row in sheet.source_rows[bad.to_numpy(dtype=bool)]]
    raise error(
        sentence("{what}: {values}", what=phrase(what), values=values),
        where=sheet.where_column(name),
        rows=rows,
        hint=hint,
    )


def read_postal_towns(sheet: Sheet, prefix: str = "") -> tuple[pd.DataFrame, Notes]:
    """Return postcode (four digits) and town; ``3700 Rønne`` in one cell is taken apart.

    ``prefix`` goes before the names of the columns (``satellite_``).

    Raises
    ------
    InvalidValueError
        Something that is no Danish postcode.
    """
    name = prefix + ("postcode" if f"{prefix}postcode" in sheet.table else "postcode_town")
    cells = text_column(sheet, name)
    parts = cells.str.extract(_POSTCODE_TOWN)
    codes = parts[0].fillna(_map_text(cells.str.removeprefix("DK-"), _digits))
    bad = cells.notna() & ~codes.str.fullmatch(r"\d{3,4}").fillna(value=False).astype(bool)
    _refuse(sheet, name, bad, "No Danish postcode", "A postcode has four digits (3700).")
    notes = _zeros_note(sheet, name, codes.str.len() < _POSTCODE_DIGITS) if cells.any() else ()
    table = pd.DataFrame(
        {
            "postcode": codes.str.zfill(_POSTCODE_DIGITS),
            "town": text_column(sheet, f"{prefix}town").fillna(parts[1]),
        }
    ).astype("str")
    return table, notes


def read_addresses(sheet: Sheet) -> pd.Series:
    """Return the address lines; a street and a house number of their own are joined."""
    if "address" in sheet.table:
        return sheet.table["address"]
    street = text_column(sheet, "street")
    number = _map_text(text_column(sheet, "house_number"), _digits)
    return (street + " " + number).fillna(street)


def read_kommuner(sheet: Sheet) -> pd.Series:
    """Return four-digit kommune codes; blank stays missing.

    Raises
    ------
    UnknownKommuneError
    """
    cells = text_column(sheet, "kommune")
    codes = _map_text(cells, normalise_kommune_code)
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

    forms = _map_text(cells, form_of)
    unknown = sorted(cells[forms == "unknown"].unique())
    if not unknown:
        return forms, ()
    rows = [int(row) for row in sheet.source_rows[(forms == "unknown").to_numpy(dtype=bool)]]
    note = sentence(
        "clinic form not known, kept as unknown: {rows} ({words})",
        rows=describe_rows(rows),
        words=tuple(repr(word) for word in unknown[:_VALUES_SHOWN]),
    )
    return forms, (note,)


def read_accessible(sheet: Sheet) -> tuple[pd.Series, Notes]:
    """Return whether disabled patients can get in (boolean); blank and unknown are missing.

    Raises
    ------
    InvalidValueError
        Words that are neither yes nor no.
    """
    cells = text_column(sheet, "accessible")
    judged = [_judge_access(text) if isinstance(text, str) else None for text in cells]
    _refuse(
        sheet,
        "accessible",
        pd.Series([answer == "unread" for answer in judged], index=cells.index, dtype=bool),
        "Not yes or no on the access for disabled patients",
        "Write Ja or Nej; leave the cells blank if it is not known.",
    )
    unknown = [
        int(row)
        for row, answer in zip(sheet.source_rows, judged, strict=True)
        if answer == "unknown"
    ]
    values = [answer if isinstance(answer, bool) else None for answer in judged]
    notes: Notes = ()
    if unknown:
        rows = describe_rows(unknown)
        notes = (sentence("access for disabled patients said to be unknown: {rows}", rows=rows),)
    return pd.Series(pd.array(values, dtype="boolean"), index=cells.index), notes


def _judge_access(text: str) -> bool | str:
    key = compact_key(text)
    if key in _UNKNOWN_ACCESS:
        return "unknown"
    if key in _YES | _ACCESSIBLE:
        return True
    denied = any(key == word or key.removeprefix(word) in _ACCESSIBLE for word in _NOT_PREFIXES)
    return False if denied or key in _NO else "unread"


def read_owners(sheet: Sheet) -> pd.Series:
    """Return the owners' names or ids as text; a CVR number in any spelling as eight digits."""

    def bare(text: str) -> str:
        number = _CVR.fullmatch(text)
        return re.sub(r"\D", "", number[1]) if number else text

    return _map_text(text_column(sheet, "owner"), bare)


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
        sentence(
            "Write years from {first} to {last} with commas between (1959, 1964)."
            " If Excel made a decimal number of them, format the column as text first.",
            first=_FIRST_YEAR,
            last=_LAST_YEAR,
        ),
    )
    dated = [
        int(row)
        for row, text in zip(sheet.source_rows, cells, strict=True)
        if _DATE_OF_BIRTH.search(text)
    ]
    notes: Notes = ()
    if dated:
        rows = describe_rows(dated)
        notes = (sentence("of dates of birth only the year was kept: {rows}", rows=rows),)
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
    ends = [_read_end(text) for text in text_column(sheet, "end_date")]
    unread = [int(sheet.source_rows[row]) for row, end in enumerate(ends) if end == "unread"]
    if unread:
        raise InvalidValueError(
            "The end of a practice is not a date",
            where=sheet.where_column("end_date"),
            rows=unread,
            hint="Write a date such as 31-12-2026, or leave it blank.",
        )
    ended = {row for row, end in enumerate(ends) if end == "ended"}
    ended |= {row for row, text in enumerate(text_column(sheet, "intake")) if _says_ended(text)}
    reasons = dict.fromkeys(sorted(ended), "practice has ceased")
    dated = {row: end for row, end in enumerate(ends) if isinstance(end, date)}
    if as_of is not None:
        gone = [row for row, end in dated.items() if end <= as_of]
        return reasons | dict.fromkeys(gone, f"practice has ceased by {as_of.isoformat()}"), ()
    if not dated:
        return reasons, ()
    rows = describe_rows([int(sheet.source_rows[row]) for row in dated])
    return reasons, (sentence("end dates not used, as the study has no date: {rows}", rows=rows),)


def _read_end(text: object) -> date | str | None:
    """Return the day of the end, ``ended``, ``unread``, or None for a practice that goes on."""
    if not isinstance(text, str) or compact_key(text) in _NO_END:
        return None
    if compact_key(text) in _ENDED:
        return "ended"
    dates, rest = find_dates(text)
    return dates[0] if len(dates) == 1 and not rest.strip() else "unread"


def _says_ended(text: object) -> bool:
    return isinstance(text, str) and compact_key(text) in ("ophoert", "nedlagt")
