"""The table beside the map: the areas, those with most people without a choice first."""

import pandas as pd
import streamlit as st

from coverage.choice import ALL_AREAS
from coverage.ui.formats import MISSING, format_change, format_percent, format_persons
from coverage.ui.laegevalg.figures import LACKING
from coverage.wording import Language, say

_ROW_PX = 35
_HEAD_PX = 38
_WIDTHS_PX = {"lacking": 76, "change": 72, "share": 76, "exactly_two": 72, "thin_margin": 88}
_PERSON_COLUMNS = ("lacking", "exactly_two", "thin_margin")


def worst_first(summary: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return the areas with ``area, lacking, change, share, exactly_two, thin_margin``.

    Parameters
    ----------
    summary, before
        One level's parts of the area table, with and without candidates. Persons
        and percent stay numbers; the row of all areas is left out. Equals are
        ordered by percent, then name.
    """
    columns = [f"road_persons_{status}" for status in LACKING]
    lacking = summary[columns].sum(axis=1)
    earlier = before.set_index("area_id")[columns].sum(axis=1)
    table = pd.DataFrame(
        {
            "area_id": summary["area_id"],
            "area": summary["area_name"],
            "lacking": lacking,
            "change": lacking - earlier.reindex(summary["area_id"]).to_numpy(),
            "share": summary["road_share_two_or_more_pct"],
            "exactly_two": summary["road_persons_exactly_two"],
            "thin_margin": summary["road_persons_thin_margin"],
        }
    )
    areas = table[table["area_id"] != ALL_AREAS]
    return areas.sort_values(
        ["lacking", "share", "area"], ascending=[False, True, True], ignore_index=True
    )


def show_area_table(
    table: pd.DataFrame, language: Language, height_px: int, *, changed: bool
) -> None:
    """Show the areas; the numbers sort as numbers and read as the language writes them."""
    # Five columns can be read at this width: the change takes the place of one.
    middle = ["change", "share"] if changed else ["share", "exactly_two"]
    columns = ["area", "lacking", *middle, "thin_margin"]
    shown = table[columns]
    formats = {name: lambda value: format_persons(value, language) for name in _PERSON_COLUMNS}
    formats["share"] = lambda value: format_percent(value, language)
    formats["change"] = lambda value: format_change(value, language)
    styled = shown.style.format({name: formats[name] for name in columns[1:]})
    narrow = {
        name: st.column_config.NumberColumn(say(f"app.table.{name}", language), width=width_px)
        for name, width_px in _WIDTHS_PX.items()
        if name in columns
    }
    st.dataframe(
        styled,
        hide_index=True,
        height=min(height_px, _HEAD_PX + _ROW_PX * max(1, len(shown))),
        column_config={
            "area": st.column_config.TextColumn(say("app.table.area", language), width=104),
            **narrow,
        },
        key=f"areas-{language}-{changed}",
        # A number that is missing reads "None" otherwise, whatever its format.
        placeholder=MISSING,
    )
