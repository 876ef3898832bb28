"""The addresses of satellites as the cells of a practice register write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from coverage.errors import InvalidValueError, describe_rows
from coverage.sentences import Notes, sentence
from coverage.sources.practice_fields import read_postal_towns
from coverage.sources.sheets import Sheet
from coverage.sources.spelling import compact_key, word_key

_NONE = {"", "n", "nej", "no", "false", "falsk", "0", "ingen"}
_YES = {"j", "ja", "y", "yes", "true", "sand", "x"}
_SECOND_LINE = "adresse2"
# Addresses are parted by a semicolon or a new line, unless a postcode follows.
_PARTING = re.compile(r"\s*[;\n]+\s*(?!(?:DK[- ]?)?\d{4}\s)", re.IGNORECASE)
_PLACE_AT_END = re.compile(
    r"(?P<address>.*?\S)[,;\s]+(?:DK[- ]?)?(?P<postcode>\d{4})\s+(?P<town>[^\d\s]\D*)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """An address of a practice, and the row of the file that names it."""

    ydernummer: str
    address: str
    postcode: str | None
    town: str | None
    source_row: int

    def is_at(self, other: "Place") -> bool:
        """Return whether both are one address of one practice, as far as it is written."""
        return (
            self.ydernummer == other.ydernummer
            and word_key(self.address) == word_key(other.address)
            and _agree(self.postcode, other.postcode)
            and _agree(self.town, other.town)
        )


def _agree(one: str | None, other: str | None) -> bool:
    return not one or not other or word_key(one) == word_key(other)


def list_places(sheet: Sheet, addresses: pd.Series, postal: pd.DataFrame) -> list[Place]:
    """Return a place for each row that has an address."""
    columns = (sheet.table["ydernummer"], addresses, postal["postcode"], postal["town"])
    return [
        Place(ydernummer, address, _or_none(postcode), _or_none(town), int(row))
        for ydernummer, address, postcode, town, row in zip(
            *columns, sheet.source_rows, strict=True
        )
        if isinstance(address, str)
    ]


def _or_none(text: object) -> str | None:
    return text if isinstance(text, str) else None


def read_satellite_columns(main: Sheet) -> tuple[list[Place], Notes]:
    """Return the satellites that stand in columns of the practices' rows, and notes.

    Raises
    ------
    InvalidValueError
        A bare yes or a number for an address, several addresses with one
        postcode between them, something that is no Danish postcode.
    """
    if "satellite_address" not in main.table:
        return [], ()
    named = _named_satellites(main)
    postal, notes = read_postal_towns(main, "satellite_")
    several = [isinstance(text, str) and len(_PARTING.split(text)) > 1 for text in named]
    shared = postal.notna().any(axis=1).tolist()
    _refuse_cells(
        main,
        [many and one for many, one in zip(several, shared, strict=True)],
        "Cells hold several satellites, which cannot share one postcode and town",
        "Write each in full in the cell (Brogade 7, 3782 Klemensker; …), or give each a row of"
        " its own with 'Satellit' in a column 'Type'.",
    )
    places = [part for place in list_places(main, named, postal) for part in _take_apart(place)]
    if compact_key(main.headers["satellite_address"]) != _SECOND_LINE:
        return places, notes
    # Adresse 2 may be a floor or a house's name: only with a town is it a place of its own.
    lines = [place.source_row for place in places if not place.postcode and not place.town]
    if lines:
        note = sentence(
            "{where}: no postcode or town, not taken for satellites: {rows}",
            where=main.where_column("satellite_address"),
            rows=describe_rows(lines),
        )
        notes += (note,)
    return [place for place in places if place.postcode or place.town], notes


def _named_satellites(main: Sheet) -> pd.Series:
    """Return the cells that name a satellite; a no is missing, a bare yes or number refused."""
    cells = main.table["satellite_address"]
    keys = [compact_key(text) if isinstance(text, str) else "" for text in cells]
    _refuse_cells(
        main,
        [key in _YES or (key.isdigit() and key not in _NONE) for key in keys],
        "Cells say that there is a satellite and not where",
        "Write its street and number, or give the satellite a row of its own with the same"
        " ydernummer and 'Satellit' in a column 'Type'.",
    )
    return cells.where(pd.Series([key not in _NONE for key in keys], index=cells.index))


def _refuse_cells(sheet: Sheet, bad: Sequence[bool], what: str, hint: str) -> None:
    rows = [int(row) for row, is_bad in zip(sheet.source_rows, bad, strict=True) if is_bad]
    if rows:
        where = sheet.where_column("satellite_address")
        raise InvalidValueError(what, where=where, rows=rows, hint=hint)


def _take_apart(place: Place) -> list[Place]:
    """Return the places of one cell; ``Brogade 7, 3782 Klemensker`` gives its postcode too."""
    places = []
    for part in _PARTING.split(place.address.strip("; \n")):
        found = _PLACE_AT_END.fullmatch(part)
        if found is None:
            places.append(replace(place, address=part))
            continue
        places.append(
            replace(
                place,
                address=found["address"].rstrip(",; \n"),
                postcode=place.postcode or found["postcode"],
                town=place.town or found["town"].strip(),
            )
        )
    return places
