"""The region's judgements of one area: the form to enter them, and those entered so far."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from coverage.decision_files import (
    MAX_AUTHOR_LENGTH,
    MAX_REASON_LENGTH,
    Judgement,
    add_judgement,
)
from coverage.errors import LaegedaekningError
from coverage.plan_tables import JUDGED
from coverage.study_file import Study
from coverage.ui.problems import show_problem
from coverage.ui.session import change_state
from coverage.ui.state import AppState, Message, file_judgement, refuse_judgement
from coverage.ui.style import escape_markdown, show_plain
from coverage.ui.truede.criterion_text import criterion_name, day_text
from coverage.wording import Language, say

OVERRIDE = "override"
_SAVED, _INCOMPLETE = "app.truede.judge.saved", "app.truede.judge.incomplete"
_SECTION = '[judgements]\npath = "judgements.csv"'
_DATE_FORMATS = {"da": "DD.MM.YYYY", "en": "YYYY-MM-DD"}
_EARLIEST = date(2000, 1, 1)
# What the form offers -> ``Judgement.met``.
VERDICTS: Mapping[str, bool | None] = {"yes": True, "no": False, "withdrawn": None}
_REASON_PX = 84
_HISTORY_PX, _HISTORY_ROWS = 260, 4


def today() -> date:
    """Return the day by the clock of this machine."""
    return datetime.now(tz=UTC).astimezone().date()


def show_judgement_form(study: Study, area: "pd.Series", state: AppState) -> None:
    """Show the form, or how to give the study a file for judgements.

    Parameters
    ----------
    area
        Its row of ``Designation.areas``.
    """
    language = state.language
    level, area_id = area["area_level"], area["area_id"]
    heading = say("app.truede.judge.heading", language, area=area["area_name"])
    show_plain(heading, "app-heading")
    if study.judgements is None:
        file_name = study.path.name if study.path else "study.toml"
        show_plain(say("app.truede.judge.no_file", language, file=file_name), "app-question")
        st.code(_SECTION, language="toml")
        return
    # New fields for another area and after each judgement: no reason lands in the wrong place.
    stem = f"judge-{level}-{area_id}-{state.entries}-{language}"
    with st.form(f"form-{stem}", enter_to_submit=False):
        _show_fields(stem, state)
        st.form_submit_button(
            say("app.truede.judge.button", language),
            key=f"submit-{stem}",
            on_click=_file_entered,
            args=(study.judgements.path, level, area_id, stem),
            width="stretch",
        )
    _show_outcome(state)


def _show_fields(stem: str, state: AppState) -> None:
    language = state.language
    what, met = st.columns([2, 1])
    what.selectbox(
        say("app.truede.judge.criterion", language),
        JUDGED,
        format_func=lambda name: criterion_name(name, language),
        key=f"criterion-{stem}",
        help=say("app.truede.judge.override_help", language),
    )
    met.radio(
        say("app.truede.judge.met", language),
        list(VERDICTS),
        index=None,
        format_func=lambda verdict: say(f"app.truede.judge.{verdict}", language),
        horizontal=True,
        key=f"met-{stem}",
    )
    author, day = st.columns([2, 1])
    author.text_input(
        say("app.truede.judge.author", language),
        state.author,
        max_chars=MAX_AUTHOR_LENGTH,
        key=f"author-{stem}",
    )
    # A day to come would outdo every judgement until then.
    day.date_input(
        say("app.truede.judge.day", language),
        today(),
        min_value=_EARLIEST,
        max_value=today(),
        format=_DATE_FORMATS[language],
        key=f"day-{stem}",
    )
    st.text_area(
        say("app.truede.judge.reason", language),
        height=_REASON_PX,
        max_chars=MAX_REASON_LENGTH,
        key=f"reason-{stem}",
    )


def _file_entered(path: Path, level: str, area_id: str, stem: str) -> None:
    """File what the form holds, or tell why not."""
    fields = ("criterion", "met", "author", "day", "reason")
    criterion, met, author, day, reason = (st.session_state[f"{name}-{stem}"] for name in fields)
    change_state(
        enter_judgement, path, (level, area_id, criterion, met, day, author or "", reason or "")
    )


def enter_judgement(
    state: AppState,
    path: Path,
    entered: tuple[str, str, str, str | None, date | None, str, str],
) -> AppState:
    """File a judgement and return the state that tells what became of it.

    Parameters
    ----------
    path
        Of the study's judgements.
    entered
        The fields of ``Judgement`` as the form has them, in their order, ``met`` as
        one of ``VERDICTS``; what is not chosen is None.
    """
    level, area_id, criterion, verdict, day, author, reason = entered
    if verdict is None or day is None or not author.strip() or not reason.strip():
        return refuse_judgement(state, Message(_INCOMPLETE))
    met = VERDICTS[verdict]
    try:
        add_judgement(path, Judgement(level, area_id, criterion, met, day, author, reason))
    except LaegedaekningError as problem:
        return refuse_judgement(state, problem)
    values = (("file", path.name), ("criterion", criterion), ("verdict", verdict))
    return file_judgement(state, author.strip(), Message(_SAVED, values))


def _show_outcome(state: AppState) -> None:
    """Show what became of the judgement entered last."""
    entry, language = state.entry, state.language
    if isinstance(entry, LaegedaekningError):
        show_plain(say("app.truede.judge.not_saved", language), "app-heading")
        show_problem(entry, language)
    elif entry is not None and entry.key == _SAVED:
        st.success(escape_markdown(_saved_text(entry, language)))
    elif entry is not None:
        st.warning(escape_markdown(say(entry.key, language)))


def _saved_text(entry: Message, language: Language) -> str:
    told = dict(entry.values)
    criterion = str(told["criterion"])
    return say(
        entry.key,
        language,
        file=told["file"],
        criterion=criterion_name(criterion, language),
        met=met_text(criterion, language, met=VERDICTS[str(told["verdict"])]),
    )


def met_text(criterion: str, language: Language, *, met: bool | None) -> str:
    """Return what a judgement says: met or not, an override's signal, or that it withdraws."""
    if met is None or pd.isna(met):
        return say("app.truede.judge.taken_back", language)
    kind = "signal" if criterion == OVERRIDE else "met"
    return say(f"app.truede.judge.{kind}_{'yes' if met else 'no'}", language)


def judgements_of(judgements: pd.DataFrame, level: str, area_id: str) -> pd.DataFrame:
    """Return an area's rows of table JUDGEMENTS, the newest first; of one day's, the last row."""
    own = judgements[(judgements["area_level"] == level) & (judgements["area_id"] == area_id)]
    return own.sort_values(["entered_on", "source_row"], ascending=False, ignore_index=True)


def show_history(judgements: pd.DataFrame, language: Language) -> None:
    """Show judgements (of ``judgements_of``); many of them scroll."""
    if judgements.empty:
        show_plain(say("app.truede.judge.nothing", language), "app-small")
        return
    count = len(judgements)
    show_plain(say("app.truede.judge.history", language, count=count), "app-small")
    scrolls = count > _HISTORY_ROWS
    with st.container(height=_HISTORY_PX if scrolls else "content", border=False):
        for row in judgements.to_dict("records"):
            line = say(
                "app.truede.judge.entry",
                language,
                date=day_text(row["entered_on"], language),
                criterion=criterion_name(row["criterion"], language),
                met=met_text(row["criterion"], language, met=row["met"]),
                author=row["author"],
            )
            show_plain(line, "app-question", emphasis=row["reason"])
