"""Skal-areas as a planner would check them: towns, homes and practices on a drawn road.

On the straight road the far end holds Storby, the kommune's largest town, with
two practices of its own: out of everybody's reach, it lets the others be judged
by their own size and place.
"""

import numpy as np
import pandas as pd
import pytest

from coverage.closures import who_loses
from coverage.wording import Notice
from tests.drawn_country import Country, at
from tests.drawn_roads import Way, build_graph, draw, place
from tests.straight_road import RULES

STORBY = ("Storby", at(60_000), 50_000.0)
AT_STORBY = {"900001": {"point": at(60_000)}, "900002": {"point": at(60_000)}}


def country(towns, practices, homes, **more):
    """A country of so many metres up the road, with Storby at its end."""
    drawn_towns = [STORBY, *((name, at(metres), persons) for name, metres, persons in towns)]
    drawn_practices = dict(AT_STORBY)
    for ydernummer, given in practices.items():
        metres, is_open = given if isinstance(given, tuple) else (given, True)
        drawn_practices[ydernummer] = {"point": at(metres), "open": is_open}
    drawn_homes = {name: (at(metres), persons) for name, (metres, persons) in homes.items()}
    return Country(drawn_towns, drawn_practices, drawn_homes, **more)


# By size.


@pytest.mark.parametrize(
    ("persons", "kind"),
    [(2_999, "dispensable"), (3_000, "dispensable"), (3_001, "centre_town"), (None, "dispensable")],
)
def test_a_town_must_keep_a_practice_above_3000_inhabitants_and_not_at_3000(persons, kind):
    places = country([("Byen", 20_000, persons)], {"000001": 20_000}, {"h": (5_500, 1)}).places()
    assert places.kind["Byen"] == kind
    assert places.is_skal["Byen"] == (kind != "dispensable")


def test_the_largest_town_of_every_kommune_must_keep_one_however_small():
    bands = {"0461": (-1_000, 30_000), "0450": (30_000, 61_000)}
    towns = [("Lille", 5_000, 700), ("Mindre", 15_000, 699), ("Nabo", 40_000, 2_000)]
    places = country(towns, {}, {"h": (0, 1)}, bands=bands).places()
    assert places.kind.to_dict() == {
        "Storby": "main_town",
        "Nabo": "dispensable",
        "Lille": "main_town",
        "Mindre": "dispensable",
    }
    assert places.kommune_code["Lille"] == "0461"


def test_a_main_town_without_a_practice_must_have_one_all_the_same():
    storby = Country([STORBY], {}, {"h": (at(0), 1)}).places().loc["Storby"]
    assert (storby.kind, storby.is_skal, storby.practices) == ("main_town", True, 0)
    assert storby.capacities == 0
    assert storby.persons_lose_practice == 0
    assert np.isnan(storby.nearest_now_m)


# Merged towns.


@pytest.mark.parametrize(
    ("apart_m", "towns"),
    [(4_999.999, "Store, Lille"), (5_000.0, "Store, Lille"), (5_000.001, "Store")],
)
def test_neighbouring_towns_count_as_one_up_to_and_at_5_km_by_road(apart_m, towns):
    drawn = [("Lille", 10_000 + apart_m, 1_400), ("Store", 10_000, 1_700)]
    places = country(drawn, {}, {"h": (0, 1)}).places()
    assert places.towns["Store"] == towns
    together = "," in towns
    assert places.persons["Store"] == (3_100 if together else 1_700)
    assert places.kind["Store"] == ("centre_town" if together else "dispensable")
    assert ("Lille" in places.index) != together


@pytest.mark.parametrize(("persons", "joins"), [(1_000, True), (999, False)])
def test_only_a_town_of_at_least_1000_inhabitants_joins_a_larger_one(persons, joins):
    drawn = [("Store", 10_000, 2_500), ("Lille", 12_000, persons)]
    places = country(drawn, {}, {"h": (0, 1)}).places()
    assert ("Lille" not in places.index) == joins
    assert places.persons["Store"] == 2_500 + persons * joins


def test_merged_towns_make_no_chains():
    """A 3 km from B, B 3 km from C: B joins A, and C, 6 km from A, stays alone."""
    drawn = [("A", 10_000, 2_000), ("B", 13_000, 1_900), ("C", 16_000, 1_800)]
    places = country(drawn, {}, {"h": (0, 1)}).places()
    assert places.towns.to_dict() == {"Storby": "Storby", "A": "A, B", "C": "C"}


def test_towns_on_two_sides_of_a_kommunes_border_stay_two():
    bands = {"0461": (-1_000, 12_000), "0450": (12_000, 61_000)}
    drawn = [("Store", 10_000, 2_500), ("Lille", 13_000, 1_500)]
    places = country(drawn, {}, {"h": (0, 1)}, bands=bands).places()
    assert {"Store", "Lille"} <= set(places.index)


# Which place a practice belongs to.


@pytest.mark.parametrize(
    ("away_m", "place_id"),
    [(4_999.999, "0461-byen"), (5_000.0, "0461-byen"), (5_000.001, "praksis-000001")],
)
def test_a_practice_belongs_to_the_nearest_town_up_to_and_at_5_km(away_m, place_id):
    result = country([("Byen", 20_000, 500)], {"000001": 20_000 + away_m}, {"h": (0, 1)}).skal()
    practice = result.practices.set_index("ydernummer").loc["000001"]
    assert practice.place_id == place_id
    assert practice.is_last
    if place_id == "0461-byen":
        assert practice.distance_m == pytest.approx(away_m, abs=1e-3)
    else:
        assert np.isnan(practice.distance_m)
        lone = result.places.set_index("place_id").loc[place_id]
        assert (lone["name"], lone.kommune_code, lone.towns) == ("Landet", "0461", "")
        assert np.isnan(lone.persons)


def test_a_practice_near_the_smaller_of_two_merged_towns_belongs_to_both():
    drawn = [("Store", 10_000, 2_000), ("Lille", 14_000, 1_500)]
    result = country(drawn, {"000001": 14_500, "000002": 9_000}, {"h": (0, 1)}).skal()
    place_ids = result.practices.set_index("ydernummer").place_id
    assert place_ids["000001"] == place_ids["000002"] == "0461-store"
    store = result.places.set_index("place_id").loc["0461-store"]
    assert store.practices == 2
    assert pd.isna(store.last_ydernummer)


# Who loses.


def test_a_place_whose_last_practice_leaves_100_people_without_any_is_needed():
    """Byen at 20 km; homes at 5, 20 and 35 km: all within its 15 km, and of nobody else."""
    homes = {"south": (5_000, 30.0), "town": (20_000, 50.0), "north": (35_000, 20.0)}
    byen = country([("Byen", 20_000, 500)], {"000001": 20_000}, homes).places().loc["Byen"]
    assert byen.persons_lose_practice == 100
    assert byen.persons_lose_choice == 0  # nobody had a choice
    assert byen.kind == "geographically_necessary"
    assert byen.last_ydernummer == "000001"


@pytest.mark.parametrize(
    ("persons", "kind"),
    [
        (99.999, "dispensable"),
        (100.0, "geographically_necessary"),
        (101.0, "geographically_necessary"),
    ],
)
def test_fewer_than_100_people_do_not_make_a_place_needed(persons, kind):
    homes = {"h": (20_000, persons)}
    places = country([("Byen", 20_000, 500)], {"000001": 20_000}, homes).places()
    assert places.kind["Byen"] == kind


def test_a_hundred_people_in_fractions_are_a_hundred():
    share = 100 / 17
    assert np.cumsum([share] * 17)[-1] < 100  # added up one by one they miss it
    homes = {f"h{number}": (20_000 + number, share) for number in range(17)}
    places = country([("Byen", 20_000, 500)], {"000001": 20_000}, homes).places()
    assert places.kind["Byen"] == "geographically_necessary"


@pytest.mark.parametrize(("home_m", "lost"), [(5_000.001, 100), (5_000.0, 100), (4_999.999, 0)])
def test_a_home_exactly_at_15_km_loses_and_one_beyond_had_nothing_to_lose(home_m, lost):
    homes = {"h": (home_m, 100)}
    places = country([("Byen", 20_000, 500)], {"000001": 20_000}, homes).places()
    assert places.persons_lose_practice["Byen"] == lost


@pytest.mark.parametrize(("other_m", "lost"), [(35_000.0, 0), (35_000.001, 100)])
def test_another_practice_within_15_km_saves_a_home_even_a_closed_one(other_m, lost):
    towns = [("Byen", 10_000, 500), ("Anden", 40_000, 500)]
    practices = {"000001": 10_000, "000002": (other_m, False)}
    places = country(towns, practices, {"h": (20_000, 100)}).places()
    assert places.persons_lose_practice["Byen"] == lost


def test_all_practices_of_a_place_close_and_each_alone_takes_nothing_from_anybody():
    practices = {"000001": 20_000, "000002": (20_100, False)}
    result = country([("Byen", 20_000, 500)], practices, {"h": (20_000, 100)}).skal()
    byen = result.places.set_index("name").loc["Byen"]
    assert (byen.practices, byen.practices_open, byen.persons_lose_practice) == (2, 1, 100)
    alone = result.practices.set_index("ydernummer").loc[["000001", "000002"]]
    assert alone.persons_lose_practice.tolist() == [0, 0]
    assert not alone.is_last.any()


def test_choice_is_lost_where_one_open_practice_is_left_and_the_rule_decides_what_that_means():
    """The home has A (open), B (open) and C (closed): without A one open practice is left."""
    towns = [("A", 10_000, 500), ("B", 20_000, 400), ("C", 28_000, 300)]
    practices = {"000001": 10_000, "000002": 20_000, "000003": (28_000, False)}
    homes = {"h": (19_000, 100)}
    free = country(towns, practices, homes).places()
    assert free.persons_lose_choice[["A", "B", "C"]].tolist() == [100, 100, 0]
    assert free.persons_lose_practice[["A", "B", "C"]].tolist() == [0, 0, 0]
    assert not free.is_skal[["A", "B", "C"]].any()
    strict = country(towns, practices, homes, rules={"skal.protect_choice": True}).places()
    assert strict.is_skal[["A", "B", "C"]].tolist() == [True, True, False]


def test_who_loses_both_practice_and_choice_counts_in_both():
    practices = {"000001": 20_000, "000002": 20_000}
    byen = country([("Byen", 20_000, 500)], practices, {"h": (20_000, 100)}).places().loc["Byen"]
    assert (byen.persons_lose_practice, byen.persons_lose_choice) == (100, 100)


def test_practices_beyond_the_border_and_their_towns_count_for_people_and_make_no_places():
    bands = {"0461": (-1_000, 30_000)}
    homes = {"border": (25_000, 100), "inland": (8_000, 150)}
    drawn = country(
        [("Byen", 20_000, 500), ("Udland", 35_000, 9_000)],
        {"000001": 20_000, "000002": 35_000},
        homes,
        bands=bands,
    )
    result = drawn.skal()
    assert result.places["name"].tolist() == ["Byen"]
    assert result.practices["ydernummer"].tolist() == ["000001"]
    assert result.places["persons_lose_practice"].tolist() == [150]
    assert result.notices == (Notice("skal_towns_outside", (("count", 2),)),)


def test_a_practice_that_nobody_placed_is_left_out():
    practices = {**AT_STORBY, "000001": {"point": None}}
    result = Country([STORBY], practices, {"h": (at(0), 100)}).skal()
    assert result.practices["ydernummer"].tolist() == ["900001", "900002"]


# Distances.


def test_distances_now_and_after_are_means_over_the_people_who_have_another_practice():
    """Byen at 10 km, Anden at 22 km, Storby at 60 km; 30 km is the farthest that is measured.

    home   persons  nearest      without it
    8 km   100      Byen 2 km    Anden 14 km
    13 km  300      Byen 3 km    Anden 9 km
    now    (100 x 2 + 300 x 3) / 400 = 2.75 km
    after  (100 x 14 + 300 x 9) / 400 = 10.25 km
    """
    drawn = country(
        [("Byen", 10_000, 500), ("Anden", 22_000, 500)],
        {"000001": 10_000, "000002": 22_000},
        {"a": (8_000, 100), "b": (13_000, 300), "c": (29_000, 40), "d": (21_000, 0)},
    )
    places = drawn.places()
    byen = places.loc["Byen"]
    assert (byen.persons_nearest, byen.persons_without_other) == (400, 0)
    assert (byen.nearest_now_m, byen.nearest_after_m) == (2_750, 10_250)


def test_who_has_no_other_practice_is_counted_and_kept_out_of_both_means():
    """From 0 km Anden is 32 km away, farther than what is measured; from 6 km it is 26 km."""
    drawn = country(
        [("Byen", 2_000, 500), ("Anden", 32_000, 500)],
        {"000001": 2_000, "000002": 32_000},
        {"a": (0, 70), "b": (6_000, 30)},
    )
    byen = drawn.places().loc["Byen"]
    assert (byen.persons_nearest, byen.persons_without_other) == (100, 70)
    assert (byen.nearest_now_m, byen.nearest_after_m) == (4_000, 26_000)


# A og/eller B.


def two_towns(**changed):
    """A at 10 km and B at 20 km; homes between them reach both, few reach one only."""
    homes = {"between": (15_000, 100.0), "south": (0, 99.0), "north": (35_000, 99.0)} | changed
    towns = [("A", 10_000, 500), ("B", 20_000, 400)]
    return country(towns, {"000001": 10_000, "000002": 20_000}, homes)


def test_two_towns_either_of_which_suffices_are_a_pair():
    result = two_towns().skal()
    (pair,) = result.pairs.to_dict("records")
    assert (pair["name_a"], pair["name_b"], pair["neither_must_stay"]) == ("A", "B", True)
    assert pair["persons_lose_practice"] == 100  # not the 198 who lose theirs by one closure
    places = result.places.set_index("name")
    assert places.kind[["A", "B"]].tolist() == ["dispensable", "dispensable"]
    assert places.or_places[["A", "B", "Storby"]].tolist() == ["B", "A", ""]


def test_too_few_people_between_two_towns_make_no_pair():
    assert two_towns(between=(15_000, 99.0)).skal().pairs.empty


@pytest.mark.parametrize(("end", "metres", "name"), [("south", 0, "A"), ("north", 35_000, "B")])
def test_a_town_that_is_needed_by_itself_is_in_no_pair(end, metres, name):
    result = two_towns(**{end: (metres, 100.0)}).skal()
    assert result.places.set_index("name").kind[name] == "geographically_necessary"
    assert result.pairs.empty


@pytest.mark.parametrize("counts", [(1, 2), (2, 1)])
def test_who_loses_the_choice_by_one_closure_is_not_counted_again_for_the_pair(counts):
    """Three open practices, two of them in one town: that town alone takes the choice."""
    ends = [10_000] * counts[0] + [20_000] * counts[1]
    practices = {f"00000{number}": metres for number, metres in enumerate(ends)}
    towns = [("A", 10_000, 500), ("B", 20_000, 400)]
    result = country(towns, practices, {"h": (15_000, 100)}).skal()
    (pair,) = result.pairs.to_dict("records")
    assert (pair["persons_lose_practice"], pair["persons_lose_choice"]) == (100, 0)
    lost = result.places.set_index("name").persons_lose_choice[["A", "B"]]
    assert lost.tolist() == [100 * (count == 2) for count in counts]


@pytest.mark.parametrize(
    ("a_persons", "b_persons", "pairs", "neither"),
    [(500, 400, 1, True), (3_001, 400, 1, False), (3_001, 3_001, 0, None)],
)
def test_a_pair_of_two_towns_that_stay_by_their_size_is_no_question(
    a_persons, b_persons, pairs, neither
):
    towns = [("A", 10_000, a_persons), ("B", 20_000, b_persons)]
    practices = {"000001": 10_000, "000002": 20_000}
    found = country(towns, practices, {"between": (15_000, 100.0)}).skal().pairs
    assert len(found) == pairs
    assert found["neither_must_stay"].tolist() == [neither] * pairs


def test_of_three_towns_any_two_suffice_gives_all_three_pairs():
    """A triangle of 1.4 km sides with a home in the middle of each, and a limit of 1 km.

    Each home reaches the two towns of its side (700 m) and not the third (2.1 km).
    """
    rows = ["       C       ", *[" " * 15] * 11, "A             B"]
    graph = build_graph(draw(rows, [Way("AB"), Way("BC"), Way("CA")]), RULES.travel)
    corners = {"A": place(0, 0), "B": place(14, 0), "C": place(7, 12)}
    middles = {"AB": place(7, 0), "BC": place(10.5, 6), "AC": place(3.5, 6)}
    drawn = Country(
        [(name, point, 400.0 - number) for number, (name, point) in enumerate(corners.items())],
        {f"00000{number}": {"point": point} for number, point in enumerate(corners.values())},
        {name: (point, 100.0) for name, point in middles.items()},
        graph=graph,
        rules={"choice.limit_m": 1_000},
    )
    result = drawn.skal()
    assert result.places.persons_lose_practice.tolist() == [0, 0, 0]
    pairs = {(pair.name_a, pair.name_b): pair for pair in result.pairs.itertuples()}
    # A is the largest town of the kommune, so only B and C have no duty of their own.
    assert set(pairs) == {("A", "B"), ("B", "C"), ("A", "C")}
    assert [pair.persons_lose_practice for pair in pairs.values()] == [100, 100, 100]
    assert [name for name, pair in pairs.items() if pair.neither_must_stay] == [("B", "C")]
    assert result.places.set_index("name").or_places.to_dict() == {
        "A": "B, C",
        "B": "C, A",
        "C": "A, B",
    }


def test_three_open_practices_of_which_two_are_enough_pair_up_for_choice_only_where_protected():
    """A home with A, B and C: any one may close, no two; for its practice all three."""
    towns = [("A", 10_000, 500), ("B", 20_000, 400), ("C", 30_000, 300)]
    practices = {"000001": 10_000, "000002": 20_000, "000003": 30_000}
    homes = {"h": (20_000, 100)}
    assert country(towns, practices, homes).skal().pairs.empty
    strict = country(towns, practices, homes, rules={"skal.protect_choice": True}).skal()
    assert list(zip(strict.pairs.name_a, strict.pairs.name_b, strict=True)) == [
        ("A", "B"),
        ("A", "C"),
        ("B", "C"),
    ]
    assert strict.pairs.persons_lose_choice.tolist() == [100, 100, 100]
    assert strict.pairs.persons_lose_practice.tolist() == [0, 0, 0]


def test_two_towns_of_two_open_practices_each_pair_up_for_choice_and_practice():
    towns = [("A", 10_000, 500), ("B", 20_000, 400)]
    practices = {f"00000{n}": metres for n, metres in enumerate((10_000, 10_000, 20_000, 20_000))}
    (pair,) = country(towns, practices, {"h": (15_000, 100)}).skal().pairs.to_dict("records")
    assert (pair["persons_lose_practice"], pair["persons_lose_choice"]) == (100, 100)


# What a place holds.


def test_a_figure_of_a_place_is_missing_if_one_of_its_practices_does_not_say():
    practices = {
        "000001": {"point": at(20_000), "capacities": 2.0},
        "000002": {"point": at(20_000), "capacities": 1.5, "listed_persons": None},
    }
    drawn = Country([("Byen", at(20_000), 500)], practices, {"h": (at(0), 1)})
    doctors = pd.DataFrame(
        {"ydernummer": ["000002", "000001"], "doctors": [2.0, 3.0], "doctors_older": [1.0, np.nan]}
    )
    (byen,) = drawn.skal(doctors=doctors).places.to_dict("records")
    assert (byen["capacities"], byen["doctors"]) == (3.5, 5.0)
    assert np.isnan(byen["listed_persons"])
    assert np.isnan(byen["doctors_older"])


# One closure, home by home.


def test_who_loses_names_the_homes():
    towns = [("A", 10_000, 500), ("B", 20_000, 400)]
    practices = {"000001": 10_000, "000002": 20_000, "000003": (21_000, False)}
    homes = {"h00": (0, 10), "h15": (15_000, 10), "h34": (34_000, 10), "h50": (50_000, 10)}
    drawn = country(towns, practices, homes)
    lost = who_loses(drawn.matrix, drawn.choice, ["000001"]).set_index("origin_id")
    assert lost.loses_practice.to_dict() == {"h00": True, "h15": False, "h34": False, "h50": False}
    assert lost.loses_choice.to_dict() == {"h00": False, "h15": True, "h34": False, "h50": False}
    both = who_loses(drawn.matrix, drawn.choice, ["000001", "000002"]).set_index("origin_id")
    assert both.loses_practice.to_dict() == {"h00": True, "h15": False, "h34": False, "h50": False}
    nothing = who_loses(drawn.matrix, drawn.choice, [])
    assert not nothing[["loses_practice", "loses_choice"]].to_numpy().any()
