"""Place practices by their addresses, offline, from the address points of the road file.

The ladder of data-sources 6.4, best first: the address itself; the number with
another letter or none; the nearest number on the same side of the street; the
street, at a real address near its middle. Below that a practice is not placed:
it is listed. Nothing ambiguous is guessed: a street of several postcodes
without a postcode, two streets in one line, or one address at two places are
not found, and the candidates are named.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.sources.address_text import (
    AddressReading,
    exact_street_key,
    has_house_number,
    is_inside_house,
    loose_street_keys,
    read_address_line,
    split_house_number,
    split_postal_end,
)
from coverage.sources.spelling import compact_key
from coverage.units import ground_distance_m

# Beyond ten houses on one side a number says no more than the street.
NEARBY_NUMBERS = 20
# One address twice within this distance is one place (two entrances); beyond it, two streets.
SAME_PLACE_M = 500.0
CANDIDATES_SHOWN = 5

_NO_NUMBER = -1
_NUMBER_SPAN = 1024
_TOWN_WORDS = 3


@dataclass(frozen=True)
class AddressMatch:
    """Where an address lies.

    Attributes
    ----------
    level
        One of ``tables.MATCH_LEVELS``.
    x_m, y_m
        EPSG:25832; NaN if ``not_found``.
    found
        The address that was found (``Storegade 42, 3700 Rønne``); if not found
        the candidates (``Storegade: 3700 Rønne, 3740 Svaneke``) or ``""``.
    """

    level: str
    x_m: float
    y_m: float
    found: str


@dataclass(frozen=True)
class _Place:
    """A street, by its exact key, in a postcode."""

    key: str
    postcode: str


class AddressBook:
    """Address points by street and postcode.

    Parameters
    ----------
    addresses
        Contract ``tables.ADDRESSES``, shape (addresses, 6); may be empty.
    """

    def __init__(self, addresses: pd.DataFrame) -> None:
        street_codes, streets = pd.factorize(addresses["street"])
        postcode_codes, postcodes = pd.factorize(addresses["postcode"])
        town_codes, towns = pd.factorize(addresses["town"])
        number_codes, house_numbers = pd.factorize(addresses["house_number"])
        numbers, letters = _split_numbers(house_numbers)
        # Two spellings of one street in the file are one street.
        keys, key_of_street = np.unique(
            np.array([exact_street_key(street) for street in streets], dtype=object),
            return_inverse=True,
        )
        key_codes = key_of_street[street_codes] if len(streets) else street_codes
        group = key_codes.astype(np.int64) * max(len(postcodes), 1) + postcode_codes
        # One key sorts 2.5 million addresses in half the time of two; numbers have three digits.
        order = np.argsort(group * _NUMBER_SPAN + numbers[number_codes], kind="stable")
        self._streets = streets.to_numpy(dtype=object)
        self._postcodes = postcodes.to_numpy(dtype=object)
        self._towns = towns.to_numpy(dtype=object)
        self._house_numbers = house_numbers.to_numpy(dtype=object)
        self._letters = letters
        self._street_codes = street_codes[order]
        self._town_codes = town_codes[order]
        self._postcode_codes = postcode_codes[order]
        self._number_codes = number_codes[order]
        self._numbers = numbers[self._number_codes]
        self._x_m = addresses["x_m"].to_numpy(dtype=np.float64)[order]
        self._y_m = addresses["y_m"].to_numpy(dtype=np.float64)[order]
        self._index_groups(group[order], keys)
        self._keys_by_loose_key = _index_loose(streets, key_of_street, keys)
        self._town_keys = frozenset(compact_key(town) for town in towns)

    def _index_groups(self, group: npt.NDArray[np.int64], keys: npt.NDArray[np.object_]) -> None:
        postcodes = self._postcodes
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        ends = np.append(starts, len(group))[1:]
        self._slices: dict[_Place, slice] = {}
        self._postcodes_by_key: dict[str, list[str]] = {}
        for number, start, end in zip(group[starts], starts, ends, strict=True):
            key, postcode = keys[number // len(postcodes)], postcodes[number % len(postcodes)]
            self._slices[_Place(key, postcode)] = slice(int(start), int(end))
            self._postcodes_by_key.setdefault(key, []).append(postcode)

    def __len__(self) -> int:
        return len(self._x_m)

    def match(
        self, address: str, postcode: str | None = None, town: str | None = None
    ) -> AddressMatch:
        """Return where an address line lies.

        Parameters
        ----------
        address
            Street and number; floor, door, ``c/o`` and the name of a house are passed over.
        postcode
            Four digits. If None the line's own counts, then the town; a postcode
            counts before a town.
        town
            As the address file writes it.
        """
        line, own_postcode, own_town = split_postal_end(address)
        postcode, town = postcode or own_postcode, town or own_town
        hits: dict[_Place, AddressReading] = {}
        unclear: list[_Place] = []
        elsewhere: list[_Place] = []
        for part in read_address_line(line):
            for reading in part:
                places = self._places(reading.street, postcode, town)
                if len(places) == 1:
                    hits.setdefault(places[0], reading)
                elif places:
                    unclear += places
                else:
                    elsewhere += self._similar_places(reading.street)
                    continue
                break
        if len(hits) == 1 and not unclear:
            return self._match_number(*next(iter(hits.items())))
        return self._not_found([*hits, *unclear] or elsewhere)

    def match_text(self, text: str) -> AddressMatch:
        """Return where one typed line lies: ``Storegade 44, 3700 Rønne``, ``Storegade 44 Rønne``.

        A street of several postcodes is not found unless postcode or town is given.
        """
        if split_postal_end(text)[1] is not None:
            return self.match(text)
        words = text.split()
        for count in range(min(_TOWN_WORDS, len(words) - 1), 0, -1):
            town = " ".join(words[-count:])
            if compact_key(town) in self._town_keys:
                return self.match(" ".join(words[:-count]).rstrip(" ,"), None, town)
        line, _, end = text.rpartition(",")
        if has_house_number(line) and not has_house_number(end) and not is_inside_house(end):
            # A town that the file does not have: its street of the same name is another one.
            return self.match(line, None, end)
        return self.match(text)

    def _places(self, street: str, postcode: str | None, town: str | None) -> list[_Place]:
        """Return the places of a street that are allowed: of its own name, else of a short form."""
        own = self._places_of_keys({exact_street_key(street)})
        allowed = [place for place in own if self._is_allowed(place, postcode, town)]
        if allowed:
            return allowed
        similar = self._similar_places(street)
        return [place for place in similar if self._is_allowed(place, postcode, town)]

    def _similar_places(self, street: str) -> list[_Place]:
        keys: set[str] = set()
        for loose_key in loose_street_keys(street):
            keys |= self._keys_by_loose_key.get(loose_key, set())
        return self._places_of_keys(keys)

    def _places_of_keys(self, keys: set[str]) -> list[_Place]:
        return [
            _Place(key, postcode)
            for key in sorted(keys)
            for postcode in self._postcodes_by_key.get(key, ())
        ]

    def _is_allowed(self, place: _Place, postcode: str | None, town: str | None) -> bool:
        if postcode is not None:
            return place.postcode == postcode
        if town is None:
            return True
        return compact_key(town) in {compact_key(name) for name in self._towns_of(place)}

    def _towns_of(self, place: _Place) -> list[str]:
        codes = pd.unique(self._town_codes[self._slices[place]])
        return [str(self._towns[code]) for code in codes]

    def _not_found(self, places: Iterable[_Place]) -> AddressMatch:
        by_street: dict[str, list[str]] = {}
        for place in sorted(set(places), key=lambda place: (place.key, place.postcode)):
            street = str(self._streets[self._street_codes[self._slices[place].start]])
            postal = f"{place.postcode} {self._towns_of(place)[0]}"
            by_street.setdefault(street, []).append(postal)
        texts = [
            f"{street}: {', '.join(postal[:CANDIDATES_SHOWN])}"
            + (" …" if len(postal) > CANDIDATES_SHOWN else "")
            for street, postal in by_street.items()
        ]
        return AddressMatch("not_found", np.nan, np.nan, "; ".join(texts[:CANDIDATES_SHOWN]))

    def _match_number(self, place: _Place, reading: AddressReading) -> AddressMatch:
        if reading.number is None:
            return self._street_match(place)
        here = self._rows_with(place, reading.number)
        if len(here):
            letters = self._letters[self._number_codes[here]]
            exact = here[letters == reading.letter]
            if len(exact):
                level = "address" if reading.other_number is None else "house_number"
                return self._at(level, exact)
            plain = here[letters == ""]
            return self._at("house_number", plain if len(plain) else here[:1])
        if reading.other_number is not None:
            there = self._rows_with(place, reading.other_number)
            if len(there):
                return self._at("house_number", there[:1])
        near = self._nearest_on_side(place, reading.number)
        return self._street_match(place) if near is None else self._at("nearby_number", near)

    def _rows_with(self, place: _Place, number: int) -> npt.NDArray[np.int64]:
        """Return rows of a house number, those without a letter and with A first."""
        span = self._slices[place]
        low, high = np.searchsorted(self._numbers[span], [number, number + 1]) + span.start
        rows = np.arange(low, high)
        return rows[np.argsort(self._letters[self._number_codes[rows]], kind="stable")]

    def _nearest_on_side(self, place: _Place, number: int) -> npt.NDArray[np.int64] | None:
        numbers = self._numbers[self._slices[place]]
        same_side = numbers[(numbers != _NO_NUMBER) & (numbers % 2 == number % 2)]
        if not len(same_side):
            return None
        nearest = int(same_side[np.argmin(np.abs(same_side - number))])
        if abs(nearest - number) > NEARBY_NUMBERS:
            return None
        return self._rows_with(place, nearest)[:1]

    def _at(self, level: str, rows: npt.NDArray[np.int64]) -> AddressMatch:
        first = int(rows[0])
        name = self._name(first)
        if len(rows) > 1 and self._spread_m(rows) > SAME_PLACE_M:
            return AddressMatch("not_found", np.nan, np.nan, f"{name} ({len(rows)}x)")
        return AddressMatch(level, float(self._x_m[first]), float(self._y_m[first]), name)

    def _name(self, row: int) -> str:
        street = self._streets[self._street_codes[row]]
        number = self._house_numbers[self._number_codes[row]]
        return f"{street} {number}, {self._postal_name(row)}"

    def _postal_name(self, row: int) -> str:
        return f"{self._postcodes[self._postcode_codes[row]]} {self._towns[self._town_codes[row]]}"

    def _spread_m(self, rows: npt.NDArray[np.int64]) -> float:
        x_m, y_m = self._x_m[rows], self._y_m[rows]
        return float(ground_distance_m(x_m[0], y_m[0], x_m, y_m).max())

    def _street_match(self, place: _Place) -> AddressMatch:
        span = self._slices[place]
        x_m, y_m = self._x_m[span], self._y_m[span]
        middle = int(np.argmin(np.hypot(x_m - x_m.mean(), y_m - y_m.mean()))) + span.start
        street = self._streets[self._street_codes[middle]]
        found = f"{street}, {self._postal_name(middle)}"
        return AddressMatch("street", float(self._x_m[middle]), float(self._y_m[middle]), found)


def _split_numbers(
    house_numbers: Iterable[str],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """Return numbers and letters of distinct house numbers; -1 for one that is no number."""
    parts = [split_house_number(text) or (_NO_NUMBER, "") for text in house_numbers]
    numbers = np.array([number for number, _ in parts], dtype=np.int64)
    return numbers, np.array([letter for _, letter in parts], dtype=object)


def _index_loose(
    streets: Iterable[str],
    key_of_street: npt.NDArray[np.intp],
    keys: npt.NDArray[np.object_],
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for street, key in zip(streets, key_of_street, strict=True):
        for loose_key in loose_street_keys(street):
            found.setdefault(loose_key, set()).add(keys[key])
    return found


def match_practices(practices: pd.DataFrame, book: AddressBook) -> pd.DataFrame:
    """Return how each practice without coordinates is placed.

    Parameters
    ----------
    practices
        Contract ``tables.PRACTICES``.
    book
        The addresses of the road file.

    Returns
    -------
    DataFrame
        One row a practice without coordinates, with the index of ``practices``:
        match_level, x_m, y_m (EPSG:25832, NaN if not found), found (text).
    """
    unplaced = practices[practices["x_m"].isna()]
    matches = [
        _match_row(address, postcode, town, book)
        for address, postcode, town in zip(
            unplaced["address"], unplaced["postcode"], unplaced["town"], strict=True
        )
    ]
    return pd.DataFrame(
        {
            "match_level": pd.Series([match.level for match in matches], dtype="str"),
            "x_m": pd.Series([match.x_m for match in matches], dtype="float64"),
            "y_m": pd.Series([match.y_m for match in matches], dtype="float64"),
            "found": pd.Series([match.found for match in matches], dtype="str"),
        }
    ).set_axis(unplaced.index)


def _match_row(address: object, postcode: object, town: object, book: AddressBook) -> AddressMatch:
    if not isinstance(address, str):
        return AddressMatch("not_found", np.nan, np.nan, "")
    return book.match(
        address,
        postcode if isinstance(postcode, str) else None,
        town if isinstance(town, str) else None,
    )


def geocode_practices(practices: pd.DataFrame, book: AddressBook) -> pd.DataFrame:
    """Return the practices with x_m, y_m and match_level filled from their addresses.

    Rows that have coordinates keep them; what cannot be placed stays
    ``not_found`` with NaN (``match_practices`` tells the candidates).
    """
    matches = match_practices(practices, book)
    placed = practices.copy()
    for column in ("match_level", "x_m", "y_m"):
        placed.loc[matches.index, column] = matches[column]
    return placed
