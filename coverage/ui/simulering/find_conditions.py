"""What a search must keep to: rarely used, so in a menu of its own."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from coverage.assessment import Assessment
from coverage.exports.area_words import level_text
from coverage.exports.placement_words import value_text
from coverage.exports.scenario_words import capacities_text
from coverage.ui.formats import format_km, format_number
from coverage.ui.placement_view import (
    APART_M,
    CANDIDATES,
    CAPACITIES,
    MOVE_COSTS,
    SECONDS,
    PlacementView,
    Quota,
    Wish,
    drop_quota,
    set_quota,
    type_seed,
    wish_for,
)
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.state import AppState, change_placing
from coverage.ui.style import show_plain
from coverage.wording import Language, say

_MOST_PRACTICES = 50


def show_conditions(assessment: Assessment, state: AppState) -> None:
    """Show the menu; its name says how many conditions are other than usual."""
    language, wish = state.language, state.placing.wish
    count = wish.condition_count
    name = "menu_changed" if count else "menu"
    told = say(f"app.find.conditions.{name}", language, count=format_number(count, language))
    with st.popover(told, key="find-conditions", width="stretch"):
        left, right = st.columns(2)
        with left:
            _capacities("least", (*CAPACITIES,), language)
            _choose("practices", range(_MOST_PRACTICES + 1), _practices_text(language), language)
            _choose("apart_m", APART_M, _distance_text(language), language)
            _check("serve_skal", language)
        with right:
            _capacities("most", (0.0, *CAPACITIES), language)
            kinds = [one for one in CANDIDATES if one == wish.candidates or _has(one, assessment)]
            _choose(
                "candidates", kinds, lambda one: say(f"app.find.from.{one}", language), language
            )
            _choose("seconds", SECONDS, _seconds_text(language), language)
            _check("may_move", language)
        if wish.may_move:
            _show_move_cost(wish, language)
        _show_seed(state)
        _show_quotas(assessment, wish, language)


def _has(kind: str, assessment: Assessment) -> bool:
    return kind != "towns" or len(assessment.tables.towns) > 0


def _practices_text(language: Language) -> Callable[[int], str]:
    free = say("app.find.conditions.as_many", language)
    return lambda count: format_number(count, language) if count else free


def _distance_text(language: Language) -> Callable[[float], str]:
    free = say("app.find.conditions.any_distance", language)
    return lambda apart_m: format_km(apart_m, language) if apart_m else free


def _seconds_text(language: Language) -> Callable[[int], str]:
    none = say("app.find.conditions.no_proof", language)
    unit = say("placement.unit.s", language)
    return lambda seconds: f"{format_number(seconds, language)} {unit}" if seconds else none


def _capacities(name: str, options: Sequence[float], language: Language) -> None:
    free = say("app.find.conditions.no_limit", language)
    _choose(
        name, options, lambda value: capacities_text(value, language) if value else free, language
    )


def _show_move_cost(wish: Wish, language: Language) -> None:
    objective = wish.objective

    def text(worth: float) -> str:
        none = say("app.find.conditions.any_worth", language)
        return value_text(objective, worth, language) if worth else none

    _choose("move_cost", MOVE_COSTS[objective], text, language)


def _show_seed(state: AppState) -> None:
    language = state.language
    key = f"find-seed-{language}"
    if not state.placing.seed_problem:
        show_in_widget(key, str(state.placing.wish.seed))
    st.text_input(
        say("app.find.conditions.seed", language),
        key=key,
        help=say("app.find.conditions.seed_help", language),
        on_change=lambda: _change(type_seed, st.session_state[key]),
    )
    if state.placing.seed_problem:
        st.warning(say("app.mod5000.runs.seed_problem", language))


def _show_quotas(assessment: Assessment, wish: Wish, language: Language) -> None:
    show_plain(say("app.find.quota.heading", language), "app-heading")
    show_plain(say("app.find.quota.how", language), "app-small")
    names = {level.name: level for level in assessment.levels}
    if len(names) > 1:
        _choose("level", [*names], lambda level: level_text(level, language), language, "quota")
    areas = {str(area): str(name) for area, name in names[wish.level].names.items() if str(area)}
    for number, quota in enumerate(wish.quotas):
        _show_quota(number, quota, areas.get(quota.area_id, quota.area_id), language)
    _show_new_quota(areas, wish, language)


def _show_quota(number: int, quota: Quota, area: str, language: Language) -> None:
    words, remove = st.columns([5, 1], vertical_alignment="center")
    with words:
        ends = [capacities_text(end, language) for end in (quota.least, quota.most)]
        show_plain(
            say("app.find.quota.one", language, area=area, least=ends[0], most=ends[1]),
            "app-action",
        )
    remove.button(
        say("app.simulering.list.remove_sign", language),
        key=f"find-quota-remove-{number}-{language}",
        help=say("app.find.quota.remove", language),
        on_click=_change,
        args=(drop_quota, quota.area_id),
        type="tertiary",
    )


def _show_new_quota(areas: dict[str, str], wish: Wish, language: Language) -> None:
    options = [0.0, *(one for one in CAPACITIES if one <= wish.capacities)]
    ends = {"least": 0.0, "most": options[-1]}
    # Of another level or amount other options are offered.
    of_what = f"{wish.level}-{wish.capacities}-{language}"
    keys = {name: f"find-quota-{name}-{of_what}" for name in ("area", *ends)}
    st.selectbox(
        say("app.find.quota.area", language),
        sorted(areas, key=lambda area: areas[area]),
        format_func=lambda area: areas.get(area, area),
        key=keys["area"],
    )
    for name, column in zip(ends, st.columns(2), strict=True):
        column.selectbox(
            say(f"app.find.quota.{name}", language),
            options,
            index=options.index(ends[name]),
            format_func=lambda value: capacities_text(value, language),
            key=keys[name],
        )
    st.button(
        say("app.find.quota.add", language),
        key=f"find-quota-add-{language}",
        on_click=lambda: _change(
            set_quota,
            Quota(*(st.session_state[keys[name]] for name in ("area", "least", "most"))),
        ),
        disabled=not areas,
        width="stretch",
    )


def _choose(
    name: str,
    options: Sequence[Any],
    text: Callable[[Any], str],
    language: Language,
    part: str = "conditions",
) -> None:
    key = f"find-{name}-{part}-{language}"
    show_in_widget(key, getattr(current_state().placing.wish, name))
    st.selectbox(
        say(f"app.find.{part}.{name}", language),
        options,
        format_func=text,
        key=key,
        on_change=lambda: _change(wish_for, **{name: st.session_state[key]}),
    )


def _check(name: str, language: Language) -> None:
    key = f"find-{name}-{language}"
    show_in_widget(key, getattr(current_state().placing.wish, name))
    st.checkbox(
        say(f"app.find.conditions.{name}", language),
        key=key,
        help=say(f"app.find.conditions.{name}_help", language),
        on_change=lambda: _change(wish_for, **{name: st.session_state[key]}),
    )


def _change(function: Callable[..., PlacementView], *args: object, **kwargs: object) -> None:
    change_state(change_placing, function(current_state().placing, *args, **kwargs))
