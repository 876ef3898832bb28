"""What became of the visitor's last wish, in words."""

import streamlit as st

from coverage.assessment import Assessment
from coverage.errors import LaegedaekningError
from coverage.exports.scenario_words import clause_text, finding_text
from coverage.scenario.checks import Finding
from coverage.ui.place_lookup import place_message
from coverage.ui.problems import show_problem
from coverage.ui.state import AppState, Message, Refused
from coverage.ui.style import escape_markdown, show_plain
from coverage.wording import Language, say

_PLACE = "place."
_GOOD = ("app.simulering.saved", "app.simulering.deleted", "app.simulering.loaded")


def show_outcome(assessment: Assessment, state: AppState) -> None:
    """Show what the last wish came to, if there is anything to say."""
    outcome, language = state.simulation.outcome, state.language
    if isinstance(outcome, Refused):
        st.error(say("app.simulering.refused", language))
        for finding in outcome.findings:
            show_finding(finding, assessment, language)
    elif isinstance(outcome, LaegedaekningError):
        show_problem(outcome, language)
    elif isinstance(outcome, Message):
        text = escape_markdown(_text(outcome, assessment, language))
        (st.success if outcome.key in _GOOD else st.warning)(text)


def show_finding(finding: Finding, assessment: Assessment, language: Language) -> None:
    """Show a rule that is touched: what was found, and the clause that it comes from."""
    verdict = say("scenario.forbids" if finding.forbidden else "scenario.warns", language)
    clause = clause_text(finding, assessment.rules, language)
    look = "app-forbidden" if finding.forbidden else "app-warning"
    show_plain(f"{verdict}: {finding_text(finding, language)} {clause}", look)


def _text(message: Message, assessment: Assessment, language: Language) -> str:
    if message.key.startswith(_PLACE):
        return place_message(message, assessment, language)
    return say(message.key, language, **dict(message.values))
