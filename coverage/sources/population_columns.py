"""Which column of a population grid says what.

Headers are compared by their letters and digits alone, in lower case. Three
shapes are read: an id and persons (GEOSTAT, the Eurostat census grid, Det
Danske Kvadratnet), one row a statistic (version 2 of the census grid), and any
grid in EPSG:3035 or EPSG:25832 that gives east, north and cell size.
"""

import re
from dataclasses import dataclass
from typing import Literal

from coverage.errors import MissingColumnError
from coverage.sentences import Notes, phrase, sentence
from coverage.sources.spelling import compact_key

Anchor = Literal["corner", "centre", "by_value"]

_IDS = (
    "grdid",
    "gridid",
    "spatial",
    "cellid",
    "cellcode",
    "celleid",
    "kn1kmdk",
    "kn100mdk",
    "kn250mdk",
    "kn10kmdk",
    "ddkn1km",
    "ddkn100m",
    "kvadratnet",
    "kvadratnetid",
    "kvadrat",
    "grid",
    "celle",
)
_PERSONS = (
    "t",
    "totp",
    "obsvaluet",
    "population",
    "pop",
    "persons",
    "personer",
    "antalpersoner",
    "befolkning",
    "folketal",
    "indbyggere",
    "antalindbyggere",
)
_COUNTRIES = ("cntrid", "cntrcode", "country", "cntr", "countrycode", "landekode")
_SIZES = ("sizem", "cellsizem", "size", "cellsize", "resolutionm", "resolution", "cellestoerrelse")
_EPSG = ("epsg", "gridepsg", "srid")
# South-west corner, centre, or to be told from the values.
_AXES: tuple[tuple[Anchor, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "corner",
        ("west", "westm", "xsw", "swx", "xllc", "xmin"),
        ("south", "southm", "ysw", "swy", "yllc", "ymin"),
    ),
    (
        "centre",
        ("xcentre", "xcenter", "centrex", "centerx", "xcentroid"),
        ("ycentre", "ycenter", "centrey", "centery", "ycentroid"),
    ),
    (
        "by_value",
        ("east", "eastm", "easting", "oest", "x", "xm", "e"),
        ("north", "northm", "northing", "nord", "y", "ym", "n"),
    ),
)
_DEGREES = {"lat", "latitude", "lon", "lng", "longitude", "breddegrad", "laengdegrad"}
_YEAR = re.compile(r"(.*?)((?:19|20)\d\d)?")

_EXPECTED = sentence(
    "Expected a cell id (GRD_ID, grid_id) or east, north and cell_size, and persons "
    "(T, TOT_P, population)."
)


@dataclass(frozen=True)
class GridColumns:
    """Positions in the header; None where a column is not there.

    Attributes
    ----------
    persons
        Persons per cell (or per cell and statistic).
    cell_id
        The id that tells the square.
    country
        Country codes, joined by ``-`` in border cells.
    statistic
        Which statistic a row gives, in the long shape.
    east, north, size
        The square in numbers, for a grid without ids.
    epsg
        The coordinate system of these numbers.
    anchor
        What east and north speak of: south-west corner or centre.
    notes
        What was chosen among several columns.
    """

    persons: int
    cell_id: int | None = None
    country: int | None = None
    statistic: int | None = None
    east: int | None = None
    north: int | None = None
    size: int | None = None
    epsg: int | None = None
    anchor: Anchor = "by_value"
    notes: Notes = ()

    @property
    def positions(self) -> list[int]:
        """The positions of all columns that are there, in order."""
        each = (self.persons, self.cell_id, self.country, self.statistic)
        square = (self.east, self.north, self.size, self.epsg)
        return sorted({position for position in (*each, *square) if position is not None})


def is_grid_header(header: tuple[str, ...]) -> bool:
    """Return whether a header has all that a population grid needs."""
    try:
        find_columns(header, where="")
    except MissingColumnError:
        return False
    return True


def find_columns(header: tuple[str, ...], *, where: str) -> GridColumns:
    """Return which column says what.

    Raises
    ------
    MissingColumnError
        With the headers found.
    """
    keys = [compact_key(name) for name in header]
    statistic = _first(keys, ("stat",)) if "obsvalue" in keys else None
    country = _first(keys, _COUNTRIES)
    persons, notes = _persons(keys, header)
    if statistic is not None:
        persons = keys.index("obsvalue")
    if persons is None:
        raise _missing(sentence("a column with persons"), keys, header, where)
    cell_id = _first(keys, _IDS)
    if cell_id is not None:
        return GridColumns(persons, cell_id, country, statistic, notes=notes)
    size = _first(keys, _SIZES)
    for anchor, east_names, north_names in _AXES:
        east, north = _first(keys, east_names), _first(keys, north_names)
        if east is None or north is None:
            continue
        if size is None:
            what = sentence("the size of its cells (a column cell_size, metres)")
            raise _missing(what, keys, header, where)
        epsg = _first(keys, _EPSG)
        return GridColumns(
            persons, None, country, statistic, east, north, size, epsg, anchor, notes
        )
    raise _missing(sentence("a column with cell ids"), keys, header, where)


def _first(keys: list[str], names: tuple[str, ...]) -> int | None:
    return next((keys.index(name) for name in names if name in keys), None)


def _persons(keys: list[str], header: tuple[str, ...]) -> tuple[int | None, Notes]:
    """Return the column of persons, of the latest year where names carry one."""
    found = []
    for position, key in enumerate(keys):
        match = _YEAR.fullmatch(key)
        if match is not None and match.group(1) in _PERSONS:
            year = int(match.group(2) or 0)
            found.append((-year, _PERSONS.index(match.group(1)), position))
    if not found:
        return None, ()
    found.sort()
    chosen = found[0][2]
    if len(found) == 1:
        return chosen, ()
    note = sentence(
        "Persons are read from column '{column}', not from {others}",
        column=header[chosen],
        others=tuple(f"'{header[position]}'" for *_, position in found[1:]),
    )
    return chosen, (note,)


def _missing(what: str, keys: list[str], header: tuple[str, ...], where: str) -> MissingColumnError:
    hint = _EXPECTED
    if _DEGREES & set(keys):
        hint = sentence("Degrees do not tell the square of a cell. {expected}", expected=hint)
    elif len(header) == 1:
        hint = sentence(
            "Columns must be separated by comma, semicolon or tab. {expected}", expected=hint
        )
    return MissingColumnError(
        sentence("The population file lacks {what}", what=what),
        where=where,
        hint=sentence(
            "Headers found: {headers}. {advice}", headers=", ".join(header), advice=phrase(hint)
        ),
    )
