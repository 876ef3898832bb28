"""The map: what each area lacks in a year, or its chances; and where new practices lie."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from coverage.ui.formats import format_number, format_percent, format_persons
from coverage.ui.mod5000.amounts import capacities_text, chance_text
from coverage.ui.state import AppState
from coverage.ui.theme_map import DOT, AreaFill, PlaceMark, Theme
from coverage.wording import Language, say

# From light to dark and from cool to warm, bad is dark; white is unknown.
CLASS_COLOURS = ("#a9d3c5", "#f6e3a8", "#f0a030", "#cc4c2f", "#7d0f22")
UNKNOWN_COLOUR = "#ffffff"
NEW_COLOUR, EARLIER_COLOUR = "#0072b2", "#9fc9e6"
_NEW_PX, _EARLIER_PX = 7.0, 5.5
# More years than these lie on each other, and nobody can read them.
_MOST_YEARS = 40


@dataclass(frozen=True)
class MapFigure:
    """What the map shows: a column of ``area_rows.level_year``, and where its classes begin.

    The first class is what lies below the first limit.
    """

    column: str
    limits: tuple[float, ...]


MAP_COLUMNS: Mapping[str, MapFigure] = {
    # In % of the area's part of the target.
    "target": MapFigure("short_of_target_pct", (1.0, 3.0, 10.0, 25.0)),
    # In capacities: what is not short is none, whatever the sums' last digits say.
    "need": MapFigure("short_of_need_capacities", (0.05, 1.0, 3.0, 6.0)),
    "signal": MapFigure("signal_probability", (0.01, 0.1, 0.3, 0.6)),
    "choice": MapFigure("choice_lost_probability", (0.01, 0.1, 0.3, 0.6)),
}


def class_colour(figure: MapFigure, value: float) -> str:
    """Return the colour of a value's class; a value on a limit belongs to the worse one."""
    if math.isnan(value):
        return UNKNOWN_COLOUR
    return CLASS_COLOURS[sum(value >= limit for limit in figure.limits)]


def path_theme(areas: pd.DataFrame, sites: pd.DataFrame, year: int, state: AppState) -> Theme:
    """Return the map of a year; its legend (``path_legend``) stands below it.

    Parameters
    ----------
    areas
        ``area_rows.level_year`` of one level, not empty.
    sites
        ``Pathway.sites``.
    """
    figure = MAP_COLUMNS[state.pathway.map]
    fills = tuple(
        AreaFill(
            area_id=row["area_id"],
            colour=class_colour(figure, row[figure.column]),
            tooltip=_tooltip(row, year, state.language),
        )
        for row in areas.to_dict("records")
    )
    level = str(areas["area_level"].iloc[0])
    marks = new_marks(sites, year, state.language)
    return Theme(level, fills, marks, (), outline=state.selected_area)


def path_legend(
    areas: pd.DataFrame, theme: Theme, map_figure: str, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return the legend in words: the classes, what is unknown, and the new practices."""
    figure = MAP_COLUMNS[map_figure]
    rows = [("", say(f"app.mod5000.map.{map_figure}", language))]
    rows += [
        (colour, say(f"app.mod5000.map.{map_figure}_{place}", language))
        for place, colour in enumerate(CLASS_COLOURS)
    ]
    if areas[figure.column].isna().any():
        rows.append((UNKNOWN_COLOUR, say("app.mod5000.map.unknown", language)))
    rows += [
        (DOT + colour, say(f"app.mod5000.map.{name}", language))
        for name, colour in (("new", NEW_COLOUR), ("earlier", EARLIER_COLOUR))
    ]
    where = "from" if len(theme.marks) <= _MOST_YEARS else "on_hover"
    rows.append(("", say(f"app.mod5000.map.{where}", language)))
    return tuple(rows)


def new_marks(sites: pd.DataFrame, year: int, language: Language) -> tuple[PlaceMark, ...]:
    """Return the places of practices that opened by a year, one mark a place."""
    opened = sites[sites["year"] <= year]
    places = opened.groupby(["x_m", "y_m"])
    has_room = len(places) <= _MOST_YEARS
    marks = []
    for _, own in places:
        years = [int(one) for one in own["year"]]
        is_new = year in years
        marks.append(
            PlaceMark(
                float(own["x_m"].iloc[0]),
                float(own["y_m"].iloc[0]),
                NEW_COLOUR if is_new else EARLIER_COLOUR,
                _NEW_PX if is_new else _EARLIER_PX,
                _opened_text(years, language),
                str(min(years)) if has_room else "",
                is_label_below=True,
            )
        )
    # The year's own lie on top.
    return tuple(sorted(marks, key=lambda mark: mark.radius_px))


def _opened_text(years: Sequence[int], language: Language) -> tuple[tuple[str, str], ...]:
    heading = say("app.mod5000.map.opened", language, count=len(years))
    counts = pd.Series(years).value_counts().sort_index()
    return (("", heading), *((str(year), str(count)) for year, count in counts.items()))


def _tooltip(
    row: Mapping[object, object], year: int, language: Language
) -> tuple[tuple[str, str], ...]:
    def number(column: str) -> float:
        return float(str(row[column]))

    percent = format_percent(number("short_of_target_pct"), language)
    short = capacities_text(number("short_of_target_capacities"), language)
    values = {
        "capacities": capacities_text(number("capacities_end"), language),
        "target": capacities_text(number("target_capacities"), language),
        "short": f"{short} ({percent})",
        "need": capacities_text(number("short_of_need_capacities"), language),
        "per_capacity": format_number(number("residents_per_capacity"), language),
        "without_choice": format_persons(number("persons_without_choice"), language),
        "signal": chance_text(number("signal_probability"), language),
        "choice": chance_text(number("choice_lost_probability"), language),
    }
    lines = [(say(f"app.mod5000.line.{name}", language), text) for name, text in values.items()]
    return (("", f"{row['area_name']} · {year}"), *lines)
