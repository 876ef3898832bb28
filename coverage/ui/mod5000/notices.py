"""What a reader of the path must know."""

import streamlit as st

from coverage.pathway.pathway import Pathway
from coverage.ui.style import show_plain
from coverage.wording import Language, say


def show_path_notices(pathway: Pathway, language: Language) -> None:
    """Show how the years are reckoned, and the path's own notices."""
    with st.expander(say("app.mod5000.notices", language, count=len(pathway.notices))):
        show_plain(say("app.mod5000.how", language), "app-question")
        for notice in pathway.notices:
            show_plain(f"• {notice.say(language)}", "app-question")
