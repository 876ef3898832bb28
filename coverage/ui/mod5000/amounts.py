"""Capacities, chances and spans in words."""

import math

from coverage.ui.formats import MISSING, format_number, format_persons
from coverage.wording import Language, say

# From here on a tenth of a capacity is more than anybody can know.
_WHOLE_FROM = 100
_ALL_PCT = 100


def capacities_text(value: float, language: Language) -> str:
    """Return capacities with a tenth: expectations are no whole ones."""
    return format_number(value, language, 1)


def rounded_text(value: float, language: Language) -> str:
    """Return capacities for a sentence: a tenth where there is one, below a hundred."""
    is_whole = abs(value) >= _WHOLE_FROM or round(value, 1).is_integer()
    return format_number(value, language, 0 if is_whole else 1)


def measure_text(measure: str, value: float, language: Language) -> str:
    """Return a value of a figure of the chart."""
    if measure == "capacities":
        return capacities_text(value, language)
    if measure.startswith("persons"):
        return format_persons(value, language)
    return format_number(value, language)


def chance_text(probability: float, language: Language) -> str:
    """Return a share of the runs in whole percent; some never read as none, nor as all."""
    if math.isnan(probability):
        return MISSING
    percent = round(probability * _ALL_PCT)
    if probability > 0 and percent == 0:
        return say("app.mod5000.chance.some", language)
    if probability < 1 and percent == _ALL_PCT:
        return say("app.mod5000.chance.nearly_all", language)
    return say("app.mod5000.chance.percent", language, percent=percent)
