"""The page Simulering in Streamlit's own test harness, spoken of as its user sees it."""

STATE = "laegedaekning"
SCRIPT = """
import sys
from pathlib import Path
from coverage.ui.pages.simulering import show_simulering
from coverage.ui.session import open_session
open_session(Path(sys.argv[1]))
show_simulering()
"""


def texts(page):
    return " ".join(element.value for element in page.get("html"))


def figures(page):
    return {metric.label: (metric.value, metric.delta) for metric in page.metric}


def draft_of(page):
    return page.session_state[STATE].draft


def actions_of(page):
    return draft_of(page).scenario.actions


def change(page, function, *args, **kwargs):
    page.session_state[STATE] = function(page.session_state[STATE], *args, **kwargs)
    return page.run()


def press(page, label):
    next(button for button in page.button if button.label == label).click()
    page.run()
    assert not page.exception
    return page
