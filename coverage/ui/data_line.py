"""What the numbers rest on: files, years, rules, and what a reader must know."""

import streamlit as st

from coverage.exports.basis_sheet import role_key
from coverage.study import StudyResult
from coverage.ui.formats import format_date
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.wording import Language, keys, say


def data_line(result: StudyResult, language: Language) -> str:
    """Return the files with their dates, and the rules, in one line."""
    parts = []
    for account in result.stamp.inputs:
        undated = say("app.source.no_date", language)
        date = format_date(account.as_of, language) if account.as_of else undated
        words = f"app.source.{role_key(account.role)}"
        role = say(words, language) if words in keys("app.source.") else account.role
        parts.append(
            say("app.source.one", language, role=role, file_name=account.file_name, date=date)
        )
    rules = result.assessment.rules
    title = rules.title_da if language == "da" else rules.title_en
    valid_on = format_date(rules.valid_on, language)
    parts.append(say("app.source.rules", language, title=title, date=valid_on))
    if not result.assessment.illustrative:
        parts.append(say("app.source.osm", language))
    return " · ".join(parts)


def show_data_line(result: StudyResult, language: Language) -> None:
    """Show the line, and the notices folded under it."""
    show_plain(data_line(result, language), "app-small")
    notices = result.assessment.notices
    if notices:
        with st.expander(say("app.notices.heading", language, count=len(notices))):
            for notice in notices:
                show_plain(f"• {notice.say(language)}", "app-question")


def show_moved_thresholds(state: AppState) -> None:
    """Say that the signals follow the visitor's own thresholds, if they do."""
    if state.thresholds:
        count = len(state.thresholds)
        show_plain(say("app.overblik.moved", state.language, count=count), "app-banner")
