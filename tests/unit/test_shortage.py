"""Who finds no place: homes and practices on one straight road, counted on paper."""

import numpy as np
import pandas as pd
import pytest

import coverage.shortage
from coverage.shortage import measure_shortage
from tests.straight_road import matrix_of, origins_at, sites_at

LIMIT_M = 15_000.0


def shortage_of(homes_m, practices_m, rooms, *, persons=None, limit_m=LIMIT_M):
    """Shortage of homes (100 persons each, unless told) and practices with these rooms."""
    homes = origins_at(homes_m)
    if persons is not None:
        homes["persons"] = [float(count) for count in persons]
    room = pd.Series(rooms, index=pd.Index(practices_m, dtype="str"), dtype="float64")
    limits = np.broadcast_to(np.asarray(limit_m, dtype=np.float64), (len(homes),))
    return measure_shortage(homes, matrix_of(homes, sites_at(practices_m)), room, limits)


def without_place(shortage):
    return shortage.by_origin["persons_without_place"].tolist()


def without_practice(shortage):
    return shortage.by_origin["persons_without_practice"].tolist()


def test_a_town_with_room_for_all_has_no_shortage():
    shortage = shortage_of({"a": 0, "b": 2_000}, {"p": 1_000}, [250])
    assert without_place(shortage) == [0, 0]
    assert without_practice(shortage) == [0, 0]
    assert shortage.persons_by_nearest == 0
    assert shortage.by_practice.to_dict("list") == {
        "ydernummer": ["p"],
        "persons_assigned": [200],
        "persons_free": [50],
    }


def test_a_full_practice_keeps_the_nearest_and_turns_the_others_away():
    shortage = shortage_of({"far": 0, "near": 9_000, "middle": 12_500}, {"p": 10_000}, [170])
    assert without_place(shortage) == [100, 0, 30]
    assert shortage.persons_by_nearest == 130


def test_who_is_turned_away_goes_to_the_next():
    shortage = shortage_of(
        {"far": 6_000, "near": 9_000}, {"p": 10_000, "q": 20_000}, [100, 60], limit_m=20_000
    )
    assert without_place(shortage) == [40, 0]
    assert shortage.by_practice["persons_assigned"].tolist() == [100, 60]


@pytest.mark.parametrize(("other_m", "left"), [(23_999.999, 0), (24_000.0, 0), (24_000.001, 100)])
def test_others_move_on_to_make_room_if_their_limit_allows(other_m, left):
    """Home a at 9 km takes p at 10 km, and b at 0 km reaches nothing else: unless a goes to q.

    From a to q are 15 km, the line.
    """
    shortage = shortage_of({"a": 9_000, "b": 0}, {"p": 10_000, "q": other_m}, [100, 100])
    assert shortage.persons_by_nearest == 100
    assert without_place(shortage) == [0, left]
    assert shortage.by_practice["persons_free"].tolist() == [0, left]


def test_room_is_made_along_a_row_of_towns():
    """Each home is next to a practice and reaches the one beyond, only the last has room.

    b is left: a moves from p to q, whose c moves to r, whose d moves to s.
    """
    homes_m = {"a": 10_000, "b": 0, "c": 20_000, "d": 30_000}
    practices_m = {"p": 10_100, "q": 20_100, "r": 30_100, "s": 40_100}
    shortage = shortage_of(homes_m, practices_m, [100, 100, 100, 70])
    assert shortage.persons_by_nearest == 100
    assert without_place(shortage) == pytest.approx([0, 30, 0, 0])
    assert shortage.by_practice["persons_assigned"].tolist() == [100, 100, 100, 70]


def test_one_who_moves_makes_room_only_once():
    """a (60 persons) holds p and may move to q; b and c both wait for p, 50 persons each."""
    shortage = shortage_of(
        {"a": 11_000, "b": 0, "c": 500}, {"p": 10_000, "q": 25_000}, [60, 500], persons=[60, 50, 50]
    )
    assert shortage.persons_by_nearest == 100
    assert sum(without_place(shortage)) == pytest.approx(40)
    # b and c reach the same practices: what is found goes to both alike.
    assert without_place(shortage) == pytest.approx([0, 20, 20])


@pytest.mark.parametrize(
    ("distance_m", "inside"), [(14_999.999, 1), (15_000.0, 1), (15_000.001, 0)]
)
def test_the_line_is_inside_the_limit(distance_m, inside):
    shortage = shortage_of({"home": 20_000}, {"p": 20_000 + distance_m}, [1_000])
    assert without_practice(shortage) == [100 * (1 - inside)]
    assert without_place(shortage) == [0]
    assert shortage.by_practice["persons_assigned"].tolist() == [100 * inside]


def test_each_home_has_its_own_limit():
    shortage = shortage_of(
        {"city": 14_000, "land": 26_000}, {"p": 20_000}, [1_000], limit_m=[5_000, 15_000]
    )
    assert without_practice(shortage) == [100, 0]


def test_no_room_is_a_practice_without_places_and_unknown_room_is_no_practice():
    shortage = shortage_of({"full": 0, "unknown": 40_000}, {"p": 0, "q": 40_000}, [0, np.nan])
    assert without_place(shortage) == [100, 0]
    assert without_practice(shortage) == [0, 100]
    assert shortage.persons_by_nearest == 100
    table = shortage.by_practice.set_index("ydernummer")
    assert table.loc["p"].tolist() == [0, 0]
    assert table.loc["q"].isna().all()


def test_practices_come_back_in_the_order_asked_and_one_without_a_place_is_unknown():
    homes = origins_at({"a": 0})
    matrix = matrix_of(homes, sites_at({"p": 0, "q": 1_000, "not_asked": 0}))
    room = pd.Series([80.0, 500.0, 90.0], index=["q", "no_coordinates", "p"])
    shortage = measure_shortage(homes, matrix, room, np.array([LIMIT_M]))
    table = shortage.by_practice
    assert table["ydernummer"].tolist() == ["q", "no_coordinates", "p"]
    np.testing.assert_array_equal(table["persons_assigned"], [10, np.nan, 90])
    np.testing.assert_array_equal(table["persons_free"], [70, np.nan, 0])
    assert without_place(shortage) == [0]


def test_persons_may_be_fractions_and_none_is_lost_by_rounding():
    """3,000 homes of a third of a hundredth of a person: rounded, nobody would live there."""
    homes_m = {f"h{number}": 0 for number in range(3_000)}
    shortage = shortage_of(homes_m, {"p": 0}, [6], persons=[1 / 300] * 3_000)
    assert sum(without_place(shortage)) == pytest.approx(4)
    assert shortage.by_practice["persons_assigned"].tolist() == pytest.approx([6])


def test_fractions_of_persons_move_on_too():
    """2,000 homes of a tenth of a hundredth wait, each at a place of its own along the road."""
    homes_m = {"a": 9_000, **{f"h{number}": number for number in range(2_000)}}
    shortage = shortage_of(
        homes_m, {"p": 10_000, "q": 20_000}, [100, 500], persons=[100, *[0.001] * 2_000]
    )
    assert shortage.persons_by_nearest == pytest.approx(2)
    assert sum(without_place(shortage)) == pytest.approx(0, abs=1e-9)
    assert shortage.by_practice["persons_assigned"].tolist() == pytest.approx([100, 2])


@pytest.mark.parametrize(("room", "left"), [(99.99, 0.01), (100.0, 0), (100.01, 0)])
def test_a_hundredth_of_a_person_counts(room, left):
    shortage = shortage_of({"a": 0}, {"p": 0}, [room])
    assert without_place(shortage) == pytest.approx([left], abs=1e-9)


def test_a_room_beyond_all_persons_is_still_free_to_the_last_place():
    shortage = shortage_of({"a": 0}, {"p": 0}, [1e12])
    assert shortage.by_practice["persons_free"].tolist() == [1e12 - 100]


def test_without_homes_or_practices_there_is_an_answer():
    nobody = shortage_of({}, {"p": 0}, [10])
    assert nobody.by_origin.empty
    assert nobody.by_practice["persons_free"].tolist() == [10]
    nothing = shortage_of({"a": 0}, {}, [])
    assert without_practice(nothing) == [100]
    assert nothing.by_practice.empty
    assert nothing.persons_by_nearest == 0


def test_a_limit_beyond_the_matrix_is_refused_and_not_answered_wrongly():
    with pytest.raises(ValueError, match="beyond the matrix's cutoff"):
        shortage_of({"a": 0}, {"p": 0}, [10], limit_m=30_000.001)


def test_a_room_below_nothing_is_refused():
    with pytest.raises(ValueError, match=r"below 0: \['q'\]"):
        shortage_of({"a": 0}, {"p": 0, "q": 0}, [0, -1])


def test_more_persons_than_can_be_counted_are_refused(monkeypatch):
    monkeypatch.setattr(coverage.shortage, "_MOST_PERSONS", 100)
    assert without_place(shortage_of({"a": 0}, {"p": 0}, [10])) == [90]
    with pytest.raises(ValueError, match="101 persons, more than the 100"):
        shortage_of({"a": 0}, {"p": 0}, [10], persons=[101])
