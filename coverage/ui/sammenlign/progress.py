"""Scenarios are assessed while the visitor sees how far it is."""

from collections.abc import Sequence

import streamlit as st

from coverage.ui.problems import show_problem
from coverage.ui.sammenlign.compared import assess_all
from coverage.ui.sammenlign.variants import Offered
from coverage.ui.scenario_results import Ground
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.wording import say


def assess_with_progress(
    ground: Ground, wanted: Sequence[Offered], state: AppState
) -> tuple[Offered, ...]:
    """Assess what is to be compared, showing how far it is, and tell what cannot be."""
    place = st.empty()

    def report(share: float, name: str) -> None:
        busy = say("app.sammenlign.busy", state.language, name=name)
        with place.container():
            show_plain(busy, "app-question")
            st.progress(share)

    done, failed = assess_all(ground, wanted, report)
    place.empty()
    for one in failed:
        show_plain(one.name, "app-heading")
        show_problem(one.problem, state.language)
    return done
