import pytest

from coverage.scenario.actions import Close, Move, Open, OpenSatellite, Resize, Scenario
from coverage.scenario_folder import scenario_file_name
from coverage.ui.draft import (
    NOTHING,
    Draft,
    NewPractice,
    NewSite,
    add_actions,
    begin_anew,
    carry_over,
    clear_actions,
    forget_saved,
    is_for_register,
    load_scenario,
    mark_saved,
    name_scenario,
    note_action,
    open_sites,
    redo,
    remove_action,
    undo,
)

SHA, OTHER_SHA = "a" * 64, "b" * 64
CLOSE, RESIZE = Close(ydernummer="012345"), Resize(ydernummer="012346", capacities=2.0)
LIKE = NewPractice(capacities=1.5, intake_open=False, clinic_form="solo", owner="Ejer")
PLACES = (NewSite(586_000.0, 6_141_000.0), NewSite(587_000.0, 6_142_000.0, "Torvet 1"))


def with_actions(*actions):
    return add_actions(Draft(), actions, SHA)


def test_a_visit_begins_with_nothing_to_save_undo_or_redo():
    draft = Draft()
    assert draft.scenario == NOTHING
    assert draft.is_saved
    assert undo(draft) == redo(draft) == clear_actions(draft) == begin_anew(draft) == draft


def test_an_action_is_added_for_the_register_and_is_not_saved():
    draft = with_actions(CLOSE)
    assert draft.scenario.actions == (CLOSE,)
    assert is_for_register(draft, SHA)
    assert not is_for_register(draft, OTHER_SHA)
    assert not draft.is_saved


def test_undo_and_redo_go_through_the_steps():
    draft = add_actions(with_actions(CLOSE), [RESIZE], SHA)
    back = undo(draft)
    assert back.scenario.actions == (CLOSE,)
    assert undo(back).scenario == NOTHING
    assert redo(redo(undo(back))).scenario == draft.scenario


def test_a_new_action_after_an_undo_ends_what_could_be_redone():
    draft = add_actions(undo(with_actions(CLOSE)), [RESIZE], SHA)
    assert redo(draft) == draft
    assert draft.scenario.actions == (RESIZE,)


def test_several_sites_are_opened_in_one_step():
    draft = open_sites(Draft(), PLACES, LIKE, SHA)
    first, second = draft.scenario.actions
    assert first == Open(
        site_id="N1",
        x_m=586_000.0,
        y_m=6_141_000.0,
        capacities=1.5,
        intake_open=False,
        clinic_form="solo",
        owner="Ejer",
    )
    assert (second.site_id, second.name) == ("N2", "Torvet 1")
    assert undo(draft).scenario == NOTHING


def test_a_name_that_was_typed_wins_over_the_address():
    draft = open_sites(Draft(), PLACES[1:], NewPractice(name="Havnens Læger"), SHA)
    assert draft.scenario.actions[0].name == "Havnens Læger"


def test_a_number_is_never_given_twice():
    draft = open_sites(undo(open_sites(Draft(), PLACES, LIKE, SHA)), PLACES[:1], LIKE, SHA)
    assert draft.scenario.actions[0].site_id == "N3"


def test_removing_an_action_keeps_the_others_in_order():
    draft = remove_action(with_actions(CLOSE, RESIZE), 1)
    assert draft.scenario.actions == (RESIZE,)
    assert undo(draft).scenario.actions == (CLOSE, RESIZE)


@pytest.mark.parametrize("number", [0, 3, -1])
def test_removing_what_is_not_there_changes_nothing(number):
    draft = with_actions(CLOSE, RESIZE)
    assert remove_action(draft, number) == draft


def test_without_a_new_practice_goes_all_that_was_done_to_it():
    """Else the scenario could not be carried out: nobody knows N1."""
    opened = open_sites(Draft(), PLACES, LIKE, SHA)
    of_first = (
        Move(ydernummer="N1", x_m=586_500.0, y_m=6_141_000.0),
        OpenSatellite(ydernummer="N1", x_m=586_500.0, y_m=6_141_000.0),
        Resize(ydernummer="N2", capacities=3.0),
    )
    draft = remove_action(add_actions(opened, of_first, SHA), 1)
    assert draft.scenario.actions == (opened.scenario.actions[1], of_first[2])


def test_clearing_can_be_undone():
    draft = clear_actions(with_actions(CLOSE, RESIZE))
    assert draft.scenario.actions == ()
    assert undo(draft).scenario.actions == (CLOSE, RESIZE)


def test_a_note_is_a_step_and_the_same_note_is_none():
    draft = note_action(with_actions(CLOSE), 1, "Lejemålet ophører")
    assert draft.scenario.actions == (Close(ydernummer="012345", note="Lejemålet ophører"),)
    assert note_action(draft, 1, "Lejemålet ophører") == draft
    assert undo(draft).scenario.actions == (CLOSE,)


def test_a_name_is_no_step_and_stays_after_an_undo():
    draft = name_scenario(with_actions(CLOSE, RESIZE), "Plan A", "Til mødet")
    assert undo(draft).scenario == Scenario(name="Plan A", note="Til mødet")
    assert redo(undo(draft)) == draft


def test_saving_keeps_the_cleaned_name_and_the_steps():
    draft = name_scenario(with_actions(CLOSE), "  Plan A ", "")
    kept = Scenario(name="Plan A", actions=(CLOSE,), register_sha256=SHA)
    saved = mark_saved(draft, kept)
    assert saved.is_saved
    assert undo(saved).scenario.name == "Plan A"
    assert not add_actions(saved, [RESIZE], SHA).is_saved


def test_a_scenario_whose_file_is_deleted_is_not_saved_any_more():
    kept = Scenario(name="Plan A", actions=(CLOSE,), register_sha256=SHA)
    saved = mark_saved(with_actions(CLOSE), kept)
    assert forget_saved(saved, scenario_file_name("Plan B")) == saved
    assert not forget_saved(saved, scenario_file_name("Plan A")).is_saved


def test_loading_can_be_undone_to_what_was_there_with_its_own_name():
    mine = name_scenario(with_actions(CLOSE), "Mit", "")
    theirs = Scenario(name="Deres", actions=(RESIZE,), register_sha256=SHA)
    loaded = load_scenario(mine, theirs, is_saved=True)
    assert loaded.scenario == theirs
    assert loaded.is_saved
    renamed = name_scenario(loaded, "Nyt navn", "")
    assert undo(renamed).scenario == mine.scenario
    assert not load_scenario(mine, theirs, is_saved=False).is_saved


def test_new_practices_do_not_take_the_numbers_of_a_loaded_scenario():
    theirs = Scenario(name="Deres", actions=open_sites(Draft(), PLACES, LIKE, SHA).scenario.actions)
    draft = open_sites(load_scenario(Draft(), theirs, is_saved=True), PLACES[:1], LIKE, SHA)
    assert [action.site_id for action in draft.scenario.actions] == ["N1", "N2", "N3"]


def test_beginning_anew_can_be_undone():
    named = name_scenario(with_actions(CLOSE), "Plan A", "")
    assert begin_anew(named).scenario == NOTHING
    assert begin_anew(named).is_saved
    assert undo(begin_anew(named)).scenario == named.scenario


def test_a_scenario_is_carried_over_as_a_step():
    theirs = Scenario(name="Deres", actions=(CLOSE,), register_sha256=OTHER_SHA)
    loaded = load_scenario(Draft(), theirs, is_saved=True)
    assert not is_for_register(loaded, SHA)
    ours = carry_over(loaded, SHA)
    assert is_for_register(ours, SHA)
    assert ours.scenario.actions == (CLOSE,)
    assert undo(ours).scenario == theirs


def test_the_oldest_steps_are_forgotten_after_a_hundred():
    draft = Draft()
    for _ in range(150):
        draft = add_actions(draft, [CLOSE], SHA)
    assert len(draft.done) == 100
    assert len(draft.done[0].actions) == 50
