"""Figures of scenarios in words: a value with its unit, and a change with its sign."""

import math
from collections.abc import Sequence

from coverage.ui.formats import (
    MISSING,
    format_change,
    format_number,
    format_percent,
    format_persons,
    format_points,
)
from coverage.units import metres_to_km
from coverage.wording import Language, say

_NAMES_SHOWN = 3
_NBSP = "\u00a0"
# Figures that are not whole: their decimals.
_DECIMALS = {"capacities": 1, "access_e2sfca_per_1000": 2, "access_gini": 3}


def figure_text(figure: str, value: float, language: Language) -> str:
    """Return a figure of a comparison with its unit; its name ends in it."""
    if math.isnan(value):
        return MISSING
    if figure.endswith("_pct"):
        return format_percent(value, language)
    if figure.endswith("_m"):
        return f"{format_number(metres_to_km(value), language, 1)}{_NBSP}km"
    if figure.startswith("persons_"):
        return format_persons(value, language)
    return format_number(value, language, _DECIMALS.get(figure, 0))


def change_text(figure: str, change: float, language: Language) -> str:
    """Return the change of a figure with its sign; ``0`` for none that would be seen."""
    if math.isnan(change):
        return MISSING
    if figure.endswith("_m"):
        change = metres_to_km(change)
    decimals = _DECIMALS.get(figure, 1 if figure.endswith(("_pct", "_m")) else 0)
    if not decimals:
        return format_change(change, language)
    if decimals == 1:
        return format_points(change, language)
    text = format_number(change, language, decimals)
    return f"+{text}" if change > 0 and text.strip("0,.") else text


def is_seen(change: str) -> bool:
    """Return whether a change (``change_text``) is one that a reader would see."""
    return any(sign in "123456789" for sign in change)


def names_text(names: Sequence[str], language: Language) -> str:
    """Return the first names, and how many more there are."""
    listed = ", ".join(names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return say("app.simulering.more", language, names=listed, count=more) if more > 0 else listed
