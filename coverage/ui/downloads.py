"""Every file of a run, made when the first of them is fetched."""

import mimetypes
from functools import partial

import streamlit as st

from coverage.exports.outputs import ANNEX_BOOK_NAME
from coverage.ui.loading import (
    ZIP_NAME,
    Thresholds,
    annex_workbook,
    judged_state,
    output_files,
)
from coverage.ui.ready import ReadyStudy
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.wording import Language, say


def file_content(study: ReadyStudy, language: Language, name: str) -> bytes:
    """Return one output of the baseline."""
    return output_files(study.key, judged_state(study.result.study), language)[name]


def annex_content(study: ReadyStudy, thresholds: Thresholds, language: Language) -> bytes:
    """Return the annex workbook as the page shows it."""
    return annex_workbook(study.key, thresholds, judged_state(study.result.study), language)


def show_annex_download(study: ReadyStudy, state: AppState) -> None:
    """Show a button for the annex workbook, with the thresholds and judgements of the page."""
    language = state.language
    st.download_button(
        say("app.download.annex", language),
        data=partial(annex_content, study, state.thresholds, language),
        file_name=ANNEX_BOOK_NAME,
        mime=mimetypes.guess_type(ANNEX_BOOK_NAME)[0] or "application/octet-stream",
        key=f"download-annex-{language}",
        on_click="ignore",
        width="stretch",
    )


def show_downloads(study: ReadyStudy, state: AppState, names: tuple[str, ...]) -> None:
    """Show a menu with a button for each output, and one for all of them.

    The files are the baseline's; with candidates placed, the menu says so.
    """
    language = state.language
    with st.popover(say("app.download.menu", language), width="stretch"):
        show_plain(say("app.download.intro", language), "app-small")
        if state.candidates:
            show_plain(say("app.download.baseline", language), "app-banner")
        for name in (ZIP_NAME, *names):
            # A key of the wording cannot hold a full stop.
            label = say(f"app.download.file.{name.replace('.', '_')}", language)
            st.download_button(
                f"{label} ({name})",
                data=partial(file_content, study, language, name),
                file_name=name,
                mime=mimetypes.guess_type(name)[0] or "application/octet-stream",
                key=f"download-{language}-{name}",
                on_click="ignore",
                width="stretch",
            )
