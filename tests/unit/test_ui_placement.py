"""The search for the best places: what is asked, what is found, and what a thread does of it.

On LONE one practice stands at km 10 and homes at 0 (200 people) and 20 (300) reach it; a new
one at 12 gives both a second, and 45 and 52 together give the home at 50 (100) two: 600 in all.
On MOVING the home at 20 (300 people) has the practices at 2 and 30 (18 and 10 km): the one at
2 comes near enough at 6 (14 km); a new one at 55 gives the home at 40 (200) its second.
"""

import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.errors import PlacementError
from coverage.placement.place import place
from coverage.placement.request import OBJECTIVES, Effort, PlacementRequest
from coverage.placement_files import GRID, TOWNS
from coverage.scenario.actions import MAX_NAME_LENGTH, Close, Move, Open, Scenario
from coverage.ui.background_run import BackgroundRun
from coverage.ui.draft import Draft, NewPractice, NewSite, add_found, open_sites, undo
from coverage.ui.placement_view import (
    MOVE_COSTS,
    USUAL_MOVE_COST,
    Asked,
    PlacementView,
    Quota,
    Wish,
    ask,
    drop_quota,
    forget,
    set_quota,
    type_seed,
    wish_for,
)
from coverage.ui.simulering.find_answer import gain_text, headlines
from coverage.ui.simulering.find_details import tie_words
from coverage.ui.simulering.proposals import (
    is_added,
    is_another_scenario,
    not_added,
    proposals,
)
from tests.placement_town import LONE, MOVING, Practice, Town, ydernummer

EXACT = Effort(steps=300, gap=0.0, seconds=600.0)
START = PlacementView()
NO_TOWNS = pd.DataFrame({"name": [], "x_m": [], "y_m": []})
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}}"


def placed(town, listen=None, **asked):
    assessment = town.assessment()
    candidates = town.candidates(assessment)
    request = PlacementRequest(
        **{"objective": "choice", "capacities": 3.0, "effort": EXACT} | asked
    )
    return place(assessment, candidates, request, listen=listen), candidates


@pytest.fixture(scope="module")
def lone():
    return placed(LONE)[0]


@pytest.fixture(scope="module")
def moving():
    return placed(MOVING, capacities=1.0, movable=(ydernummer(0),))[0]


class TestWish:
    def test_the_usual_wish_is_three_capacities_on_a_grid_with_a_proof_of_20_seconds(self):
        order = Wish().order()
        assert (order.capacities, order.objective, order.candidates) == (3.0, "choice", GRID)
        assert (order.proof, order.seconds) == (True, 20.0)
        assert (order.practices, order.most_capacities) == (None, None)
        assert order.move_cost == 0.0, "nothing may move"
        assert Wish().condition_count == 0

    def test_what_is_asked_gets_into_the_order(self):
        wish = Wish(
            capacities=5.0,
            objective="shortage",
            practices=2,
            least=1.5,
            most=3.0,
            candidates=TOWNS,
            level="side",
            quotas=(Quota("syd", 1.0, 2.0),),
            apart_m=2000.0,
            serve_skal=True,
            may_move=True,
            move_cost=250.0,
            seed=7,
            seconds=0,
        )
        request = wish.order().request(("010001",))
        assert request == PlacementRequest(
            objective="shortage",
            capacities=5.0,
            practices=2,
            least_capacities=1.5,
            most_capacities=3.0,
            level="side",
            quotas={"syd": (1.0, 2.0)},
            apart_m=2000.0,
            serve_skal=True,
            movable=("010001",),
            move_cost=250.0,
            seed=7,
            effort=Effort(exact=False, seconds=0.0),
        )
        # practices, least, most, candidates, apart_m, serve_skal, may_move, seed, seconds, a quota
        assert wish.condition_count == 10

    def test_an_area_has_one_quota_and_another_level_has_none(self):
        view = set_quota(set_quota(START, Quota("a", 0.0, 1.0)), Quota("b", 1.0, 2.0))
        view = set_quota(view, Quota("a", 1.0, 3.0))
        assert view.wish.quotas == (Quota("b", 1.0, 2.0), Quota("a", 1.0, 3.0))
        assert drop_quota(view, "b").wish.quotas == (Quota("a", 1.0, 3.0),)
        assert wish_for(view, level=view.wish.level).wish.quotas == view.wish.quotas
        assert wish_for(view, level="side").wish.quotas == ()

    def test_what_a_move_must_be_worth_is_of_its_objective(self):
        view = wish_for(START, move_cost=5000.0)
        assert wish_for(view, objective="choice").wish.move_cost == 5000.0
        assert wish_for(view, objective="second_distance").wish.move_cost == 25.0
        assert set(MOVE_COSTS) == set(USUAL_MOVE_COST) == set(OBJECTIVES)
        assert all(USUAL_MOVE_COST[one] in MOVE_COSTS[one] for one in OBJECTIVES)

    @pytest.mark.parametrize(("typed", "seed"), [("7", 7), (" 12 ", 12), ("0", 0)])
    def test_a_seed_is_a_whole_number(self, typed, seed):
        view = type_seed(replace(START, seed_problem=True), typed)
        assert (view.wish.seed, view.seed_problem) == (seed, False)

    @pytest.mark.parametrize("typed", ["", "-1", "1.000", "1,5", "²", "9" * 30, HOSTILE])
    def test_anything_else_is_told_and_the_seed_stays(self, typed):
        view = type_seed(wish_for(START, seed=3), typed)
        assert (view.wish.seed, view.seed_problem) == (3, True)

    def test_an_answer_is_put_away_and_the_wish_stays(self):
        scenario = Scenario(name="A", actions=(Close(ydernummer="010001"),))
        view = ask(wish_for(START, capacities=2.0), scenario)
        assert view.asked == Asked(scenario, Wish(capacities=2.0))
        assert wish_for(view, capacities=4.0).asked == view.asked
        assert (forget(view).asked, forget(view).wish.capacities) == (None, 2.0)


class TestProposals:
    def test_each_step_is_an_action_with_what_it_adds(self, lone):
        found = proposals(lone, NO_TOWNS, "da")
        assert [one.step for one in found] == [1, 2, 3]
        assert [one.gain for one in found] == [500.0, 0.0, 100.0]
        first = found[0].action
        assert isinstance(first, Open)
        assert (first.capacities, first.name) == (1.0, "")
        assert first.note == "Fundet ved søgning: Lægevalg til flest."
        # A candidate without a name is called by what lies near, or by where it is.
        assert found[0].place == f"{first.x_m:.0f}, {first.y_m:.0f}"
        towns = pd.DataFrame({"name": ["By"], "x_m": [first.x_m], "y_m": [first.y_m]})
        assert proposals(lone, towns, "da")[0].place == "nærmest By"

    def test_a_name_stays_as_it_is_and_fits_a_scenario(self, lone):
        named = replace(lone, sites=lone.sites.assign(name=HOSTILE * 9))
        one = proposals(named, NO_TOWNS, "da")[0]
        assert one.action.name == one.place == (HOSTILE * 9)[:MAX_NAME_LENGTH]

    def test_a_move_is_a_step_too(self, moving):
        found = proposals(moving, NO_TOWNS, "da")
        # The move gives 300 people a second practice, and the new one 200.
        assert [(type(one.action), one.gain) for one in found] == [(Move, 300.0), (Open, 200.0)]
        assert found[0].action.ydernummer == ydernummer(0)
        assert found[0].action.address == ""

    def test_a_search_that_was_stopped_says_so_in_the_note(self, lone):
        stopped = replace(lone, stopped_by="interrupted")
        assert "standset" in proposals(stopped, NO_TOWNS, "da")[0].action.note

    def test_what_is_added_is_known_by_its_place(self, lone, moving):
        for placement in (lone, moving):
            found = proposals(placement, NO_TOWNS, "da")
            draft = add_found(Draft(), [found[0].action], "f" * 64)
            assert [is_added(draft.scenario, one) for one in found[:2]] == [True, False]
            assert not_added(draft.scenario, found) == found[1:]
            # A saved scenario has places rounded.
            action = draft.scenario.actions[0]
            rounded = replace(action, x_m=round(action.x_m), y_m=round(action.y_m))
            assert is_added(Scenario(name="", actions=(rounded,)), found[0])
            away = replace(action, x_m=action.x_m + 5.0)
            assert not is_added(Scenario(name="", actions=(away,)), found[0])

    def test_a_scenario_that_changed_otherwise_is_another(self, lone):
        found = proposals(lone, NO_TOWNS, "da")
        first = Scenario(name="", actions=(Close(ydernummer=ydernummer(0)),))
        asked = Asked(first, Wish())
        drafted = Draft(scenario=first)
        added = add_found(drafted, [one.action for one in found], "").scenario
        assert not is_another_scenario(asked, added, found)
        noted = replace(first, actions=(replace(first.actions[0], note="Derfor"),))
        assert not is_another_scenario(asked, noted, found)
        assert is_another_scenario(asked, Scenario(name=""), found)

    def test_new_practices_get_numbers_that_nobody_has(self, lone):
        one = open_sites(Draft(), [NewSite(0.0, 0.0)], NewPractice(), "f" * 64)
        actions = [found.action for found in proposals(lone, NO_TOWNS, "da")]
        draft = add_found(one, actions, "f" * 64)
        assert [action.site_id for action in draft.scenario.actions] == ["N1", "N2", "N3", "N4"]
        assert undo(draft).scenario == one.scenario, "one step"
        # A number that was undone is not given to another practice.
        again = add_found(undo(draft), actions[:1], "f" * 64)
        assert again.scenario.actions[-1].site_id == "N5"


class TestWords:
    def test_headlines_say_gain_and_proof(self, lone):
        assert headlines(lone, "da", is_over=True) == (
            "Gevinst: 600 personer (0 → 600 personer).",
            "Bevist: ingen placering, der opfylder betingelserne, er bedre.",
        )
        assert "Nu bevises det" in headlines(lone, "da", is_over=False)[1]

    def test_a_gap_is_told_and_never_rounds_to_none(self, lone):
        timed = replace(lone, stopped_by="time", gap_of_gain=0.00001)
        assert headlines(timed, "da", is_over=True)[1].endswith(
            "Det bedst mulige er højst <\u00a00,1\u00a0% af gevinsten bedre."
        )
        bare = replace(lone, stopped_by="heuristic", gap_of_gain=np.nan)
        assert headlines(bare, "da", is_over=True)[1].startswith("Uden bevis")

    def test_no_gain_is_said_in_words(self, lone):
        nothing = replace(lone, value_after=lone.value_before)
        assert headlines(nothing, "en", is_over=True)[0].startswith("No gain:")

    @pytest.mark.parametrize(
        ("objective", "gain", "text"),
        [
            ("choice", 11708.4, "+11.708"),
            ("choice", 0.0, "0"),
            ("choice", 0.3, "<\u00a01"),
            ("shortage", 1600.0, "-1.600"),
            ("second_distance", 151.7, "-0,152 km"),
        ],
    )
    def test_a_steps_gain_is_short(self, objective, gain, text):
        assert gain_text(objective, gain, "da") == text

    def test_what_is_as_good_stands_by_the_site_that_it_replaces(self):
        # Two places of one home: either gives the home at 0 its second practice.
        twin = Town((0.0,), (100.0,), (Practice(1_000.0),), (3_000.0, 5_000.0))
        placement, candidates = placed(twin, capacities=1.0)
        assert placement.tie_count == 1
        places = candidates.table.assign(name=["A", HOSTILE])
        (line,) = tie_words(placement, places, NO_TOWNS, "da")
        names = {"c0": "A", "c1": HOSTILE}
        chosen = placement.sites["site_id"].iloc[0]
        (other,) = set(names) - {chosen}
        assert line == f"1. {names[chosen]} kan lige så godt ligge: {names[other]}."


def test_an_answer_is_told_before_the_proof():
    told = []
    last, _ = placed(LONE, told.append)
    (first,) = told
    assert first.stopped_by == "heuristic"
    assert np.isnan(first.bound)
    assert first.value_after == last.value_after
    assert (first.tie_count, first.swaps_tried) == (0, 0)
    assert "exact" not in first.seconds
    nothing = []
    placed(LONE, nothing.append, effort=Effort(exact=False))
    assert nothing == [], "it is the answer itself"


class TestBackgroundRun:
    def test_it_begins_once_and_keeps_its_answer(self):
        begun = []

        def work(_watch, _listen):
            begun.append(1)
            return "answer"

        run = BackgroundRun(work)
        assert (run.is_over, run.so_far) == (False, None)
        assert run.look().wait(10.0)
        assert run.look().begin().wait(10.0)
        assert (run.result, run.so_far, begun) == ("answer", "answer", [1])

    def test_progress_gap_and_the_first_answer_are_there_while_it_runs(self):
        told, over = threading.Event(), threading.Event()

        def work(watch, listen):
            watch.progress("exact", 0.5)
            watch.gap(0.02)
            listen("first")
            told.set()
            over.wait(10.0)
            return "last"

        run = BackgroundRun(work).begin()
        assert told.wait(10.0)
        assert (run.stage, run.share, run.gap, run.so_far) == ("exact", 0.5, 0.02, "first")
        assert not run.is_over
        over.set()
        assert run.wait(10.0)
        assert run.so_far == "last"

    def test_a_stop_is_heard_and_the_search_can_begin_once_more(self):
        waiting = threading.Event()

        def work(watch, _listen):
            waiting.set()
            while watch.keep_going():
                threading.Event().wait(0.01)
            return "so far"

        run = BackgroundRun(work).begin()
        assert waiting.wait(10.0)
        run.stop()
        assert run.wait(10.0)
        assert (run.result, run.is_stopped) == ("so far", True)
        # Whoever looks sees what was stopped; whoever asks gets all of it.
        run.look()
        assert run.result == "so far"
        waiting.clear()
        run.begin()
        assert waiting.wait(10.0)
        assert not run.is_stopped
        run.stop()
        assert run.wait(10.0)

    def test_a_request_that_cannot_be_met_is_its_problem(self):
        problem = PlacementError("no", where="here")

        def work(_watch, _listen):
            raise problem

        run = BackgroundRun(work).begin()
        assert run.wait(10.0)
        assert (run.problem, run.failed, run.so_far) == (problem, False, None)
        assert run.begin().wait(0.0), "it would be the same again"

    def test_a_mistake_of_the_program_is_told_and_can_be_tried_again(self):
        tries = []

        def work(_watch, _listen):
            tries.append(1)
            if len(tries) == 1:
                raise ValueError("a mistake")
            return "answer"

        run = BackgroundRun(work).begin()
        assert run.wait(10.0)
        assert run.failed
        assert run.begin().wait(10.0)
        assert (run.failed, run.result) == (False, "answer")
