"""One area: each criterion with its value, threshold, distance, status, weight and backing."""

import pandas as pd
import streamlit as st

from coverage.rules import RuleSet
from coverage.signal_rule import MEASURES
from coverage.ui.formats import MISSING
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.ui.truede.criterion_text import (
    criterion_name,
    day_text,
    marked,
    plain_number,
    signed_number,
    signed_percent,
    unit_text,
    value_text,
)
from coverage.wording import Language, say

_COLUMNS = {
    "criterion": 240,
    "value": 70,
    "threshold": 226,
    "distance": 124,
    "status": 108,
    "weight": 52,
    "rule_status": 124,
    "rule_source": 394,
}
_MET_STYLE = "font-weight: 700; background-color: #fbe3d6"


def criteria_rows(criteria: pd.DataFrame, rules: RuleSet, state: AppState) -> list[dict[str, str]]:
    """Return an area's criteria in the reader's words, in the order of the criteria.

    Parameters
    ----------
    criteria
        The rows of ``Designation.criteria`` of one area.
    rules
        The rules that they follow.
    """
    moved = {key for key, _ in state.thresholds}
    return [_row(row, rules, moved, state.language) for _, row in criteria.iterrows()]


def show_area_criteria(
    area: "pd.Series", criteria: pd.DataFrame, rules: RuleSet, state: AppState
) -> None:
    """Show an area's signal in a sentence, and its criteria.

    Parameters
    ----------
    area
        Its row of ``Designation.areas``.
    criteria
        Its rows of ``Designation.criteria``.
    """
    language = state.language
    show_plain(
        f"{area['area_name']}:", "app-question", emphasis=area_sentence(area, rules, language)
    )
    if not pd.isna(area["override"]):
        show_plain(_override_text(area, language), "app-question")
    table = pd.DataFrame(criteria_rows(criteria, rules, state), columns=list(_COLUMNS))
    counts = (criteria["status"] == "met") & (criteria["weight"] > 0)
    met = table.index[counts.to_numpy()]
    st.dataframe(
        table.style.map(lambda _: _MET_STYLE, subset=(met, ["value", "status"])),
        hide_index=True,
        height="content",
        column_config={
            name: st.column_config.TextColumn(
                say(f"app.truede.area.{name}", language), width=width_px
            )
            for name, width_px in _COLUMNS.items()
        },
        key=f"criteria-{language}",
    )
    show_plain(say("app.truede.area.hint", language), "app-small")


def area_sentence(area: "pd.Series", rules: RuleSet, language: Language) -> str:
    """Return an area's signal, its weight and whether it is designated."""
    sentence = say(
        "app.truede.area.summary",
        language,
        signal=say(f"annex.signal.{area['signal']}", language),
        met=plain_number(area["met_weight"], language),
        total=plain_number(area["total_weight"], language),
        least=plain_number(rules.designation.signal_weight, language),
    )
    if not area["designated"]:
        return sentence
    return f"{sentence} {say('app.truede.area.designated', language)}"


def _override_text(area: "pd.Series", language: Language) -> str:
    return say(
        "app.truede.area.override",
        language,
        computed=say(f"annex.signal.{area['computed']}", language),
        date=day_text(area["override_on"], language),
        author=area["override_author"],
        reason=area["override_reason"],
    )


def _row(row: "pd.Series", rules: RuleSet, moved: set[str], language: Language) -> dict[str, str]:
    rule = rules.rules[row["rule_key"]]
    rule_status = say(f"app.truede.threshold.{rule.status}", language)
    status = say(f"annex.status.{row['status']}", language)
    measured = _measured(row, language) if row["criterion"] in MEASURES else _judged(language)
    return {
        "criterion": criterion_name(row["criterion"], language),
        **measured,
        "status": marked(status, row["weight"]) if row["status"] == "met" else status,
        "weight": plain_number(row["weight"], language),
        "rule_status": (
            say("app.truede.area.moved", language) if row["rule_key"] in moved else rule_status
        ),
        "rule_source": rule.source,
    }


def _measured(row: "pd.Series", language: Language) -> dict[str, str]:
    criterion, value, threshold = row["criterion"], row["value"], row["threshold"]
    limit = say(
        f"app.truede.area.{row['worse_side']}",
        language,
        threshold=plain_number(threshold, language),
        unit=unit_text(criterion, language),
    )
    distance = MISSING
    if not pd.isna(row["distance"]):
        decimals = 0 if criterion == "patients_per_capacity" else 1
        distance = say(
            "app.truede.area.distance_value",
            language,
            distance=signed_number(row["distance"], language, decimals),
            percent=signed_percent(row["distance_pct"], language),
        )
    text = value_text(value, threshold, criterion, language)
    return {"value": text, "threshold": limit, "distance": distance}


def _judged(language: Language) -> dict[str, str]:
    limit = say("app.truede.area.judged", language)
    return {"value": MISSING, "threshold": limit, "distance": MISSING}
