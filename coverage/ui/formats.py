"""Numbers as a planner writes them: 1.234,5 in Danish, 1,234.5 in English.

Browser and computer settings play no part: the language of the app decides.
A figure never rounds across the line between some and none, or some and all.
"""

import math
from datetime import date

from coverage.exports.number_text import number_text
from coverage.units import metres_to_km
from coverage.wording import Language

MISSING = "–"
MINUS = "-"
_NBSP = "\u00a0"
_ALL = 100.0
_SMALLEST_PERCENT = 0.05


def format_number(value: float | None, language: Language, decimals: int = 0) -> str:
    """Return a number with thousands and decimals marked; a missing one is a dash, never zero."""
    if value is None or math.isnan(value):
        return MISSING
    text = number_text(abs(value), decimals, language)
    negative = value < 0 and any(digit in "123456789" for digit in text)
    return f"{MINUS}{text}" if negative else text


def format_persons(persons: float | None, language: Language) -> str:
    """Return whole persons; a part of one person reads "< 1", not 0."""
    if persons is not None and 0 < persons < 0.5:  # noqa: PLR2004 - what would round to none
        return f"<{_NBSP}1"
    return format_number(persons, language)


def format_percent(percent: float | None, language: Language) -> str:
    """Return percent with one decimal; 100,0 % is all and 0,0 % is none."""
    if percent is None or math.isnan(percent):
        return MISSING
    unit = f"{_NBSP}%" if language == "da" else "%"
    if 0 < percent < _SMALLEST_PERCENT:
        return f"<{_NBSP}{format_number(0.1, language, 1)}{unit}"
    if _ALL - _SMALLEST_PERCENT <= percent < _ALL:
        return f">{_NBSP}{format_number(99.9, language, 1)}{unit}"
    return f"{format_number(percent, language, 1)}{unit}"


def format_change(change: float, language: Language) -> str:
    """Return whole persons with a sign: ``+1.234``, ``-12``, or ``0`` for less than half a one."""
    text = format_number(change, language)
    return f"+{text}" if change > 0 and text != "0" else text


def format_points(change: float, language: Language) -> str:
    """Return percentage points with one decimal and a sign."""
    text = format_number(change, language, 1)
    return f"+{text}" if change > 0 and text.strip("0,.") else text


def format_km(metres: float | None, language: Language) -> str:
    """Return metres as kilometres with the unit, and one decimal unless they are whole."""
    if metres is None or math.isnan(metres):
        return MISSING
    km = metres_to_km(metres)
    return f"{format_number(km, language, 0 if km.is_integer() else 1)}{_NBSP}km"


def format_date(day: date | None, language: Language) -> str:
    """Return ``31.1.2026`` or ``2026-01-31``; a missing date is a dash."""
    if day is None:
        return MISSING
    return f"{day.day}.{day.month}.{day.year}" if language == "da" else day.isoformat()
