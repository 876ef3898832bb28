"""The page's answer: which areas signal, and what the next decision is about."""

from datetime import date

import pandas as pd

from coverage.wording import Language, say

_MOST_NAMES = 10


def month_text(day: date, language: Language) -> str:
    """Return month and year in words."""
    return say(f"app.truede.month_{day.month}", language, year=day.year)


def signal_sentence(areas: pd.DataFrame, language: Language) -> str:
    """Return which areas signal and which possibly do, by name unless there are many.

    Parameters
    ----------
    areas
        ``Designation.areas`` of one level.
    """
    named = areas.sort_values("area_name")
    signals = list(named.loc[named["signal"] == "signal", "area_name"])
    possible = list(named.loc[named["signal"] == "possible", "area_name"])
    counts = {"areas": len(areas), "signals": len(signals)}
    if not signals:
        sentence = say("app.truede.answer_none", language, areas=len(areas))
    elif len(signals) > _MOST_NAMES:
        sentence = say("app.truede.answer_many", language, **counts)
    else:
        names = ", ".join(signals)
        sentence = say("app.truede.answer_some", language, names=names, **counts)
    if not possible:
        return sentence
    shown = ", ".join(possible[:_MOST_NAMES]) + (" …" if len(possible) > _MOST_NAMES else "")
    more = say("app.truede.answer_possible", language, count=len(possible), names=shown)
    return f"{sentence} {more}"


def agenda_sentence(items: int, decision_on: date, language: Language) -> str:
    """Return when is decided next, and about how many areas."""
    month = month_text(decision_on, language)
    if not items:
        return say("app.truede.answer_agenda_empty", language, month=month)
    return say("app.truede.answer_agenda", language, month=month, count=items)
