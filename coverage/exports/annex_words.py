"""The words of the annex tables' cells: codes of the core, said in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from coverage.capacity_by_area import NO_AREA
from coverage.choice import ALL_AREAS
from coverage.exports.area_words import area_id_text, level_text, yes_no
from coverage.exports.number_text import is_missing, persons_text
from coverage.wording import Language, keys, say

# Column -> where the words of its codes stand.
_CODES: Mapping[str, str] = {
    "signal": "annex.signal",
    "computed": "annex.signal",
    "before": "annex.signal",
    "after": "annex.signal",
    "criterion": "annex.criterion",
    "nearest_criterion": "annex.criterion",
    "status": "annex.status",
    "worse_side": "annex.side",
    "item": "annex.item",
    "kind": "annex.kind",
    "duty": "annex.duty",
    "verdict": "annex.verdict",
    "closing_limit_source": "annex.limit_source",
    "clinic_form": "export.clinic_form",
    "intake": "export.intake",
    "match": "export.match",
    "rule_status": "export.rule_status",
}
_YES_NO = ("override", "designated", "is_skal", "is_last", "accessible", "neither_must_stay")
_DATES = ("override_on", "entered_on", "from_date", "earliest_end", "decision_on")


def said_columns(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return the table with its codes, dates and truths as text; missing cells stay missing."""
    said = table.copy()
    for column in table:
        name = str(column)
        if name in _CODES:
            said[name] = _map(table[name], _coded(_CODES[name], language))
        elif name in _YES_NO:
            said[name] = _map(table[name], lambda value: yes_no(bool(value), language))
        elif name in _DATES:
            said[name] = _map(table[name], lambda value: pd.Timestamp(value).date().isoformat())
        elif name == "area_level":
            said[name] = _map(table[name], lambda value: level_text(str(value), language))
    if "area_name" in table:
        names = zip(table["area_id"], table["area_name"], strict=True)
        said["area_name"] = [_area_name(*pair, language) for pair in names]
        codes = table["area_id"].mask(table["area_id"] == NO_AREA)
        said["area_id"] = _map(codes, lambda code: area_id_text(str(code), language))
    return said


def reason_text(code: str, values: Mapping[str, Any], language: Language) -> str:
    """Return why the plan's list and the tool agree or differ on a place.

    Parameters
    ----------
    values
        Those of ``skal_list_check.compare_with_plan``, and the rules that the
        texts name: ``town_persons, min_persons_lost``.
    """
    shown = {name: _value_text(value, language) for name, value in values.items()}
    text = say(f"annex.reason.{code}", language, **shown)
    if values["also"]:
        text = f"{text} {say('annex.reason_also', language, **shown)}"
    return text


def _value_text(value: Any, language: Language) -> str:  # noqa: ANN401 - a name or a number
    if is_missing(value):
        return say("annex.not_known", language)
    return value if isinstance(value, str) else persons_text(float(value), language)


def _coded(prefix: str, language: Language) -> Callable[[Any], str]:
    words = {key.rsplit(".", 1)[1]: say(key, language) for key in keys(f"{prefix}.")}
    return lambda value: words[str(value)] if value else ""


def _map(column: "pd.Series[Any]", change: Callable[[Any], str]) -> "pd.Series[str]":
    changed = [None if is_missing(value) else change(value) for value in column]
    return pd.Series(changed, index=column.index, dtype="str")


def _area_name(area_id: str, name: str, language: Language) -> str:
    if area_id == ALL_AREAS:
        return say("export.all_areas", language)
    return say("annex.no_area", language) if area_id == NO_AREA else str(name)
