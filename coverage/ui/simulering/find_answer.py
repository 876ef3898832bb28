"""How far a search is, and its answer: what is gained, how near to the best, step by step."""

import math

import streamlit as st

from coverage.exports.placement_words import value_text
from coverage.exports.scenario_words import capacities_text
from coverage.placement.place import Placement
from coverage.scenario.actions import Open
from coverage.ui.background_run import BackgroundRun
from coverage.ui.formats import format_number, format_percent, format_persons
from coverage.ui.problems import show_problem
from coverage.ui.scenario_results import Ground
from coverage.ui.session import current_state
from coverage.ui.simulering.finding import Search, add_proposals, put_away
from coverage.ui.simulering.practice_names import action_sentence
from coverage.ui.simulering.proposals import Proposal
from coverage.ui.state import AppState
from coverage.ui.style import escape_markdown, show_plain
from coverage.wording import Language, say

_LOOK_EVERY_S = 0.5
_STEPS_IN_SIGHT, _STEPS_PX = 5, 230
_PERCENT = 100.0
_HALF_A_PERSON = 0.5
# Persons or metres: sums in another order differ by more than nothing.
_NO_GAIN = 1e-6


@st.fragment(run_every=_LOOK_EVERY_S)
def show_progress(run: "BackgroundRun[Placement]", shown: Placement | None) -> None:
    """Show how far the search is, again and again; whatever it has found, on the whole page.

    Parameters
    ----------
    shown
        The answer that the rest of the page shows.
    """
    language = current_state().language
    if run.is_over or run.so_far is not shown:
        st.rerun()
    bar, stop = st.columns([2.1, 1], vertical_alignment="center")
    bar.progress(run.share, say(f"app.find.stage.{run.stage}", language))
    stop.button(
        say("app.find.stop", language),
        key=f"find-stop-{language}",
        on_click=run.stop,
        disabled=run.is_stopped,
        width="stretch",
    )
    if run.is_stopped:
        show_plain(say("app.find.stopping", language), "app-small")
    elif not math.isnan(run.gap):
        show_plain(
            say("app.find.gap_so_far", language, gap=_percent(run.gap, language)), "app-small"
        )


def show_answer(ground: Ground, search: Search, state: AppState) -> None:
    """Show what was found, or why nothing was; over a proof that goes on, too."""
    language, run = state.language, search.run
    if run.problem is not None or run.failed:
        show_problem(run.problem, language)
        return
    placement = search.answer
    if placement is None:
        return
    for number, line in enumerate(headlines(placement, language, is_over=run.is_over)):
        partial = run.is_over and placement.stopped_by == "interrupted"
        show_plain(line, "app-action" if not number else "app-banner" if partial else "app-small")
    if search.is_stale:
        show_plain(say("app.find.stale", language), "app-warning")
    _show_all_buttons(ground, search, language)
    is_long = len(search.found) > _STEPS_IN_SIGHT
    with st.container(height=_STEPS_PX if is_long else "content", border=False, key="find-steps"):
        for proposal in search.found:
            _show_step(ground, search, proposal, state)


def headlines(placement: Placement, language: Language, *, is_over: bool) -> tuple[str, ...]:
    """Return what is gained, and how near to the best it is, in a sentence or two."""
    objective = placement.request.objective
    values = {
        name: value_text(objective, getattr(placement, name), language)
        for name in ("gain", "value_before", "value_after")
    }
    # Once is enough for the unit: the column is narrow.
    unit = say(f"placement.unit.{objective}", language)
    values["value_before"] = values["value_before"].removesuffix(unit).strip()
    key = "gained" if placement.gain > _NO_GAIN else "nothing_gained"
    gained = say(f"app.find.{key}", language, **values)
    if not is_over:
        return (gained, say("app.find.proving", language))
    told = say(f"placement.stopped.{placement.stopped_by}", language)
    gap = placement.gap_of_gain
    if placement.stopped_by != "optimal" and not math.isnan(gap):
        near = say("app.find.near", language, gap=_percent(gap, language))
        told = f"{told} {near}"
    return (gained, told)


def gain_text(objective: str, gain: float, language: Language) -> str:
    """Return what a step adds, short: ``+11.708`` people, or ``-1.600`` or ``-0,152 km`` less."""
    if objective == "second_distance":
        return f"-{value_text(objective, gain, language)}"
    if gain < _HALF_A_PERSON:
        return format_persons(max(0.0, gain), language)
    sign = "+" if objective == "choice" else "-"
    return f"{sign}{format_persons(gain, language)}"


def step_text(proposal: Proposal, search: Search, ground: Ground, language: Language) -> str:
    """Return a step in words."""
    gain = gain_text(search.asked.wish.objective, proposal.gain, language)
    if isinstance(proposal.action, Open):
        capacities = capacities_text(proposal.action.capacities, language)
        what = say("app.find.opens", language, place=proposal.place, capacities=capacities)
    else:
        scenario = search.asked.scenario
        what = action_sentence(proposal.action, ground.assessment, scenario, language)
    return say("app.find.step", language, step=str(proposal.step), what=what, gain=gain)


def _show_all_buttons(ground: Ground, search: Search, language: Language) -> None:
    add, away = st.columns([1.6, 1])
    count = format_number(len(search.left), language)
    add.button(
        say("app.find.add_all" if search.left else "app.find.all_added", language, count=count),
        key=f"find-add-all-{language}",
        on_click=add_proposals,
        args=(ground, search.left),
        disabled=not search.left,
        width="stretch",
    )
    away.button(
        say("app.find.put_away", language),
        key=f"find-put-away-{language}",
        on_click=put_away,
        disabled=not search.run.is_over,
        width="stretch",
    )


def _show_step(ground: Ground, search: Search, proposal: Proposal, state: AppState) -> None:
    language = state.language
    words, add = st.columns([5, 1], vertical_alignment="center")
    with words:
        show_plain(step_text(proposal, search, ground, language), "app-action")
    is_left = proposal in search.left
    add.button(
        escape_markdown(say(f"app.find.{'add' if is_left else 'added'}_sign", language)),
        key=f"find-add-{proposal.step}-{language}",
        help=say("app.find.add_one" if is_left else "app.find.is_added", language),
        on_click=add_proposals,
        args=(ground, [proposal]),
        disabled=not is_left,
        type="tertiary",
        width="stretch",
    )


def _percent(share: float, language: Language) -> str:
    return format_percent(share * _PERCENT, language)
