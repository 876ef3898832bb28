"""Numbers as a reader of the language writes them: 1.234,5 in Danish, 1,234.5 in English."""

import math
from typing import Any

import pandas as pd

from coverage.units import metres_to_km
from coverage.wording import Language, say

_TO_DANISH = str.maketrans(",.", ".,")
_PERCENT = 100.0


def is_missing(value: Any) -> bool:  # noqa: ANN401 - any cell of a table
    """Return whether a table's cell is empty."""
    return value is None or bool(pd.isna(value))


def number_text(value: float, decimals: int, language: Language) -> str:
    """Return a number with its thousands marked; a missing one as the word for that."""
    if math.isnan(value):
        return say("export.missing", language)
    english = f"{value:,.{decimals}f}"
    return english.translate(_TO_DANISH) if language == "da" else english


def percent_text(share: float, language: Language) -> str:
    """Return a share (0 to 1) in percent with one decimal."""
    if math.isnan(share):
        return say("export.missing", language)
    return f"{number_text(share * _PERCENT, 1, language)} %"


def km_text(metres: float, language: Language) -> str:
    """Return metres in kilometres with two decimals."""
    if math.isnan(metres):
        return say("export.missing", language)
    return f"{number_text(metres_to_km(metres), 2, language)} km"


def persons_text(persons: float, language: Language) -> str:
    """Return a number of persons; "under 1" for a fraction that is not nobody."""
    if 0 < persons < 1:
        return say("export.under_one", language)
    return number_text(persons, 0, language)
