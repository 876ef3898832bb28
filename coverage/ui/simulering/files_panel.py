"""Scenarios on disk: save, the list of saved ones, download and upload."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.scenario.actions import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, Scenario
from coverage.scenario_files import normalise_scenario, parse_scenario, scenario_text
from coverage.scenario_folder import (
    SavedScenario,
    delete_scenario,
    find_saved,
    list_scenarios,
    save_scenario,
    scenario_file_name,
)
from coverage.ui.draft import begin_anew, forget_saved, load_scenario, mark_saved, name_scenario
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.state import AppState, Message, change_draft, view_simulation
from coverage.ui.style import name_upload_button, show_plain
from coverage.wording import Language, say, say_error

_UPLOAD_MB = 1
_NOTE_PX = 70


def show_files_panel(folder: Path, state: AppState) -> None:
    """Show name and note, and everything that is done with files."""
    language = state.language
    _show_names(state)
    _show_saving(folder, state)
    _show_saved(folder, language)
    _show_upload(state)


def save(folder: Path, *, replacing: bool = False) -> None:
    """Save the draft; over a scenario of the same name that is another one, only if asked to."""
    state = current_state()
    try:
        scenario = normalise_scenario(state.draft.scenario)
        older = find_saved(folder, scenario.name)
        # One that cannot be read may be of a newer version: it is not ours either.
        ours = older is None or (older.problem is None and older.scenario == state.draft.saved)
        if not ours and not replacing:
            change_state(view_simulation, replacing=True)
            return
        kept = save_scenario(folder, scenario).scenario
    except LaegedaekningError as problem:
        change_state(view_simulation, outcome=problem)
        return
    if kept is not None:
        draft = mark_saved(state.draft, kept)
        told = Message("app.simulering.saved", (("name", kept.name),))
        change_state(change_draft, draft, told)


def load(scenario: Scenario, *, is_saved: bool) -> None:
    """Take a scenario in place of the draft, which an undo brings back."""
    draft = load_scenario(current_state().draft, scenario, is_saved=is_saved)
    told = Message("app.simulering.loaded", (("name", scenario.name),))
    change_state(change_draft, draft, told)


def delete(folder: Path, file_name: str) -> None:
    """Delete a saved scenario; the draft stays, and is not saved if it is the same one."""
    try:
        delete_scenario(folder, file_name)
    except LaegedaekningError as problem:
        change_state(view_simulation, outcome=problem)
        return
    told = Message("app.simulering.deleted", (("name", file_name),))
    change_state(change_draft, forget_saved(current_state().draft, file_name), told)


def upload(key: str) -> None:
    """Load the file that was uploaded, or tell what is wrong with it."""
    file = st.session_state.get(key)
    if file is None:
        return
    uploads = current_state().simulation.uploads + 1
    try:
        scenario = parse_scenario(file.getvalue(), where=file.name)
    except LaegedaekningError as problem:
        change_state(view_simulation, outcome=problem, uploads=uploads)
        return
    load(scenario, is_saved=False)
    outcome = current_state().simulation.outcome
    change_state(view_simulation, uploads=uploads, outcome=outcome)


def _show_names(state: AppState) -> None:
    language, scenario = state.language, state.draft.scenario
    keys = {name: f"simulering-{name}-{language}" for name in ("name", "note")}

    def keep() -> None:
        typed = (str(st.session_state[key] or "") for key in keys.values())
        change_state(change_draft, name_scenario(current_state().draft, *typed))

    for name, key in keys.items():
        show_in_widget(key, getattr(scenario, name))
    st.text_input(
        say("app.simulering.files.name", language),
        key=keys["name"],
        max_chars=MAX_NAME_LENGTH,
        placeholder=say("app.simulering.files.name_example", language),
        on_change=keep,
    )
    st.text_area(
        say("app.simulering.files.note", language),
        key=keys["note"],
        max_chars=MAX_NOTE_LENGTH,
        height=_NOTE_PX,
        on_change=keep,
    )


def _show_saving(folder: Path, state: AppState) -> None:
    language, scenario = state.language, state.draft.scenario
    if state.simulation.replacing:
        st.warning(say("app.simulering.files.replace_question", language))
        yes, no = st.columns(2)
        _button(yes, "replace", language, lambda: save(folder, replacing=True))
        _button(no, "keep", language, lambda: change_state(view_simulation))
        return
    left, right = st.columns(2)
    _button(left, "save", language, lambda: save(folder))
    right.download_button(
        say("app.simulering.files.download", language),
        data=scenario_text(scenario).encode(),
        file_name=scenario_file_name(scenario.name),
        mime="application/toml",
        key=f"simulering-download-{language}",
        on_click="ignore",
        # A file without a name could not be uploaded again.
        disabled=not scenario.name.strip(),
        width="stretch",
    )


def _show_saved(folder: Path, language: Language) -> None:
    saved = list_scenarios(folder)
    heading = say("app.simulering.files.saved", language, count=len(saved))
    with st.popover(heading, width="stretch"):
        if not saved:
            show_plain(say("app.simulering.files.none", language), "app-question")
        for one in saved:
            _show_file(folder, one, language)
    _button(
        st.container(),
        "anew",
        language,
        lambda: change_state(change_draft, begin_anew(current_state().draft)),
    )


def _show_file(folder: Path, saved: SavedScenario, language: Language) -> None:
    scenario, name = saved.scenario, saved.file_name
    if scenario is None:
        unusable = say("app.simulering.files.unusable", language)
        show_plain(f"{name}: {unusable}", "app-heading")
        why = say_error(saved.problem.what, language) if saved.problem else ""
        show_plain(why, "app-small")
    else:
        count = say("app.simulering.files.count", language, count=len(scenario.actions))
        show_plain(f"{scenario.name} ({count})", "app-heading")
        show_plain(scenario.note, "app-small")
    asked = current_state().simulation.deleting == name
    if asked:
        show_plain(say("app.simulering.files.delete_question", language), "app-question")
    left, right = st.columns(2)
    if asked:
        _button(left, "delete_yes", language, lambda: delete(folder, name), name)
        _button(right, "delete_no", language, lambda: change_state(view_simulation), name)
        return
    if scenario is not None:
        _button(left, "load", language, partial(load, scenario, is_saved=True), name)
    ask = partial(change_state, view_simulation, deleting=name)
    _button(right, "delete", language, ask, name)


def _show_upload(state: AppState) -> None:
    language = state.language
    key = f"simulering-upload-{state.simulation.uploads}-{language}"
    name_upload_button(say("app.simulering.files.choose", language))
    st.file_uploader(
        say("app.simulering.files.upload", language),
        type=["toml"],
        max_upload_size=_UPLOAD_MB,
        key=key,
        on_change=upload,
        args=(key,),
    )


def _button(
    place: "st.delta_generator.DeltaGenerator",
    name: str,
    language: Language,
    act: Callable[[], None],
    of: str = "",
) -> None:
    place.button(
        say(f"app.simulering.files.{name}", language),
        key=f"simulering-files-{name}-{of}-{language}",
        on_click=act,
        width="stretch",
    )
