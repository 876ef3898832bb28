"""Danish addresses as people write them: streets, numbers, floors, abbreviations.

``Sct. Mortens Gade 12 A, 2. sal``, ``Sankt Mortensgade 12a`` and
``c/o Lægehuset, Skt. Mortens Gade 12A-C`` are one place (data-sources 6.4). This
module turns text into readings; whether a reading exists is for the address
book to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from coverage.sources.spelling import compact_key, word_key

# Words that name the same thing in street names -> one of them. Two streets that
# become one by this in one postcode are told apart by the book, or not matched.
_SAME_WORD = {
    "gammel": "gl",
    "gamle": "gl",
    "noerre": "nr",
    "nordre": "ndr",
    "soender": "sdr",
    "soendre": "sdr",
    "s": "sdr",
    "vestre": "v",
    "vester": "v",
    "oestre": "oe",
    "oester": "oe",
    "sankt": "sct",
    "skt": "sct",
    "lille": "ll",
    "l": "ll",
    "doktor": "dr",
    "plads": "pl",
    "boulevard": "blvd",
    "boul": "blvd",
    "kongens": "kgs",
    "borgmester": "borgm",
    "professor": "prof",
}
# "St. Torvegade" is Store Torvegade, "St. Mortens Gade" Sankt Mortens Gade: both are tried.
_TWO_WORDS = {"st": ("store", "sct"), "n": ("nr", "ndr")}
_SHORT_ENDS = (
    (re.compile(r"(?<=\w{3})v\.(?=\s|$)"), "vej"),
    (re.compile(r"(?<=\w{3})g\.(?=\s|$)"), "gade"),
    (re.compile(r"\ball\.(?=\s|$)"), "alle"),
    (re.compile(r"\bpl\.(?=\s|$)"), "plads"),
)
_NUMBER = re.compile(
    r"(?<![\d.])(?P<number>\d{1,3})(?:\s?(?P<letter>[A-ZÆØÅ]))?(?!\w)"
    r"(?:\s?(?:[-–/+&]|og)\s?(?P<other>\d{1,3})(?!\w))?",
    re.IGNORECASE,
)
_POSTAL_END = re.compile(
    r"(?P<line>.*?)[\s,]+(?:DK[- ]?)?(?P<postcode>\d{4})(?:[\s,]+(?P<town>\D+))?",
    re.DOTALL | re.IGNORECASE,
)
_CARE_OF = re.compile(r"\bc\s?/\s?o\b[\s.:]*", re.IGNORECASE)
_NUMBER_WORD = re.compile(r"\b(?:nr|nummer|no)\b\.?\s*$", re.IGNORECASE)
# Parts of an address line that say where in the house, not where the house is.
_INSIDE = re.compile(
    r"(?:\d{1,2}\s?\.?\s?)?(?:sal|etage|stuen|stue|st|kl|kld|kælder)\.?"
    r"(?:\s?(?:tv|th|mf|dør)\.?(?:\s?\w{1,4})?)?"
    r"|(?:\d{1,2}\s?\.?\s?)?(?:tv|th|mf)\.?"
    r"|(?:dør|bygning|bygn|opgang|indgang|lokale|port|blok|postboks|boks)\.?\s?\w{0,5}"
    r"|\d{1,2}\.?",
    re.IGNORECASE,
)
# "Storegade, 12": the comma before a number that stands alone does not part it from its street.
_PARTED_NUMBER = re.compile(r"(?<=[^\W\d]),\s*(?=\d{1,3}\s?[A-ZÆØÅ]?\s*(?:,|$))", re.IGNORECASE)


@dataclass(frozen=True)
class AddressReading:
    """One way to read an address line.

    Attributes
    ----------
    street
        As written.
    number, letter
        House number and capital letter; None and ``""`` where there is none.
    other_number
        The last number of a range such as ``12-14``.
    """

    street: str
    number: int | None = None
    letter: str = ""
    other_number: int | None = None


def exact_street_key(street: str) -> str:
    """Return the key that spellings of one street name share, abbreviations apart."""
    return word_key(street)


def loose_street_keys(street: str) -> frozenset[str]:
    """Return keys that a street name shares with its abbreviated and joined-up forms."""
    text = street
    for pattern, word in _SHORT_ENDS if "." in street else ():
        text = pattern.sub(word, text)
    words = word_key(text).split()
    choices = [_TWO_WORDS.get(word, (_SAME_WORD.get(word, word),)) for word in words]
    return frozenset("".join(choice) for choice in product(*choices))


def split_postal_end(text: str) -> tuple[str, str | None, str | None]:
    """Return line, postcode and town of ``Storegade 44, 3700 Rønne``; None where not there."""
    match = _POSTAL_END.fullmatch(text.strip())
    if match is None:
        return text, None, None
    town = (match["town"] or "").strip(" ,")
    return match["line"], match["postcode"], town or None


def has_house_number(text: str) -> bool:
    """Return whether a text holds something that may be a house number."""
    return _NUMBER.search(text) is not None


def is_inside_house(text: str) -> bool:
    """Return whether a part of an address line is a floor, a door or nothing."""
    return not text.strip() or _INSIDE.fullmatch(text.strip()) is not None


def split_house_number(text: str) -> tuple[int, str] | None:
    """Return number and letter of a house number of an address file, or None."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None or match["other"]:
        return None
    return int(match["number"]), (match["letter"] or "").upper()


def read_address_line(line: str) -> tuple[tuple[AddressReading, ...], ...]:
    """Return the readings of each part of an address line that may be a street.

    Parts are what commas, semicolons and line breaks separate; ``2. sal`` is
    none. The readings of a part have the longest street first. If any part has
    a number, parts without one are names of houses and are left out.
    """
    whole = _PARTED_NUMBER.sub(" ", line)
    parts = [part.strip() for part in re.split(r"[,;\n\r]+", whole)]
    streets = [part for part in parts if part and not _INSIDE.fullmatch(part)]
    readings = [tuple(_readings_of(part)) for part in streets]
    numbered = [part for part in readings if any(reading.number is not None for reading in part)]
    return tuple(numbered or readings)


def _readings_of(part: str) -> Iterator[AddressReading]:
    care_of = _CARE_OF.match(part)
    text = part[care_of.end() :] if care_of else part
    if not compact_key(text):
        return
    yield AddressReading(text)
    for match in reversed(list(_NUMBER.finditer(text))):
        street = _NUMBER_WORD.sub("", text[: match.start()]).strip(" ,-")
        if not any(letter.isalpha() for letter in street):
            continue
        other = int(match["other"]) if match["other"] else None
        letter = (match["letter"] or "").upper()
        # "c/o Lægehuset Storegade 3": how many words name the house is not known.
        starts = street.split() if care_of else [street]
        for skipped in range(len(starts)):
            name = " ".join(starts[skipped:])
            yield AddressReading(name, int(match["number"]), letter, other)
