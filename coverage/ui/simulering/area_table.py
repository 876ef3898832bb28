"""The table below the map: every area before and after the scenario, the affected ones first."""

from functools import partial

import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.exports.area_words import area_label
from coverage.ui.formats import MISSING, format_persons
from coverage.ui.grouped_table import GroupedColumn, show_grouped_table
from coverage.ui.scenario_figures import change_text, figure_text
from coverage.wording import Language, say

# Figures with a before, an after and a difference, as far as they fit the screen's width.
SHOWN = ("share_two_or_more_pct", "second_mean_m", "patients_per_capacity", "free_places")
_TIMES = ("before", "after", "difference")
_AREA_PX, _PERSONS_PX, _SIGNAL_PX, _FIGURE_PX, _DIFFERENCE_PX = 132, 80, 86, 79, 63


def show_effect_table(differences: pd.DataFrame, language: Language, height_px: int) -> None:
    """Show one level of ``difference_by_area`` without the row of everything."""
    areas = differences[differences["area_id"] != ALL_AREAS].reset_index(drop=True)
    affected = tuple(areas.index[areas["is_affected"]])
    names = [area_label(row, language) for row in areas.to_dict("records")]
    columns = [
        GroupedColumn(
            "", say("app.simulering.table.area", language), names, _AREA_PX, marked=affected
        ),
        *(_persons(areas, change, language) for change in ("gain", "lose")),
        *(_signal(areas, time, language) for time in _TIMES[:2]),
    ]
    for figure in SHOWN:
        group = say(f"app.simulering.table.{figure}", language)
        for time in _TIMES:
            is_difference = time == "difference"
            columns.append(
                GroupedColumn(
                    group,
                    _heading(figure, time, language),
                    areas[f"{figure}_{time}"],
                    _DIFFERENCE_PX if is_difference else _FIGURE_PX,
                    partial(
                        change_text if is_difference else figure_text, figure, language=language
                    ),
                )
            )
    show_grouped_table(columns, "simulering-areas", language, height_px)


def _persons(areas: pd.DataFrame, change: str, language: Language) -> GroupedColumn:
    return GroupedColumn(
        say("app.simulering.table.citizens", language),
        say(f"app.simulering.table.{change}", language),
        areas[f"persons_{change}_choice"],
        _PERSONS_PX,
        partial(format_persons, language=language),
    )


def _signal(areas: pd.DataFrame, time: str, language: Language) -> GroupedColumn:
    words = [
        MISSING if pd.isna(signal) else say(f"app.truede.short.{signal}", language)
        for signal in areas[f"signal_{time}"]
    ]
    flips = areas["signal_before"].fillna("") != areas["signal_after"].fillna("")
    return GroupedColumn(
        say("app.simulering.table.signal", language),
        _heading("signal", time, language),
        words,
        _SIGNAL_PX,
        marked=tuple(areas.index[flips]) if time == "after" else (),
    )


def _heading(figure: str, time: str, language: Language) -> str:
    """Return a heading that says enough by itself: who cannot see hears no group."""
    short = say(f"app.simulering.table.{figure}_short", language)
    return f"{short} {say(f'app.simulering.table.{time}', language)}"
