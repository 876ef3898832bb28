"""The map: people's choice, the register's practices, and what the scenario does to them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from coverage.assessment import Assessment
from coverage.choice import STATUSES
from coverage.exports.map_colours import PRACTICE_COLOURS, STATUS_COLOURS, SURROUNDINGS_COLOUR
from coverage.exports.map_layers import StatusImage, intake_state
from coverage.exports.scenario_words import capacities_text
from coverage.scenario.actions import Open, OpenSatellite
from coverage.scenario.resolve import Resolved
from coverage.ui.formats import format_persons
from coverage.ui.map_view import CANDIDATE_COLOUR
from coverage.ui.scenario_results import CHANGE_COLOURS
from coverage.ui.simulering.practice_names import site_label
from coverage.ui.state import AppState
from coverage.ui.theme_map import DOT, PlaceLine, PlaceMark, Theme
from coverage.wording import Language, say

# Of the marks over the register's practices, and of the ring around the chosen one.
PLACED_COLOUR, CHANGED_COLOUR, GONE_COLOUR = CANDIDATE_COLOUR, "#e066c8", "#000000"
CHOSEN_COLOUR = "#00d5e0"
_PLACED_PX, _CHANGED_PX, _GONE_PX, _CHOSEN_PX = 8.0, 6.5, 5.5, 11.0
_LABEL_LENGTH = 34

Drawn = tuple[tuple[PlaceMark, ...], tuple[PlaceLine, ...]]
NOTHING_DRAWN: Drawn = ((), ())

# A row of table PRACTICES.
Row = Mapping[Any, Any]


def simulation_theme(
    assessment: Assessment,
    resolved: Resolved,
    picture: StatusImage,
    state: AppState,
    proposed: Drawn = NOTHING_DRAWN,
) -> Theme:
    """Return the map of a scenario; its legend (``scenario_legend``) stands below it.

    Parameters
    ----------
    proposed
        Marks and lines of what is no part of the scenario yet.
    """
    marks, lines = scenario_marks(assessment, resolved, state.language)
    chosen = _chosen_mark(resolved, state.simulation.practice)
    return Theme(
        level=state.area_level,
        fills=(),
        marks=(*chosen, *marks, *proposed[0]),
        legend=(),
        picture=picture,
        outline=state.selected_area,
        lines=(*lines, *proposed[1]),
        has_practices=True,
    )


def scenario_marks(assessment: Assessment, resolved: Resolved, language: Language) -> Drawn:
    """Return what a scenario does to practices as marks over them, and a line for each move."""
    register, after = (
        {str(row["ydernummer"]): row for row in table.to_dict("records")}
        for table in (assessment.tables.practices, resolved.practices)
    )
    marks = [
        *(_gone(register[one], "closed", language) for one in resolved.closed),
        *(_gone(register[one], "moved", language) for one in resolved.moved),
        *_changed(register, after, resolved, language),
    ]
    lines = []
    for practice in resolved.moved:
        old, new = register[practice], after[practice]
        marks.append(_placed(new, str(new["name"]), "moved_here", language))
        lines.append(
            PlaceLine(float(old["x_m"]), float(old["y_m"]), float(new["x_m"]), float(new["y_m"]))
        )
    for action in resolved.scenario.actions:
        if isinstance(action, Open) and action.site_id in after:
            row = after[action.site_id]
            label = site_label(assessment, action)
            # The nearest town stands on the map anyway.
            marks.append(_placed(row, label, "new", language, action.name or action.site_id))
        elif isinstance(action, OpenSatellite) and action.ydernummer in after:
            place = {**after[action.ydernummer], "x_m": action.x_m, "y_m": action.y_m}
            marks.append(_placed(place, str(place["name"]), "satellite", language))
    known = tuple(mark for mark in marks if not pd.isna(mark.x_m))
    return known, tuple(line for line in lines if not pd.isna(line.from_x_m))


def scenario_legend(
    assessment: Assessment, language: Language, *, shows_change: bool, has_chosen: bool
) -> tuple[tuple[str, str], ...]:
    """Return the legend of a scenario's map, of people's status or of who gains and loses."""
    if shows_change:
        homes = [
            (colour, say(f"app.simulering.map.{change}", language))
            for change, colour in CHANGE_COLOURS.items()
        ]
    else:
        homes = [
            (STATUS_COLOURS[status], say(f"app.map.{status}", language)) for status in STATUSES
        ]
    if len(assessment.tables.surroundings):
        homes.append((SURROUNDINGS_COLOUR, say("app.map.neighbours", language)))
    practices = [
        (DOT + PRACTICE_COLOURS[state], say(f"app.map.{state}", language))
        for state in ("open", "closed")
    ]
    marks = {"placed": PLACED_COLOUR, "changed": CHANGED_COLOUR, "gone": GONE_COLOUR}
    if has_chosen:
        marks["chosen"] = CHOSEN_COLOUR
    return (
        *homes,
        *practices,
        *(
            (DOT + colour, say(f"app.simulering.map.{name}", language))
            for name, colour in marks.items()
        ),
    )


def _chosen_mark(resolved: Resolved, practice: str) -> tuple[PlaceMark, ...]:
    """Return the ring around the chosen practice, which has no words of its own."""
    rows = resolved.practices[resolved.practices["ydernummer"] == practice]
    if rows.empty or pd.isna(rows["x_m"].iloc[0]):
        return ()
    x_m, y_m = float(rows["x_m"].iloc[0]), float(rows["y_m"].iloc[0])
    return (PlaceMark(x_m, y_m, CHOSEN_COLOUR, _CHOSEN_PX, ()),)


def _changed(
    register: Mapping[str, Row], after: Mapping[str, Row], resolved: Resolved, language: Language
) -> list[PlaceMark]:
    """Return the practices at their old place with other capacities or another intake."""
    marks = []
    for practice, now in after.items():
        before = register.get(practice)
        if before is None or practice in resolved.moved:
            continue
        words = {
            name: [_value(name, row, language) for row in (before, now)]
            for name in ("capacities", "intake")
        }
        if all(then == since for then, since in words.values()):
            continue
        heading = say("app.simulering.map.changed", language)
        lines = [
            (say(f"app.map.practice.{name}", language), " → ".join(dict.fromkeys(pair)))
            for name, pair in words.items()
        ]
        told = (("", str(now["name"])), ("", heading), *lines)
        x_m, y_m = float(now["x_m"]), float(now["y_m"])
        marks.append(PlaceMark(x_m, y_m, CHANGED_COLOUR, _CHANGED_PX, told))
    return marks


def _value(name: str, row: Row, language: Language) -> str:
    if name == "capacities":
        return capacities_text(float(row["capacities"]), language)
    return say(f"export.intake.{intake_state(row['intake_open'])}", language)


def _gone(row: Row, why: str, language: Language) -> PlaceMark:
    heading = say(f"app.simulering.map.{why}", language)
    lines = (("", str(row["name"])), ("", heading))
    return PlaceMark(float(row["x_m"]), float(row["y_m"]), GONE_COLOUR, _GONE_PX, lines)


def _placed(row: Row, name: str, why: str, language: Language, label: str = "") -> PlaceMark:
    lines = [
        ("", name),
        ("", say(f"app.simulering.map.{why}", language)),
        *(
            (say(f"app.map.practice.{name}", language), _value(name, row, language))
            for name in ("capacities", "intake")
        ),
        (
            say("app.map.practice.listed", language),
            format_persons(float(row["listed_persons"]), language),
        ),
    ]
    label = label or name
    short = label if len(label) <= _LABEL_LENGTH else f"{label[: _LABEL_LENGTH - 1]}…"
    return PlaceMark(
        float(row["x_m"]), float(row["y_m"]), PLACED_COLOUR, _PLACED_PX, tuple(lines), short
    )
