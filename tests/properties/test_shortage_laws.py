"""Laws of the shortage that hold for every drawing, against two other ways of counting it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from coverage.shortage import Shortage, measure_shortage
from tests.straight_road import matrix_of, origins_at, sites_at

fast = settings(max_examples=60, deadline=None)
# Counting in hundredths: at most 7 homes, 5 practices and 12 places held, each off by half of one.
CLOSE = 0.12
place_m = st.one_of(
    st.sampled_from([0.0, 5_000.0, 10_000.0, 15_000.0, 20_000.0, 30_000.0]),
    st.floats(0, 45_000).map(lambda value: round(value, 1)),
)


fractions = st.floats(0, 200)
hundredths = st.integers(0, 20_000).map(lambda count: count / 100)


@dataclass(frozen=True)
class Drawn:
    homes_m: list[float]
    persons: list[float]
    limits_m: list[float]
    practices_m: list[float]
    rooms: list[float]

    def distance_m(self, home: int, practice: int) -> float:
        return round(abs(self.homes_m[home] - self.practices_m[practice]), 3)

    def reaches(self, home: int, practice: int) -> bool:
        is_known = not np.isnan(self.rooms[practice])
        return is_known and self.distance_m(home, practice) <= self.limits_m[home]

    def pairs(self) -> list[tuple[int, int]]:
        homes, practices = range(len(self.homes_m)), range(len(self.practices_m))
        return [(i, j) for i in homes for j in practices if self.reaches(i, j)]

    def shortage(self, rooms: list[float] | None = None) -> Shortage:
        homes = origins_at({f"h{number}": at for number, at in enumerate(self.homes_m)})
        homes["persons"] = self.persons
        sites = {f"p{number}": at for number, at in enumerate(self.practices_m)}
        room = pd.Series(rooms or self.rooms, index=pd.Index(sites, dtype="str"))
        matrix = matrix_of(homes, sites_at(sites))
        return measure_shortage(homes, matrix, room, np.array(self.limits_m))


@st.composite
def drawings(draw, persons=fractions):
    homes, practices = draw(st.integers(1, 7)), draw(st.integers(1, 5))

    def several(strategy, count):
        return draw(st.lists(strategy, min_size=count, max_size=count))

    return Drawn(
        several(place_m, homes),
        several(persons, homes),
        several(st.sampled_from([5_000.0, 15_000.0, 30_000.0]), homes),
        several(place_m, practices),
        several(st.one_of(st.just(np.nan), st.integers(0, 200).map(float)), practices),
    )


def placed_by_linear_program(drawn: Drawn) -> float:
    """Return the most persons that can have a place: the transport problem, solved as it stands."""
    pairs = drawn.pairs()
    if not pairs:
        return 0.0
    rows = np.zeros((len(drawn.homes_m) + len(drawn.practices_m), len(pairs)))
    for column, (home, practice) in enumerate(pairs):
        rows[home, column] = rows[len(drawn.homes_m) + practice, column] = 1.0
    at_most = np.array([*drawn.persons, *np.nan_to_num(drawn.rooms)])
    return -float(linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=at_most).fun)


def left_by_asking(drawn: Drawn) -> list[float]:
    """Return who is left where people ask, and practices accept and turn away, round by round."""
    homes, practices = range(len(drawn.homes_m)), range(len(drawn.practices_m))
    wishes = {
        home: sorted(
            (j for i, j in drawn.pairs() if i == home),
            key=lambda practice, home=home: (drawn.distance_m(home, practice), practice),
        )
        for home in homes
    }
    left = [0.0] * len(homes)
    held = {practice: dict[int, float]() for practice in practices}
    asking = [(home, 0, drawn.persons[home]) for home in homes if drawn.persons[home] > 0]
    while asking:
        home, wish, count = asking.pop()
        if wish == len(wishes[home]):
            left[home] += count
            continue
        practice = wishes[home][wish]
        there = held[practice]
        there[home] = there.get(home, 0.0) + count
        # The farthest are turned away, down to the room, and ask their next.
        order = sorted(there, key=lambda one: (drawn.distance_m(one, practice), one), reverse=True)
        for one in order:
            away = min(there[one], max(0.0, sum(there.values()) - drawn.rooms[practice]))
            there[one] -= away
            if away > 1e-9:
                asking.append((one, wishes[one].index(practice) + 1, away))
    return left


@fast
@given(drawings())
def test_the_total_is_the_least_that_any_distribution_leaves(drawn):
    shortage = drawn.shortage()
    found = sum(drawn.persons) - shortage.by_origin.iloc[:, 1:].to_numpy().sum()
    assert found == pytest.approx(placed_by_linear_program(drawn), abs=CLOSE)


@fast
@given(drawings(hundredths))
def test_the_total_is_exact_where_persons_are_whole_hundredths(drawn):
    shortage = drawn.shortage()
    found = sum(drawn.persons) - shortage.by_origin.iloc[:, 1:].to_numpy().sum()
    assert found == pytest.approx(placed_by_linear_program(drawn), abs=1e-5)


@fast
@given(drawings())
def test_the_first_step_is_what_asking_round_by_round_gives(drawn):
    asked = left_by_asking(drawn)
    reaching = {home for home, _ in drawn.pairs()}
    expected = sum(count for home, count in enumerate(asked) if home in reaching)
    assert drawn.shortage().persons_by_nearest == pytest.approx(expected, abs=1e-5)


@fast
@given(drawings())
def test_who_has_a_place_keeps_having_one_when_others_move(drawn):
    asked = np.array(left_by_asking(drawn))
    after = drawn.shortage().by_origin["persons_without_place"].to_numpy()
    assert (after <= asked + 1e-5).all()


@fast
@given(drawings())
def test_everybody_is_counted_once(drawn):
    shortage = drawn.shortage()
    left = shortage.by_origin[["persons_without_practice", "persons_without_place"]]
    persons = np.array(drawn.persons)
    assert (left >= 0).all(axis=None)
    assert (left.sum(axis=1) <= persons + 1e-9).all()
    reaching = {home for home, _ in drawn.pairs()}
    for home, row in enumerate(left.itertuples(index=False)):
        if home in reaching:
            assert row.persons_without_practice == 0
        else:
            assert (row.persons_without_practice, row.persons_without_place) == (persons[home], 0)
    assigned = shortage.by_practice["persons_assigned"].sum()
    assert left.to_numpy().sum() + assigned == pytest.approx(persons.sum(), abs=CLOSE)


@fast
@given(drawings())
def test_no_practice_has_more_than_its_room_or_than_live_within_the_limit(drawn):
    table = drawn.shortage().by_practice
    for practice, row in enumerate(table.itertuples()):
        if np.isnan(drawn.rooms[practice]):
            assert np.isnan(row.persons_assigned)
            assert np.isnan(row.persons_free)
            continue
        near = [i for i, j in drawn.pairs() if j == practice]
        assert 0 <= row.persons_assigned <= drawn.rooms[practice]
        assert row.persons_assigned <= sum(drawn.persons[home] for home in near) + CLOSE
        assert row.persons_free == pytest.approx(drawn.rooms[practice] - row.persons_assigned)


@fast
@given(drawings(), st.data())
def test_more_room_never_raises_the_shortage(drawn, data):
    known = [at for at, room in enumerate(drawn.rooms) if not np.isnan(room)]
    assume(known)
    rooms = list(drawn.rooms)
    rooms[data.draw(st.sampled_from(known))] += data.draw(st.integers(0, 150))
    before = drawn.shortage().by_origin["persons_without_place"].sum()
    assert drawn.shortage(rooms).by_origin["persons_without_place"].sum() <= before + CLOSE


@fast
@given(drawings())
def test_moving_on_never_leaves_more_than_the_nearest_does(drawn):
    shortage = drawn.shortage()
    total = shortage.by_origin["persons_without_place"].sum()
    assert total <= shortage.persons_by_nearest + 1e-9


@fast
@given(drawings(), st.randoms())
def test_the_order_of_rows_never_changes_the_total(drawn, random):
    order = list(range(len(drawn.homes_m)))
    random.shuffle(order)
    shuffled = Drawn(
        [drawn.homes_m[at] for at in order],
        [drawn.persons[at] for at in order],
        [drawn.limits_m[at] for at in order],
        drawn.practices_m[::-1],
        drawn.rooms[::-1],
    )
    one, other = (each.shortage().by_origin.iloc[:, 1:].sum() for each in (drawn, shuffled))
    np.testing.assert_allclose(one, other, atol=CLOSE)
