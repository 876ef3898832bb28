"""The app's frame: pages, language, and the study that is open."""

import sys
from pathlib import Path

import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.study_file import load_study
from coverage.ui.loading import study_argument
from coverage.ui.pages.laegevalg import show_laegevalg
from coverage.ui.pages.metode import show_metode
from coverage.ui.pages.mod5000 import show_mod5000
from coverage.ui.pages.overblik import show_overblik
from coverage.ui.pages.sammenlign import show_sammenlign
from coverage.ui.pages.simulering import show_simulering
from coverage.ui.pages.skal import show_skal
from coverage.ui.pages.truede import show_truede
from coverage.ui.problems import show_problem
from coverage.ui.session import change_state, current_state, open_session
from coverage.ui.state import MAP_HEIGHTS_PX, choose_language, choose_map_height
from coverage.ui.static_assets import provide_leaflet
from coverage.ui.style import show_plain, show_title, use_style
from coverage.wording import LANGUAGES, Notice, say

# Page name in the wording and in the address -> what shows it.
PAGES = {
    "overblik": show_overblik,
    "laegevalg": show_laegevalg,
    "truede": show_truede,
    "skal": show_skal,
    "simulering": show_simulering,
    "sammenlign": show_sammenlign,
    "mod5000": show_mod5000,
    "metode": show_metode,
}
_LANGUAGE_KEY = "language"


def main(app_folder: Path) -> None:
    """Run the app once, as Streamlit does for every visit and every click.

    The study is the first argument of the running script (``streamlit run
    app.py -- study.toml``), or else the demo.

    Parameters
    ----------
    app_folder
        The running script's folder: Streamlit serves its ``static`` folder.
    """
    st.set_page_config(page_title=say("app.title", "da"), layout="wide")
    use_style(has_menu=len(PAGES) > 1)
    language = open_session(study_argument(sys.argv[1:])).language
    try:
        provide_leaflet(app_folder)
    except LaegedaekningError as problem:
        show_problem(problem, language)
        return
    pages = [
        st.Page(show, title=say(f"app.page.{name}", language), url_path=name)
        for name, show in PAGES.items()
    ]
    page = st.navigation(pages, position="top")
    _show_frame(page.title)
    page.run()


def _show_frame(page_title: str) -> None:
    state = current_state()
    widths = [4.6, 3.6, 1.4, 1.2]
    title, banner, language, settings = st.columns(widths, vertical_alignment="center")
    try:
        study = load_study(state.study_path)
        name, illustrative = study.title, study.illustrative
    except LaegedaekningError:
        # The page tells what is wrong with it.
        name, illustrative = state.study_path.name, False
    with title:
        show_title(say("app.title", state.language), f"{page_title} · {name}")
    with banner:
        if illustrative:
            show_plain(Notice("illustrative").say(state.language), "app-banner")
    with language:
        _choose_language()
    with settings:
        _show_settings()


def _choose_language() -> None:
    language = current_state().language
    # The control lies outside the language's own widgets: its key never changes.
    st.segmented_control(
        say("app.language.label", language),
        LANGUAGES,
        default=language,
        required=True,
        format_func=lambda name: say(f"app.language.{name}", language),
        key=_LANGUAGE_KEY,
        label_visibility="collapsed",
        on_change=lambda: change_state(choose_language, st.session_state[_LANGUAGE_KEY]),
    )


def _show_settings() -> None:
    state = current_state()
    key = f"map-height-{state.language}"
    with st.popover(say("app.settings.menu", state.language), width="stretch"):
        st.segmented_control(
            say("app.settings.map_height", state.language),
            MAP_HEIGHTS_PX,
            default=state.map_height_px,
            required=True,
            format_func=lambda height: say(f"app.settings.height_{height}", state.language),
            key=key,
            on_change=lambda: change_state(choose_map_height, st.session_state[key]),
        )
