"""Text that a person typed, as it may be kept in a file: composed, without control signs or CPR."""

import re
import unicodedata

from coverage.errors import InvalidValueError, PersonalDataError
from coverage.sentences import sentence
from coverage.sources.personal_data import holds_cpr

_BLANK_ENDS = re.compile(r"^[\s\u200b\ufeff]+|[\s\u200b\ufeff]+\Z")
# Control characters and halves of a pair of UTF-16.
_UNWRITABLE = ("Cc", "Cs")
_LINE_ENDS = re.compile(r"\r\n?")


def checked_text(raw: str, *, where: str, longest: int) -> str:
    """Return a text as it will be kept; blank if it was.

    Blanks at its ends go, every line end becomes a line feed, letters are composed (NFC).

    Parameters
    ----------
    where
        Names the text in messages.
    longest
        How many characters are kept.

    Raises
    ------
    InvalidValueError
        A text that is too long or holds control characters.
    PersonalDataError
        A number that looks like a CPR number.
    """
    text = _BLANK_ENDS.sub("", unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", raw)))
    if len(text) > longest:
        raise InvalidValueError(
            sentence(
                "A text has {count} characters; at most {longest} are kept",
                count=len(text),
                longest=longest,
            ),
            where=where,
            hint="Shorten it, and refer to the document that says the rest.",
        )
    if any(unicodedata.category(sign) in _UNWRITABLE and sign not in "\n\t" for sign in text):
        raise InvalidValueError(
            "A text holds control characters that a file of text cannot keep",
            where=where,
            hint="Type the text instead of pasting it.",
        )
    if holds_cpr(text):
        raise PersonalDataError(
            "A text holds a number that looks like a CPR number",
            where=where,
            hint="Take the number out, also if it is something else.",
        )
    return text
