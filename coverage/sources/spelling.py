"""One key for the spellings that Danish files use for one word.

``Årsdalevej``, ``Aarsdalevej`` and ``ÅRSDALEVEJ`` are one street, ``Fødselsår``
and ``foedselsaar`` one header (data-sources 5.2 and 6.4). Keys are for
comparison only: what a reader sees is always the text of the file.
"""

import re
import unicodedata

_DANISH = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ß": "ss"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold_danish(text: str) -> str:
    """Return the text in lower case with æ/ø/å as ae/oe/aa and without accents."""
    # NFC first: a decomposed å (a + ring), as macOS writes it, must become aa and not a.
    folded = unicodedata.normalize("NFC", text).casefold().translate(_DANISH)
    if folded.isascii():
        return folded
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def word_key(text: str) -> str:
    """Return the folded words of a text with one space between them, without punctuation."""
    return _NOT_WORD.sub(" ", fold_danish(text)).strip()


def compact_key(text: str) -> str:
    """Return the folded letters and digits of a text alone: the key of a header or name."""
    return _NOT_WORD.sub("", fold_danish(text))
