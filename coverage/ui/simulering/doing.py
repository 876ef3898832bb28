"""What a visitor's clicks and buttons do: an action is tried, and added if it can be."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.scenario.actions import Action, Close, Move, OpenSatellite, Resize, Retire, SetIntake
from coverage.ui.draft import Draft, NewSite, add_actions, open_sites
from coverage.ui.place_lookup import FoundPlace, look_up_place
from coverage.ui.scenario_results import Ground, has_road, kept_measured
from coverage.ui.session import change_state, current_state
from coverage.ui.simulering.practice_names import nearest_practice
from coverage.ui.state import (
    Message,
    Refused,
    change_draft,
    handle_click,
    new_click,
    view_simulation,
)
from coverage.units import LONLAT_EPSG, reproject

NO_ROAD = Message("place.no_road")
TYPED_KEY = "simulering-place"


def clicked(ground: Ground, component_value: object) -> None:
    """Do what a click on the map means just now, once for each click."""
    click = new_click(current_state(), component_value)
    if click is None:
        return
    change_state(handle_click, click)
    x_m, y_m = reproject([click[1]], [click[0]], from_epsg=LONLAT_EPSG)
    use_place(ground, FoundPlace(float(x_m[0]), float(y_m[0])))


def use_place(ground: Ground, found: FoundPlace) -> bool:
    """Place, choose or move a practice here; return whether an action was added."""
    state = current_state()
    view = state.simulation
    if view.panel == "open":
        return _open_here(ground, found)
    if view.panel == "practice" and view.click == "choose":
        return _choose_here(ground, found)
    if view.panel != "practice" or not view.practice:
        return False
    place = {"x_m": found.x_m, "y_m": found.y_m, "address": found.label}
    kind = Move if view.click == "move" else OpenSatellite
    action = kind(ydernummer=view.practice, **place)  # type: ignore[arg-type]
    if not do(ground, [action], found):
        return False
    # A second click must not move it once more.
    outcome = current_state().simulation.outcome
    change_state(view_simulation, click="choose", outcome=outcome)
    return True


def use_typed(ground: Ground, panel: str, click: str) -> None:
    """Use the typed address or coordinates as a click there.

    Parameters
    ----------
    panel, click
        What was typed for, whatever a click on the map would do.
    """
    key = f"{TYPED_KEY}-{panel}"
    found = look_up_place(ground.key, str(st.session_state.get(key, "")))
    if isinstance(found, Message):
        change_state(view_simulation, outcome=found)
        return
    change_state(view_simulation, panel=panel, click=click)
    if use_place(ground, found):
        st.session_state[key] = ""


def do(ground: Ground, actions: Sequence[Action], found: FoundPlace | None = None) -> bool:
    """Add actions if they can be carried out and no rule forbids them; return whether they were.

    Parameters
    ----------
    found
        The place that they need.
    """
    draft = add_actions(current_state().draft, actions, ground.register_sha256)
    return try_draft(ground, draft, found)


def try_draft(ground: Ground, draft: Draft, found: FoundPlace | None = None) -> bool:
    """Take a draft with more actions if it can be carried out, and tell why not otherwise."""
    if found is not None and not has_road(ground, found.x_m, found.y_m):
        change_state(view_simulation, outcome=NO_ROAD)
        return False
    try:
        measured = kept_measured(ground, draft.scenario)
    except LaegedaekningError as problem:
        change_state(view_simulation, outcome=problem)
        return False
    forbidden = tuple(finding for finding in measured.findings if finding.forbidden)
    if forbidden:
        change_state(view_simulation, outcome=Refused(forbidden))
        return False
    change_state(change_draft, draft, _near(found))
    return True


def close(ground: Ground, practice: str) -> None:
    """Close a practice."""
    do(ground, [Close(ydernummer=practice)])


def resize(ground: Ground, practice: str, capacities: float) -> None:
    """Give a practice so many capacities."""
    do(ground, [Resize(ydernummer=practice, capacities=capacities)])


def set_intake(ground: Ground, practice: str, *, intake_open: bool) -> None:
    """Open or close a practice's list."""
    do(ground, [SetIntake(ydernummer=practice, intake_open=intake_open)])


def retire(ground: Ground, practice: str, doctors: int) -> None:
    """Let the eldest doctors of a practice stop."""
    do(ground, [Retire(ydernummer=practice, doctors=doctors)])


def _open_here(ground: Ground, found: FoundPlace) -> bool:
    state = current_state()
    site = NewSite(found.x_m, found.y_m, found.label)
    like = state.simulation.like
    draft = open_sites(state.draft, [site], like, ground.register_sha256)
    if not try_draft(ground, draft, found):
        return False
    # The name was this practice's; the rest is likely to be the next one's, too.
    outcome = current_state().simulation.outcome
    change_state(view_simulation, like=replace(like, name=""), outcome=outcome)
    return True


def _choose_here(ground: Ground, found: FoundPlace) -> bool:
    scenario = current_state().draft.scenario
    practices = kept_measured(ground, scenario).resolved.practices
    practice = nearest_practice(practices, found.x_m, found.y_m)
    change_state(view_simulation, practice=practice)
    return False


def _near(found: FoundPlace | None) -> Message | None:
    """Return what to tell of a place that is only near the one that was asked for."""
    if found is None or not found.inexact:
        return None
    return Message(f"app.simulering.place.{found.inexact}", (("found", found.label),))
