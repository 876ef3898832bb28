"""Criteria in the reader's words: values that never look as if they were on the other side."""

import math
from typing import Any

import pandas as pd

from coverage.signal_rule import MEASURES
from coverage.ui.formats import MINUS, MISSING, format_date, format_number
from coverage.wording import Language, say

# A criterion that is met, and one that is but has no weight.
MET_MARK, UNCOUNTED_MARK = "●", "○"
_WHOLE = "patients_per_capacity"
_MOST_DECIMALS = 4
_PERCENT = "app.truede.percent"


def criterion_name(criterion: str, language: Language) -> str:
    """Return a criterion's name."""
    return say(f"annex.criterion.{criterion}", language)


def unit_text(criterion: str, language: Language) -> str:
    """Return the unit of a measured criterion."""
    return say(f"annex.unit.{MEASURES[criterion].column}", language)


def plain_number(value: float, language: Language) -> str:
    """Return a number with the decimals that it has, two at the most."""
    decimals = next(
        (places for places in (0, 1) if math.isclose(value, round(value, places), abs_tol=1e-9)), 2
    )
    return format_number(value, language, decimals)


def value_text(value: float, threshold: float, criterion: str, language: Language) -> str:
    """Return a measured value, with so many decimals that it does not look equal to its threshold.

    1.96 free places against a threshold of 2 are written 1,96 and not 2,0; what
    is equal but for four decimals is written as the threshold.
    """
    least = 0 if criterion == _WHOLE else 1
    if math.isnan(value):
        return format_number(value, language)
    texts = [format_number(value, language, places) for places in range(least, _MOST_DECIMALS + 1)]
    for places, text in enumerate(texts, start=least):
        if text != format_number(threshold, language, places):
            return text
    return texts[0]


def marked(text: str, weight: float) -> str:
    """Return the text of a criterion that is met, with the mark for that."""
    return f"{MET_MARK if weight > 0 else UNCOUNTED_MARK} {text}"


def threshold_text(criterion: str, threshold: float, language: Language) -> str:
    """Return from where on a criterion is met: ``over 1.600``."""
    number = plain_number(threshold, language)
    return say(f"app.truede.area.{MEASURES[criterion].worse_side}_only", language, threshold=number)


def signed_number(value: float, language: Language, decimals: int) -> str:
    """Return a number with its sign, also where it rounds to zero; a missing one is a dash."""
    if math.isnan(value):
        return format_number(value, language)
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{format_number(abs(value), language, decimals)}"


def signed_percent(percent: float, language: Language) -> str:
    """Return percent with its sign and one decimal; a missing one is a dash."""
    text = signed_number(percent, language, 1)
    return text if math.isnan(percent) else say(_PERCENT, language, number=text)


def day_text(day: Any, language: Language) -> str:  # noqa: ANN401 - a cell of dates
    """Return the day of a table's cell; a missing one is a dash."""
    return MISSING if pd.isna(day) else format_date(pd.Timestamp(day).date(), language)
