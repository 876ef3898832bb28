"""Laws of scenarios, on the drawn town with every plan file and a divided kommune."""

from functools import cache

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.choice import STATUSES
from coverage.scenario.actions import (
    Close,
    Move,
    Open,
    OpenSatellite,
    Resize,
    Retire,
    Scenario,
    SetIntake,
    subject_of,
)
from coverage.scenario.apply import apply_scenario
from coverage.scenario.effect import PRACTICE_FIGURES, EffectBasis, measure_effect
from coverage.scenario.reach import reach_after
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario_files import parse_scenario, scenario_text
from tests.annex_town import planned_town
from tests.drawn_town import ISLAND_Y_M, PRACTICES_DRAWN, ROAD_Y_M, WEST_M

YDERNUMRE = [ydernummer for ydernummer, *_ in PRACTICES_DRAWN]
HALVES = st.integers(1, 8).map(lambda halves: halves / 2)
PLACES = st.one_of(
    st.floats(0.0, 46.0).map(lambda km: {"x_m": WEST_M + km * 1000.0, "y_m": ROAD_Y_M}),
    st.just({"x_m": WEST_M + 31_000.0, "y_m": ISLAND_Y_M + 500.0}),
)
MANY = settings(max_examples=40)
SOME = settings(max_examples=15)


@cache
def town():
    return planned_town()


@cache
def basis():
    return EffectBasis(town())


def opening(number, place, capacities, *, intake_open):
    return Open(site_id=f"K{number}", capacities=capacities, intake_open=intake_open, **place)


def on_practice(ydernummer):
    """An action that can be carried out on a practice of the register."""
    practices = town().tables.practices.set_index("ydernummer")
    is_open = practices["intake_open"][ydernummer]
    doctors = (town().tables.doctors["ydernummer"] == ydernummer).sum()
    choices = [
        st.just(Close(ydernummer=ydernummer)),
        PLACES.map(lambda place: Move(ydernummer=ydernummer, **place)),
        HALVES.map(lambda capacities: Resize(ydernummer=ydernummer, capacities=capacities)),
        PLACES.map(lambda place: OpenSatellite(ydernummer=ydernummer, **place)),
        st.just(SetIntake(ydernummer=ydernummer, intake_open=pd.isna(is_open) or not is_open)),
    ]
    if doctors:
        choices.append(
            st.integers(1, int(doctors)).map(
                lambda count: Retire(ydernummer=ydernummer, doctors=count)
            )
        )
    return st.one_of(choices)


@st.composite
def independent_actions(draw, most_new=3):
    """Actions each on another practice."""
    touched = draw(st.lists(st.sampled_from(YDERNUMRE), unique=True, max_size=5))
    actions = [draw(on_practice(ydernummer)) for ydernummer in touched]
    actions += [
        opening(number, draw(PLACES), draw(HALVES), intake_open=draw(st.booleans()))
        for number in range(draw(st.integers(0, most_new)))
    ]
    return draw(st.permutations(actions))


def scenario(actions):
    return Scenario(name="lov", actions=tuple(actions))


def frames(assessment):
    yield assessment.choice.by_origin
    yield from assessment.by_area.values()
    yield assessment.by_part
    yield assessment.capacity.by_practice
    yield assessment.capacity.by_origin
    yield from assessment.capacity.by_area.values()
    yield assessment.designation.criteria
    yield assessment.designation.areas
    yield assessment.designation.sensitivity
    yield assessment.designation.agenda
    yield assessment.skal.places
    yield assessment.skal.pairs
    yield assessment.skal.practices
    yield assessment.skal.agreement


def test_an_empty_scenario_equals_the_baseline_exactly():
    again = apply_scenario(town(), scenario([]))
    for before, after in zip(frames(town()), frames(again), strict=True):
        pd.testing.assert_frame_equal(before, after, check_exact=True)
    assert again.notices == town().notices
    assert again.capacity.persons_by_nearest == town().capacity.persons_by_nearest


def test_the_effect_of_nothing_is_the_baseline():
    agree(measure_effect(basis(), resolve_scenario(town(), scenario([]))), town())


def agree(effect, assessment):
    """The quick figures are those of the whole assessment."""
    numbers = {name: at for at, name in enumerate(STATUSES)}
    statuses = assessment.choice.by_origin["road_status"].map(numbers).to_numpy()
    assert (effect.status_after == statuses).all()
    for level, table in effect.by_area.items():
        quick = table.set_index("area_id")
        choice = assessment.by_area[level].set_index("area_id")
        close(choice["persons"], quick["persons"])
        for status in STATUSES:
            close(choice[f"road_persons_{status}"], quick[f"persons_{status}"])
        for rank in ("first", "second"):
            close(choice[f"road_{rank}_mean_m"], quick[f"{rank}_mean_m"])
        capacity = assessment.capacity.by_area[level].set_index("area_id")
        assert list(capacity.index) == list(quick.index)
        assert list(capacity["area_name"]) == list(quick["area_name"])
        for name in PRACTICE_FIGURES:
            close(capacity[name], quick[name])
        areas = assessment.designation.areas
        areas = areas[areas["area_level"] == level].set_index("area_id")
        assert areas["signal"].to_dict() == quick["signal"].dropna().to_dict()
    before, after = (
        one.skal.places.set_index("place_id")["practices"] for one in (town(), assessment)
    )
    is_skal = town().skal.places.set_index("place_id")["is_skal"]
    changes = {
        place: (int(before[place]), int(after.get(place, 0)))
        for place in before.index[is_skal]
        if before[place] != after.get(place, 0)
    }
    told = effect.skal.set_index("place_id")
    pairs = zip(told["practices_before"], told["practices_after"], strict=True)
    assert dict(zip(told.index, pairs, strict=True)) == changes


def close(expected, found):
    np.testing.assert_allclose(
        found.reindex(expected.index).to_numpy(np.float64),
        expected.to_numpy(np.float64),
        rtol=1e-9,
        atol=1e-6,
    )


@MANY
@given(independent_actions())
def test_the_quick_figures_are_those_of_the_whole_assessment(actions):
    resolved = resolve_scenario(town(), scenario(actions))
    agree(measure_effect(basis(), resolved), apply_scenario(town(), scenario(actions)))


@MANY
@given(independent_actions(), st.randoms(use_true_random=False))
def test_the_order_of_independent_actions_does_not_matter(actions, random):
    shuffled = random.sample(list(actions), len(actions))
    one, other = (resolve_scenario(town(), scenario(order)) for order in (actions, shuffled))
    for name in ("practices", "doctors", "satellites", "displaced"):
        tables = [
            getattr(answer, name).sort_values("ydernummer", kind="stable", ignore_index=True)
            for answer in (one, other)
        ]
        pd.testing.assert_frame_equal(*tables)
    effects = [measure_effect(basis(), answer) for answer in (one, other)]
    for level in effects[0].by_area:
        pd.testing.assert_frame_equal(*(effect.by_area[level] for effect in effects))


@MANY
@given(independent_actions())
def test_people_patients_and_capacity_are_conserved(actions):
    resolved = resolve_scenario(town(), scenario(actions))
    register, after = town().tables.practices, resolved.practices
    left_behind = register["listed_persons"].sum() - resolved.takeover.persons_nowhere
    assert np.isclose(after["listed_persons"].sum(), left_behind)
    before = register.set_index("ydernummer")["capacities"]
    change = 0.0
    for action in actions:
        subject = subject_of(action)
        if isinstance(action, Open):
            change += action.capacities
        elif isinstance(action, Resize):
            change += action.capacities - before[subject]
        elif subject in resolved.closed:
            change -= before[subject]
        elif isinstance(action, Retire):
            doctors = (town().tables.doctors["ydernummer"] == subject).sum()
            change -= before[subject] * action.doctors / doctors
    assert np.isclose(after["capacities"].sum(), before.sum() + change)
    effect = measure_effect(basis(), resolved)
    for level, table in effect.by_area.items():
        areas = table[~table["area_id"].isin(["all", "no_area"])]
        by_status = areas[[f"persons_{status}" for status in STATUSES]].sum(axis=1)
        np.testing.assert_allclose(by_status, areas["persons"], atol=1e-6)
        expected = town().by_area[level].set_index("area_id")["persons"]["all"]
        assert np.isclose(areas["persons"].sum(), expected)


new_practices = st.lists(st.tuples(PLACES, HALVES), min_size=1, max_size=3)


@MANY
@given(new_practices)
def test_opening_never_hurts(new):
    actions = [opening(at, place, size, intake_open=True) for at, (place, size) in enumerate(new)]
    resolved = resolve_scenario(town(), scenario(actions))
    before, after = basis().reach.before, reach_after(basis().reach, resolved)
    assert (after.open_within >= before.open_within).all()
    assert (after.connected >= before.connected).all()
    for now_m, then_m in ((before.first_m, after.first_m), (before.second_m, after.second_m)):
        assert not (then_m > now_m).any()
        assert not np.isnan(then_m[~np.isnan(now_m)]).any(), "nobody loses a road"
    tables = measure_effect(basis(), resolved).by_area
    for level, table in tables.items():
        old = town().capacity.by_area[level].set_index("area_id").reindex(table["area_id"])
        assert (table["persons_lose_choice"] == 0).all()
        lower(table["patients_per_capacity"], old["patients_per_capacity"])
        lower(old["free_places"], table["free_places"])


@SOME
@given(new_practices)
def test_opening_leaves_nobody_more_without_a_place(new):
    actions = [opening(at, place, size, intake_open=True) for at, (place, size) in enumerate(new)]
    assert without_place(apply_scenario(town(), scenario(actions))) <= without_place(town()) + 0.5


@MANY
@given(st.lists(st.sampled_from(YDERNUMRE), unique=True, min_size=1, max_size=5))
def test_closing_never_helps(ydernumre):
    actions = [Close(ydernummer=ydernummer) for ydernummer in ydernumre]
    resolved = resolve_scenario(town(), scenario(actions))
    before, after = basis().reach.before, reach_after(basis().reach, resolved)
    assert (after.open_within <= before.open_within).all()
    assert (after.connected <= before.connected).all()
    for now_m, then_m in ((before.first_m, after.first_m), (before.second_m, after.second_m)):
        assert not (then_m < now_m).any()
    for level, table in measure_effect(basis(), resolved).by_area.items():
        old = town().capacity.by_area[level].set_index("area_id").reindex(table["area_id"])
        assert (table["persons_gain_choice"] == 0).all()
        lower(old["patients_per_capacity"], table["patients_per_capacity"])
        lower(table["free_places"], old["free_places"])


@SOME
@given(st.lists(st.sampled_from(YDERNUMRE), unique=True, min_size=1, max_size=4))
def test_closing_leaves_nobody_less_without_a_place(ydernumre):
    closed = apply_scenario(town(), scenario([Close(ydernummer=one) for one in ydernumre]))
    assert without_place(closed) >= without_place(town()) - 0.5


def lower(low, high):
    """Where both are known the first is at most the second; of floating sums, within a hair."""
    low, high = low.to_numpy(np.float64), high.to_numpy(np.float64)
    known = ~np.isnan(low) & ~np.isnan(high)
    assert (low[known] <= high[known] + 1e-6).all()


def without_place(assessment):
    """Persons without a practice or a place; a flow counts in hundredths for each set of homes."""
    total = assessment.capacity.by_area["kommune"].set_index("area_id").loc["all"]
    return total["persons_without_practice"] + total["persons_without_place"]


@MANY
@given(independent_actions())
def test_a_scenario_that_is_saved_and_loaded_is_equal(actions):
    ours = scenario(actions)
    assert parse_scenario(scenario_text(ours).encode(), where="x.toml") == ours


@SOME
@given(independent_actions(most_new=1), independent_actions(most_new=0))
def test_two_scenarios_one_after_the_other_reach_what_both_at_once_reach(first, second):
    touched = {subject_of(action) for action in first}
    later = [action for action in second if subject_of(action) not in touched]
    together = apply_scenario(town(), scenario([*first, *later]))
    in_turn = apply_scenario(apply_scenario(town(), scenario(first)), scenario(later))
    pd.testing.assert_frame_equal(
        together.choice.by_origin.drop(columns=["first_ydernummer", "second_ydernummer"]),
        in_turn.choice.by_origin.drop(columns=["first_ydernummer", "second_ydernummer"]),
    )
