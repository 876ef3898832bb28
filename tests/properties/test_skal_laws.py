"""Laws of closures, and every closure counted again from scratch, anywhere on one road."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coverage.choice import measure_choice
from coverage.closures import nearest_by_group, reach_by_group, who_loses
from tests.drawn_country import Country, at
from tests.straight_road import RULES, matrix_of, origins_at, sites_at

LIMIT_M = RULES.choice.limit_m
CUTOFF_M = 30_000.0
# Whole and half kilometres put many homes exactly at the limit, and many equally far.
place_m = st.integers(0, 120).map(lambda half_km: half_km * 500.0) | st.floats(0, 60_000).map(
    lambda value: round(value, 1)
)
homes_m = st.lists(place_m, min_size=1, max_size=8)
# Where a practice lies, whether it is open, and to which of four groups it belongs.
practices_drawn = st.lists(
    st.tuples(place_m, st.booleans(), st.integers(0, 3)), min_size=1, max_size=8
)
fast = settings(max_examples=60, deadline=None)


class Drawn:
    """Homes and practices with groups, measured by the engine and known by arithmetic."""

    def __init__(self, homes, practices):
        self.homes, self.practices = homes, practices
        self.table = origins_at({f"h{number}": metres for number, metres in enumerate(homes)})
        self.persons = np.array([100.0 + 7 * number for number in range(len(homes))])
        self.table["persons"] = self.persons
        self.ids = [f"p{number}" for number in range(len(practices))]
        metres = [metres for metres, _, _ in practices]
        self.matrix = matrix_of(self.table, sites_at(dict(zip(self.ids, metres, strict=True))))
        opened = [key for key, (_, is_open, _) in zip(self.ids, practices, strict=True) if is_open]
        self.opened = set(opened)
        self.choice = measure_choice(self.table, self.matrix, opened, RULES.choice)
        self.group = np.array([group for _, _, group in practices])

    def of_groups(self, *groups):
        """Ydernumre of the practices of these groups."""
        return [key for key, group in zip(self.ids, self.group, strict=True) if group in groups]

    def left_over(self, home, closing, ids):
        """Distances that a home has to the practices that stay, by arithmetic alone."""
        return [
            round(abs(home - metres), 3)
            for key, (metres, _, _) in zip(self.ids, self.practices, strict=True)
            if key in ids and key not in closing
        ]

    def within(self, home, closing, ids):
        return sum(metres <= LIMIT_M for metres in self.left_over(home, closing, ids))

    def losing(self, closing, *, needed, ids):
        """Which homes fall below what they need, each recounted before and after."""
        return [
            self.within(home, (), ids) >= needed > self.within(home, closing, ids)
            for home in self.homes
        ]

    def reach(self, *, open_only):
        origin, site, distance_m = self.matrix.pair_positions()
        held = distance_m <= LIMIT_M
        if open_only:
            held &= self.matrix.site_ids.isin(self.opened)[site]
        return reach_by_group(origin[held], site[held], self.group, self.persons, 4)


@fast
@given(homes_m, practices_drawn, st.data())
def test_who_loses_is_what_a_recount_before_and_after_says(homes, practices, data):
    drawn = Drawn(homes, practices)
    closing = data.draw(st.lists(st.sampled_from(drawn.ids), unique=True))
    lost = who_loses(drawn.matrix, drawn.choice, closing)
    everybody = set(drawn.ids)
    assert lost.origin_id.tolist() == drawn.table.origin_id.tolist()
    assert lost.loses_practice.tolist() == drawn.losing(closing, needed=1, ids=everybody)
    assert lost.loses_choice.tolist() == drawn.losing(closing, needed=2, ids=drawn.opened)


@example([15_000.0], [(10_000.0, True, 0), (20_000.0, True, 1), (20_000.0, True, 1)], (2, True))
@example([15_000.0], [(10_000.0, True, 0), (15_000.0, True, 1), (20_000.0, True, 2)], (2, True))
@fast
@given(homes_m, practices_drawn, st.sampled_from([(1, False), (2, True), (3, False), (3, True)]))
def test_the_persons_of_every_group_and_pair_are_those_of_a_recount(homes, practices, case):
    needed, open_only = case
    drawn = Drawn(homes, practices)
    ids = drawn.opened if open_only else set(drawn.ids)
    reach = drawn.reach(open_only=open_only)
    losing = {
        groups: np.array(drawn.losing(drawn.of_groups(*groups), needed=needed, ids=ids))
        for size in (1, 2)
        for groups in combinations(range(4), size)
    }
    alone = [drawn.persons[losing[(group,)]].sum() for group in range(4)]
    assert reach.persons_losing(needed).tolist() == pytest.approx(alone)
    beyond = {
        (a, b): drawn.persons[losing[a, b] & ~losing[(a,)] & ~losing[(b,)]].sum()
        for a, b in combinations(range(4), 2)
    }
    table = reach.persons_losing_jointly(needed)
    found = dict(zip(zip(table.group_a, table.group_b, strict=True), table.persons, strict=True))
    assert found == pytest.approx({pair: persons for pair, persons in beyond.items() if persons})


@fast
@given(homes_m, practices_drawn)
def test_the_distances_now_and_after_are_those_of_a_recount(homes, practices):
    drawn = Drawn(homes, practices)
    table = nearest_by_group(drawn.matrix.pair_positions(), drawn.group, drawn.persons, 4)
    assert table.persons_nearest.sum() == pytest.approx(
        sum(
            persons
            for home, persons in zip(homes, drawn.persons, strict=True)
            if min(drawn.left_over(home, (), drawn.ids)) <= CUTOFF_M
        )
    )
    for group in range(4):
        nearest, moving = 0.0, []
        closing = drawn.of_groups(group)
        for home, persons in zip(homes, drawn.persons, strict=True):
            now = min(drawn.left_over(home, (), drawn.ids))
            owners = [
                practice[2] for practice in practices if round(abs(home - practice[0]), 3) == now
            ]
            # Equally near practices: the first in the order of the sites is the nearest.
            if now > CUTOFF_M or owners[0] != group:
                continue
            nearest += persons
            after = min(drawn.left_over(home, closing, drawn.ids), default=np.inf)
            if after <= CUTOFF_M:
                moving.append((persons, now, after))
        row = table.loc[group]
        weight = sum(persons for persons, _, _ in moving)
        assert row.persons_nearest == pytest.approx(nearest)
        assert row.persons_without_other == pytest.approx(nearest - weight)
        if moving:
            assert row.nearest_now_m == pytest.approx(sum(p * n for p, n, _ in moving) / weight)
            assert row.nearest_after_m == pytest.approx(sum(p * a for p, _, a in moving) / weight)
            assert row.nearest_after_m >= row.nearest_now_m
        else:
            assert np.isnan([row.nearest_now_m, row.nearest_after_m]).all()


@fast
@given(homes_m, practices_drawn, st.data())
def test_closing_never_helps(homes, practices, data):
    drawn = Drawn(homes, practices)
    some = data.draw(st.lists(st.sampled_from(drawn.ids), unique=True))
    more = [*some, data.draw(st.sampled_from(drawn.ids))]
    columns = ["loses_practice", "loses_choice"]
    few = who_loses(drawn.matrix, drawn.choice, some)[columns]
    many = who_loses(drawn.matrix, drawn.choice, more)[columns]
    assert (few <= many).all(axis=None)
    left = [key for key in drawn.opened if key not in some]
    after = measure_choice(drawn.table, drawn.matrix, left, RULES.choice).by_origin
    before = drawn.choice.by_origin
    assert (after["road_open_within"] <= before["road_open_within"]).all()


@fast
@given(homes_m, practices_drawn)
def test_whoever_loses_a_practice_by_two_closures_loses_it_by_one_or_only_by_both(homes, practices):
    """For the practice the three are disjoint, so the persons add up."""
    drawn = Drawn(homes, practices)
    reach = drawn.reach(open_only=False)
    alone = reach.persons_losing(1)
    joint = reach.persons_losing_jointly(1).set_index(["group_a", "group_b"])["persons"]
    for a, b in combinations(range(4), 2):
        lost = who_loses(drawn.matrix, drawn.choice, drawn.of_groups(a, b)).loses_practice
        both = drawn.persons[lost.to_numpy()].sum()
        assert both == pytest.approx(alone[a] + alone[b] + joint.get((a, b), 0.0))


TOWNS_M = {"A": 6_000.0, "B": 19_000.0, "C": 31_000.0, "D": 44_000.0}


@settings(max_examples=12, deadline=None)
@given(homes_m, practices_drawn, st.booleans())
def test_every_place_says_what_a_recount_of_its_closure_says(homes, practices, protect):
    """The whole analysis: practices near four towns or alone, closed place by place."""
    rules = {"skal.protect_choice": protect}
    drawn = Country(
        [(name, at(metres), 900.0 - metres / 100) for name, metres in TOWNS_M.items()],
        {
            f"{number:06d}": {"point": at(metres), "open": is_open}
            for number, (metres, is_open, _) in enumerate(practices)
        },
        {f"h{number}": (at(metres), 60.0) for number, metres in enumerate(homes)},
        rules=rules,
    )
    result = drawn.skal()
    persons = drawn.origins["persons"].to_numpy()
    losses = ["persons_lose_practice", "persons_lose_choice"]
    members = result.practices.groupby("place_id")["ydernummer"].agg(list)

    def recount(closing):
        lost = who_loses(drawn.matrix, drawn.choice, closing)
        return lost.loses_practice.to_numpy() @ persons, lost.loses_choice.to_numpy() @ persons

    for row in result.places.itertuples():
        closing = members.get(row.place_id, [])
        assert row.practices == len(closing)
        assert (row.persons_lose_practice, row.persons_lose_choice) == recount(closing)
        needed = row.persons_lose_practice >= 100 or (protect and row.persons_lose_choice >= 100)
        assert (row.kind == "geographically_necessary") == (needed and row.name != "A")
    for row in result.practices.itertuples():
        assert (row.persons_lose_practice, row.persons_lose_choice) == recount([row.ydernummer])
        assert row.is_last == (len(members[row.place_id]) == 1)
    by_id = result.places.set_index("place_id")
    for pair in result.pairs.itertuples():
        assert not (by_id.is_skal[[pair.place_a, pair.place_b]]).all()
        one, other = by_id.loc[pair.place_a, losses], by_id.loc[pair.place_b, losses]
        both = recount(members[pair.place_a] + members[pair.place_b])
        assert both[0] == one.iloc[0] + other.iloc[0] + pair.persons_lose_practice
        assert max(both) >= 100
    assert sorted(result.practices["ydernummer"]) == sorted(drawn.matrix.site_ids)
    assert isinstance(result.agreement, pd.DataFrame)
