"""Which entries count on a day, and what the next meeting has to decide."""

from datetime import date

import pandas as pd
import pytest

from coverage.decisions import (
    AGENDA_ITEMS,
    build_agenda,
    check_areas,
    designations_on,
    latest_judgements,
    next_decision,
)
from coverage.errors import RuleError, UnknownIdError
from tests.area_facts import designations_of, judgements_of

MARCH = date(2026, 3, 1)
NORD = pd.DataFrame({"area_level": ["kommune"], "area_id": ["nord"]}, dtype="str")


def on(day, *entries, min_months=6.0):
    """The designation of nord that is in force."""
    (row,) = designations_on(designations_of(*entries), NORD, day, min_months).itertuples()
    return row


# --- when ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "months", "expected"),
    [
        (date(2026, 1, 1), ["03", "09"], date(2026, 3, 1)),
        (date(2026, 2, 28), ["03", "09"], date(2026, 3, 1)),
        (date(2026, 3, 1), ["03", "09"], date(2026, 3, 1)),
        (date(2026, 3, 31), ["03", "09"], date(2026, 3, 1)),
        (date(2026, 4, 1), ["03", "09"], date(2026, 9, 1)),
        (date(2026, 9, 30), ["03", "09"], date(2026, 9, 1)),
        (date(2026, 10, 1), ["03", "09"], date(2027, 3, 1)),
        (date(2026, 12, 31), ["01"], date(2027, 1, 1)),
        (date(2026, 1, 31), ["01"], date(2026, 1, 1)),
        (date(2026, 4, 1), ["09", "03"], date(2026, 9, 1)),
        (date(2026, 11, 2), ["3", "12"], date(2026, 12, 1)),
    ],
)
def test_the_next_decision_is_in_this_month_or_the_next_one_named(as_of, months, expected):
    assert next_decision(as_of, months) == expected


@pytest.mark.parametrize("months", [[], ["00"], ["13"], ["marts"], ["03", "-9"], [""]])
def test_what_is_no_month_is_refused(months):
    with pytest.raises(RuleError, match=r"designation\.decision_months"):
        next_decision(MARCH, months)


# --- which judgement ------------------------------------------------------------------------


def test_each_criterion_and_area_has_its_own_latest_judgement():
    areas = pd.DataFrame(
        {"area_level": ["kommune", "kommune", "plan"], "area_id": ["syd", "nord", "nord"]},
        dtype="str",
    )
    entries = judgements_of(
        {"author": "first", "entered_on": "2026-01-01"},
        {"author": "second", "entered_on": "2026-02-01", "met": False},
        {"author": "third", "area_level": "plan"},
        {"author": "fourth", "criterion": "override"},
    )
    latest = latest_judgements(entries, areas)
    assert list(latest) == ["special_circumstances", "clinic_need", "override"]
    authors = {name: table["author"].fillna("-").tolist() for name, table in latest.items()}
    assert authors == {
        "special_circumstances": ["-", "second", "third"],
        "clinic_need": ["-", "-", "-"],
        "override": ["-", "fourth", "-"],
    }
    assert latest["special_circumstances"]["met"].tolist() == [pd.NA, False, True]


def test_of_one_days_judgements_the_last_row_of_the_file_counts_in_whatever_order_they_come():
    entries = judgements_of({"met": True}, {"met": False})
    for table in (entries, entries.iloc[::-1]):
        latest = latest_judgements(table, NORD)["special_circumstances"]
        assert latest["met"].tolist() == [False]


def test_a_later_judgement_replaces_an_earlier_one_however_late_its_day():
    entries = judgements_of(
        {"entered_on": "2026-01-10", "met": True}, {"entered_on": "2030-01-01", "met": False}
    )
    latest = latest_judgements(entries, NORD)["special_circumstances"]
    assert latest["met"].tolist() == [False]
    assert latest["entered_on"].tolist() == [pd.Timestamp("2030-01-01")]


def test_a_judgement_that_withdraws_leaves_an_area_as_if_nobody_had_judged():
    entries = judgements_of(
        {"entered_on": "2026-01-10", "met": True},
        {"entered_on": "2026-02-01", "met": None, "reason": "Forveksling"},
    )
    withdrawn = latest_judgements(entries, NORD)["special_circumstances"]
    assert withdrawn.isna().all(axis=None)
    again = judgements_of(
        {"entered_on": "2026-01-10", "met": None}, {"entered_on": "2026-02-01", "met": False}
    )
    assert latest_judgements(again, NORD)["special_circumstances"]["met"].tolist() == [False]


# --- which designation ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "designated"),
    [
        ({"from_date": "2026-02-28"}, True),
        ({"from_date": "2026-03-01"}, True),
        ({"from_date": "2026-03-02"}, False),
        ({"ended_on": "2026-02-28"}, False),
        ({"ended_on": "2026-03-01"}, False),
        ({"ended_on": "2026-03-02"}, True),
        # The earliest end allows an end: it is not one.
        ({"earliest_end": "2025-12-01"}, True),
        ({"area_id": "syd"}, False),
        ({"area_level": "plan"}, False),
    ],
)
def test_a_designation_holds_from_its_first_day_until_the_day_it_ended(entry, designated):
    row = on(MARCH, entry)
    assert row.designated is designated
    assert pd.isna(row.from_date) is not designated
    assert pd.isna(row.basis) is not designated


def test_without_any_designation_nothing_is_designated():
    row = on(MARCH)
    assert row.designated is False
    assert pd.isna(row.earliest_end)


@pytest.mark.parametrize(
    ("min_months", "earliest_end"),
    [(6.0, "2026-02-28"), (12.0, "2026-08-31"), (0.0, "2025-08-31"), (5.5, "2026-02-28")],
)
def test_without_an_earliest_end_the_rules_months_give_it(min_months, earliest_end):
    entry = {"from_date": "2025-08-31", "earliest_end": None}
    assert on(MARCH, entry, min_months=min_months).earliest_end == pd.Timestamp(earliest_end)


def test_an_earliest_end_of_the_file_stands_whatever_the_rule():
    assert on(MARCH, {"earliest_end": "2027-01-01"}).earliest_end == pd.Timestamp("2027-01-01")


def test_of_several_designations_in_force_the_one_binds_that_may_end_last():
    entries = (
        {"from_date": "2025-03-01", "earliest_end": "2026-09-01", "decision": "long"},
        {"from_date": "2025-09-01", "earliest_end": "2026-03-01", "decision": "later"},
        {"from_date": "2025-09-01", "earliest_end": "2027-09-01", "ended_on": "2026-01-01"},
    )
    assert on(MARCH, *entries).decision == "long"
    assert on(MARCH, *reversed(entries)).decision == "long"


# --- the agenda -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signal", "designation", "item"),
    [
        ("signal", None, "new_signal"),
        ("signal", {"earliest_end": "2026-02-01"}, "continues"),
        ("signal", {"earliest_end": "2026-09-01"}, "continues"),
        ("no_signal", {"earliest_end": "2026-02-28"}, "signal_gone"),
        ("no_signal", {"earliest_end": "2026-03-01"}, "signal_gone"),
        ("no_signal", {"earliest_end": "2026-03-02"}, "end_not_allowed"),
        ("no_signal", None, None),
        ("possible", None, "possible_signal"),
        ("possible", {"earliest_end": "2026-02-01"}, "possible_signal"),
        ("possible", {"earliest_end": "2026-09-01"}, "possible_signal"),
    ],
)
def test_each_item_of_the_agenda(signal, designation, item):
    areas = NORD.assign(area_name="Nord", signal=signal)
    entries = [] if designation is None else [designation]
    held = designations_on(designations_of(*entries), NORD, MARCH, 6.0)
    agenda = build_agenda(areas, held, MARCH)
    assert agenda["item"].tolist() == ([] if item is None else [item])
    assert agenda["designated"].tolist() == [designation is not None for _ in range(len(agenda))]
    assert item is None or item in AGENDA_ITEMS
    assert list(agenda) == [
        *("area_level", "area_id", "area_name", "signal", "designated"),
        *("from_date", "earliest_end", "item", "basis", "decision"),
    ]


# --- areas that are not there -------------------------------------------------------------------


def test_entries_of_known_areas_pass():
    check_areas(judgements_of({}, {}), NORD, name="judgements")
    check_areas(judgements_of(), NORD, name="judgements")


def test_the_refusal_names_five_areas_and_counts_all_rows():
    entries = [{"area_id": f"x{number}"} for number in range(6)]
    with pytest.raises(UnknownIdError) as caught:
        check_areas(judgements_of({}, *entries, entries[0]), NORD, name="judgements")
    assert caught.value.rows == (3, 4, 5, 6, 7, 8, 9)
    assert caught.value.what.endswith("kommune x3, kommune x4 …")
    assert "x5" not in caught.value.what
    assert "Levels of the study: kommune." in caught.value.hint
