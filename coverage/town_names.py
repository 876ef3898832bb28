"""One key for the spellings of a Danish place: a plan and a table of towns are two hands.

``Aarup`` and ``Årup``, ``Nr. Lyndelse`` and ``Nørre Lyndelse``, ``Tommerup St.``
and ``Tommerup Stationsby`` are one place each. Keys are for comparison only:
what a reader sees is always the text of the file.
"""

import re
import unicodedata
from collections.abc import Mapping

_LETTERS = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_FIRST_WORDS: Mapping[str, str] = {
    "sdr": "soender",
    "sr": "soender",
    "nr": "noerre",
    "ndr": "noerre",
    "v": "vester",
    "vr": "vester",
    "oe": "oester",
    "oer": "oester",
    "st": "store",
    "ll": "lille",
    "gl": "gammel",
    "kgs": "kongens",
}
_LAST_WORDS: Mapping[str, str] = {"st": "stationsby", "stby": "stationsby"}
_TOWN = "by"


def town_key(name: str) -> str:
    """Return the name in plain lower-case words, its usual abbreviations written out.

    A last word ``By`` is left out: Thurø By is the town on Thurø.
    """
    # NFC first: a decomposed å (a + ring), as macOS writes it, must become aa and not a.
    folded = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", folded)
        if not unicodedata.combining(letter)
    )
    words = _NOT_WORD.sub(" ", plain).split()
    if len(words) > 1:
        words[0] = _FIRST_WORDS.get(words[0], words[0])
        words[-1] = _LAST_WORDS.get(words[-1], words[-1])
        words = words[:-1] if words[-1] == _TOWN else words
    return " ".join(words)
