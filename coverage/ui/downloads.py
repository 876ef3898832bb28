"""Every file of a run, made when the first of them is fetched."""

import mimetypes
from functools import partial

import streamlit as st

from coverage.ui.loading import ZIP_NAME, StudyKey, output_files
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.wording import Language, say


def file_content(key: StudyKey, language: Language, name: str) -> bytes:
    """Return one output of the baseline."""
    return output_files(key, language)[name]


def show_downloads(key: StudyKey, state: AppState, names: tuple[str, ...]) -> None:
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
                data=partial(file_content, key, language, name),
                file_name=name,
                mime=mimetypes.guess_type(name)[0] or "application/octet-stream",
                key=f"download-{language}-{name}",
                on_click="ignore",
                width="stretch",
            )
