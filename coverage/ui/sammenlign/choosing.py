"""Which scenarios are compared, with what, and what the map shows of them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from coverage.ui.problems import show_problem
from coverage.ui.sammenlign.tables import SHOWN_FIGURES, figure_title
from coverage.ui.sammenlign.variants import BASELINE, LeftOut, Offered, by_id, chosen_ids
from coverage.ui.session import change_state, show_in_widget
from coverage.ui.side_by_side import Choice, show_side_by_side
from coverage.ui.state import AppState, view_comparison
from coverage.ui.style import show_plain
from coverage.wording import say

PICTURES = ("before", "after", "change")
_PICTURE = Choice(
    "sammenlign-picture",
    PICTURES,
    label="app.simulering.picture.label",
    word_key=lambda picture: f"app.sammenlign.picture.{picture}",
    width="stretch",
)


def show_choice(offered: Sequence[Offered], state: AppState) -> None:
    """Offer the scenarios, and what they are measured against."""
    language, names = state.language, by_id(offered)
    ids = [one for one in names if one != BASELINE]
    chosen = chosen_ids(offered, state.comparison.chosen)
    which, against = st.columns([3, 1])
    key = f"sammenlign-chosen-{language}-{len(ids)}"
    show_in_widget(key, list(chosen))
    which.multiselect(
        say("app.sammenlign.chosen", language),
        ids,
        format_func=lambda one: names[one].name,
        key=key,
        placeholder=say("app.sammenlign.choose", language),
        on_change=lambda: change_state(view_comparison, chosen=tuple(st.session_state[key])),
    )
    with against:
        _select("reference", (BASELINE, *chosen), names, state)


def show_map_choice(
    shown: str, others: Sequence[str], names: Mapping[str, Offered], state: AppState
) -> None:
    """Offer the scenarios that are compared, and what the map shows of people."""
    left, right = st.columns([1, 1.5], vertical_alignment="bottom")
    with left:
        _select("shown", others, names, state, shown)
    with right:
        show_side_by_side(
            _PICTURE,
            state.comparison.picture,
            lambda picture: change_state(view_comparison, picture=picture),
            state.language,
        )


def show_figure_choice(state: AppState) -> None:
    """Offer the figures for the table of areas."""
    language = state.language
    key = f"sammenlign-figure-{language}"
    show_in_widget(key, state.comparison.figure)
    st.selectbox(
        say("app.sammenlign.figure_choice", language),
        SHOWN_FIGURES,
        format_func=lambda figure: figure_title(figure, language),
        key=key,
        on_change=lambda: change_state(view_comparison, figure=st.session_state[key]),
    )


def show_left_out(left_out: Sequence[LeftOut], state: AppState) -> None:
    """Say which saved scenarios cannot be compared."""
    language = state.language
    if not left_out:
        return
    with st.expander(say("app.sammenlign.left_out", language, count=len(left_out))):
        for one in left_out:
            if one.problem is None:
                show_plain(
                    say("app.sammenlign.other_register", language),
                    "app-question",
                    emphasis=one.name,
                )
            else:
                show_plain(one.name, "app-heading")
                show_problem(one.problem, language)


def _select(
    name: str,
    options: Sequence[str],
    names: Mapping[str, Offered],
    state: AppState,
    chosen: str = "",
) -> None:
    language = state.language
    held = chosen or getattr(state.comparison, name)
    # Other options are another widget: a browser keeps the old ones otherwise.
    key = f"sammenlign-{name}-{language}-{abs(hash(tuple(options)))}"
    show_in_widget(key, held if held in options else options[0])
    st.selectbox(
        say(f"app.sammenlign.{name}", language),
        options,
        format_func=lambda one: names[one].name,
        key=key,
        on_change=lambda: change_state(view_comparison, **{name: st.session_state[key]}),
    )
