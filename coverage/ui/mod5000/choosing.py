"""What the visitor chooses on the page: where the years start, which year, area and figures."""

from collections.abc import Mapping, Sequence

import streamlit as st

from coverage.areas import locate_in_areas
from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.ui.pathway_view import CHART_FIGURES, MAP_FIGURES, YEAR_FIGURES
from coverage.ui.sammenlign.variants import Offered, by_id
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.side_by_side import Choice, show_side_by_side
from coverage.ui.state import AppState, choose_area, handle_click, new_click, view_pathway
from coverage.units import LONLAT_EPSG, reproject
from coverage.wording import say

_FIGURES: Mapping[str, Sequence[str]] = {
    "chart": CHART_FIGURES,
    "map": MAP_FIGURES,
    "years": YEAR_FIGURES,
}


def show_start_choice(offered: Sequence[Offered], start: Offered, state: AppState) -> None:
    """Offer the register as it is and the scenarios, if there are any."""
    if len(offered) == 1:
        return
    language, names = state.language, by_id(offered)
    # Other scenarios are another widget: a browser keeps the old ones otherwise.
    key = f"mod5000-start-{language}-{abs(hash(tuple(names)))}"
    show_in_widget(key, start.variant_id)
    st.selectbox(
        say("app.mod5000.start", language),
        list(names),
        format_func=lambda one: names[one].name,
        key=key,
        on_change=lambda: change_state(view_pathway, scenario=st.session_state[key]),
    )


def show_year_choice(years: Sequence[int], year: int, state: AppState) -> None:
    """Offer the years; a single one leaves nothing to choose."""
    if len(years) == 1:
        return
    language = state.language
    key = f"mod5000-year-{language}-{years[0]}-{years[-1]}"
    show_in_widget(key, year)
    st.select_slider(
        say("app.mod5000.year", language),
        list(years),
        key=key,
        format_func=lambda one: say("app.mod5000.year_end", language, year=str(one)),
        label_visibility="collapsed",
        on_change=lambda: change_state(view_pathway, year=st.session_state[key]),
    )


def show_figure_choice(what: str, state: AppState) -> None:
    """Offer the figures of the ``chart``, the ``map`` or the table of ``years`` side by side."""
    show_side_by_side(
        Choice(
            f"mod5000-{what}",
            _FIGURES[what],
            label=f"app.mod5000.choose.{what}",
            word_key=lambda figure: f"app.mod5000.choose.{what}_{figure}",
        ),
        getattr(state.pathway, what),
        lambda figure: change_state(view_pathway, **{what: figure}),
        state.language,
    )


def area_clicked(assessment: Assessment, component_value: object) -> None:
    """Choose the area that the map was clicked in, or all of them where there is none."""
    click = new_click(current_state(), component_value)
    if click is None:
        return
    change_state(handle_click, click)
    x_m, y_m = reproject([click[1]], [click[0]], from_epsg=LONLAT_EPSG)
    level = current_state().area_level
    shapes = next(one.shapes for one in assessment.levels if one.name == level)
    found = locate_in_areas(x_m, y_m, shapes, "area_id", max_distance_m=0.0)
    area_id = found.fillna(ALL_AREAS).iloc[0]
    change_state(choose_area, str(area_id))
