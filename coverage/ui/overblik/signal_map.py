"""The map of the page Overblik: which areas signal, and where the practices are."""

import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.map_colours import PRACTICE_COLOURS, SURROUNDINGS_COLOUR
from coverage.exports.map_layers import intake_state
from coverage.ui.formats import (
    MISSING,
    format_date,
    format_number,
    format_percent,
    format_persons,
)
from coverage.ui.overblik.overview import amount_text
from coverage.ui.signal_colours import SIGNAL_COLOURS
from coverage.ui.theme_map import DOT, FRAME, AreaFill, PlaceMark, Theme
from coverage.wording import Language, say

_PAPER = "#ffffff"
_OPEN_PX, _CLOSED_PX = 4.5, 3.5


def signal_theme(
    assessment: Assessment, table: pd.DataFrame, level: str, language: Language
) -> Theme:
    """Return the theme of a table of ``areas_worst_first``."""
    fills = tuple(
        AreaFill(
            str(row["area_id"]),
            SIGNAL_COLOURS[str(row["signal"])],
            _area_lines(row, language),
            bold_border=bool(row["designated"]),
        )
        for _, row in table.iterrows()
    )
    return Theme(level, fills, _practice_marks(assessment, language), _legend(assessment, language))


def _area_lines(row: "pd.Series[str]", language: Language) -> tuple[tuple[str, str], ...]:
    weight = say(
        "app.overblik.weight",
        language,
        met=amount_text(float(row["met_weight"]), language),
        total=amount_text(float(row["total_weight"]), language),
    )
    designated = say("export.yes" if row["designated"] else "export.no", language)
    values = {
        "signal": say(f"annex.signal.{row['signal']}", language),
        "met_weight": weight,
        "patients_per_capacity": format_number(float(row["patients_per_capacity"]), language),
        "closed_pct": format_percent(float(row["closed_pct"]), language),
        "choice_pct": format_percent(float(row["choice_pct"]), language),
        "nearest": MISSING if pd.isna(row["nearest"]) else str(row["nearest"]),
        "designated": designated,
    }
    lines = [(say(f"app.overblik.line.{name}", language), text) for name, text in values.items()]
    return (("", str(row["area"])), *lines)


def _practice_marks(assessment: Assessment, language: Language) -> tuple[PlaceMark, ...]:
    """Return every placed practice, the open ones on top."""
    practices = assessment.tables.practices
    per_capacity = assessment.capacity.by_practice.set_index("ydernummer")["patients_per_capacity"]
    table = practices.assign(per_capacity=practices["ydernummer"].map(per_capacity))
    placed = table[table["x_m"].notna()]
    marks = [
        _practice_mark(row, intake_state(row["intake_open"]), language)
        for _, row in placed.iterrows()
    ]
    return tuple(sorted(marks, key=lambda mark: mark.radius_px))


def _practice_mark(row: "pd.Series[str]", state: str, language: Language) -> PlaceMark:
    is_open = state == "open"
    texts = {
        "ydernummer": str(row["ydernummer"]),
        "intake": say(f"export.intake.{state}", language),
        "capacities": amount_text(float(row["capacities"]), language),
        "listed": format_persons(float(row["listed_persons"]), language),
    }
    lines = [(say(f"app.map.practice.{name}", language), text) for name, text in texts.items()]
    per_capacity = format_number(float(row["per_capacity"]), language)
    return PlaceMark(
        float(row["x_m"]),
        float(row["y_m"]),
        PRACTICE_COLOURS["open" if is_open else "closed"],
        _OPEN_PX if is_open else _CLOSED_PX,
        (
            ("", str(row["name"])),
            *lines,
            (say("app.overblik.line.patients_per_capacity", language), per_capacity),
        ),
    )


def _legend(assessment: Assessment, language: Language) -> tuple[tuple[str, str], ...]:
    areas = [
        (colour, say(f"app.overblik.map.{signal}", language))
        for signal, colour in SIGNAL_COLOURS.items()
    ]
    decided = format_date(assessment.designation.decision_on, language)
    areas.append((FRAME + _PAPER, say("app.overblik.map.designated", language, date=decided)))
    if len(assessment.tables.surroundings):
        areas.append((SURROUNDINGS_COLOUR, say("app.map.neighbours", language)))
    practices = [
        (DOT + PRACTICE_COLOURS[state], say(f"app.map.{state}", language))
        for state in ("open", "closed")
    ]
    return (
        ("", say("app.overblik.map.areas", language)),
        *areas,
        ("", say("app.map.practices", language)),
        *practices,
    )
