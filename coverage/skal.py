"""Skal-areas: the places that must keep a practice, why, and whether the plan says the same.

As a rule every town of more than 3,000 inhabitants, neighbouring towns counted
together, and the places that are needed for a reasonable distance, some as "A
og/eller B" (Region Syddanmark, Praksisplan 2025-2028). What distance is reasonable
the plan does not say: here a place is needed if closing its last practice leaves
``skal.min_persons_lost`` people without any practice within the limit of lægevalg
(with ``skal.protect_choice``, also without a choice).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.choice import Choice
from coverage.closures import Reach, nearest_by_group, reach_by_group, who_loses
from coverage.plan_tables import PlanTables
from coverage.rule_groups import SkalRules
from coverage.rules import RuleSet
from coverage.skal_list_check import DISPENSABLE, PERSON_TOLERANCE, VERDICTS, compare_with_plan
from coverage.skal_places import SkalPlaces, TownStops, build_places
from coverage.tables import Tables
from coverage.travel import TravelMatrix
from coverage.wording import Notice

__all__ = ["KINDS", "VERDICTS", "SkalAreas", "find_skal_areas", "who_loses"]

KINDS = ("main_town", "centre_town", "geographically_necessary", DISPENSABLE)

Ints = npt.NDArray[np.integer]


@dataclass(frozen=True)
class SkalAreas:
    """The places of the study and what they mean for people's reach.

    Attributes
    ----------
    places
        One row a place, also one without a practice: ``place_id, name,
        kommune_code, towns, persons, x_m, y_m`` (``skal_places.SkalPlaces``);
        ``kind`` (of ``KINDS``, the first that fits) and ``is_skal``;
        ``practices, practices_open``; ``capacities, listed_persons, doctors,
        doctors_older`` (missing if any of its practices does not say);
        ``last_ydernummer`` (of the only practice that is left, else missing);
        ``persons_nearest, persons_without_other, nearest_now_m,
        nearest_after_m`` (``closures.nearest_by_group``);
        ``persons_lose_practice, persons_lose_choice`` if all its practices
        close; ``or_places`` (names of its partners in ``pairs``).
    pairs
        "A og/eller B", a row a pair: ``place_a, place_b, name_a, name_b`` and
        ``persons_lose_practice, persons_lose_choice``: who loses only if both
        places close. Neither is geographically necessary by itself, and at
        least one of them need not stay by its size; where
        ``neither_must_stay``, the duty is the pair's alone.
    practices
        The study's placed practices: ``ydernummer, place_id, distance_m`` (to
        the nearest town; missing for a place of its own), ``is_last`` (the only
        one of its place) and ``persons_lose_practice, persons_lose_choice`` if
        it alone closes.
    agreement
        Beside the plan's own list (``skal_list_check.compare_with_plan``).
    notices
        What a reader of the places must know.
    stops
        The towns on the roads, to find the place of a practice that is not there yet.
    """

    places: pd.DataFrame
    pairs: pd.DataFrame
    practices: pd.DataFrame
    agreement: pd.DataFrame
    notices: tuple[Notice, ...]
    stops: TownStops


def find_skal_areas(
    tables: Tables,
    plan: PlanTables,
    matrix: TravelMatrix,
    choice: Choice,
    by_practice: pd.DataFrame,
    rules: RuleSet,
) -> SkalAreas:
    """Return the places that must keep a practice.

    Practices outside the study's kommuner stay open in every closure: they count
    for what people reach, and make no places.

    Parameters
    ----------
    choice
        Of the origins of the matrix, in their order.
    by_practice
        ``ydernummer, doctors, doctors_older``; missing where unknown.
    """
    found = build_places(tables, matrix, rules)
    closures = _Closures.measure(found, matrix, choice)
    places = _counted(found, tables, choice, by_practice)
    places = pd.concat([places, closures.by_place], axis=1)
    places["kind"] = _kinds(places, rules.skal)
    places["is_skal"] = places["kind"] != DISPENSABLE
    pairs = _or_pairs(closures.by_pair, places, rules.skal)
    places["or_places"] = _partner_names(pairs, places)
    practices = found.practices.merge(closures.by_practice, on="ydernummer", validate="1:1")
    alone = found.practices.groupby("place_id")["ydernummer"].transform("size") == 1
    practices.insert(3, "is_last", alone.to_numpy(np.bool_))
    codes = tables.kommuner["kommune_code"]
    agreement = compare_with_plan(plan.skal_areas, places, pairs, found.towns, codes, rules.skal)
    return SkalAreas(places, pairs, practices, agreement, _notices(found), found.stops)


@dataclass(frozen=True)
class _Closures:
    """What closing a place, two places or one practice does.

    ``by_place`` in the order of the places; ``by_pair`` by positions of places
    ``group_a, group_b``; ``by_practice`` by ydernummer.
    """

    by_place: pd.DataFrame
    by_pair: pd.DataFrame
    by_practice: pd.DataFrame

    @classmethod
    def measure(cls, found: SkalPlaces, matrix: TravelMatrix, choice: Choice) -> "_Closures":
        persons = choice.by_origin["persons"].to_numpy(np.float64)
        pairs = matrix.pair_positions()
        origin, site, distance_m = pairs
        within = distance_m <= choice.by_origin["limit_m"].to_numpy()[origin]
        origin, site = origin[within], site[within]
        is_open = matrix.site_ids.isin(choice.open_ids)[site]
        place_of_site = _place_of_site(found, matrix)

        def reaches(group_of_site: Ints, groups: int) -> tuple[tuple[str, Reach, float], ...]:
            every = reach_by_group(origin, site, group_of_site, persons, groups)
            opened = reach_by_group(origin[is_open], site[is_open], group_of_site, persons, groups)
            needed = choice.rules.practices_needed
            return ("persons_lose_practice", every, 1.0), ("persons_lose_choice", opened, needed)

        count = len(found.places)
        by_place = nearest_by_group(pairs, place_of_site, persons, count + 1)
        joint = []
        for name, reach, needed in reaches(place_of_site, count + 1):
            by_place[name] = reach.persons_losing(needed)
            both = reach.persons_losing_jointly(needed)
            both = both[both["group_b"] < count].set_index(["group_a", "group_b"])
            joint.append(both["persons"].rename(name))
        by_practice = pd.DataFrame({"ydernummer": matrix.site_ids.to_numpy()})
        for name, reach, needed in reaches(np.arange(len(matrix.site_ids)), len(matrix.site_ids)):
            by_practice[name] = reach.persons_losing(needed)
        by_pair = pd.concat(joint, axis=1).fillna(0.0).reset_index()
        return cls(by_place.iloc[:count], by_pair, by_practice)


def _place_of_site(found: SkalPlaces, matrix: TravelMatrix) -> Ints:
    """Return the position of each site's place; one beyond the last for those outside."""
    place_of = found.practices.set_index("ydernummer")["place_id"].reindex(matrix.site_ids)
    position = pd.Index(found.places["place_id"]).get_indexer(place_of)
    return np.where(position >= 0, position, len(found.places))


def _counted(
    found: SkalPlaces, tables: Tables, choice: Choice, by_practice: pd.DataFrame
) -> pd.DataFrame:
    """Return the places with what their practices hold."""
    register = tables.practices.set_index("ydernummer")[["capacities", "listed_persons"]]
    doctors = by_practice.set_index("ydernummer")[["doctors", "doctors_older"]]
    ids = found.practices["ydernummer"]
    held = pd.concat([register.reindex(ids), doctors.reindex(ids)], axis=1).astype(np.float64)
    groups = held.groupby(found.practices["place_id"].to_numpy())
    order = found.places["place_id"]
    # A sum with an unknown part is unknown; a place without practices holds none.
    sums = groups.sum().where(groups.count().eq(groups.size(), axis=0))
    sums = sums.reindex(order, fill_value=0.0).reset_index(drop=True)
    by_place = found.practices.groupby("place_id")["ydernummer"]
    count = by_place.size().reindex(order, fill_value=0).to_numpy()
    is_open = ids.isin(choice.open_ids).groupby(found.practices["place_id"]).sum()
    last = by_place.first().reindex(order).where(count == 1).reset_index(drop=True)
    places = found.places.assign(
        practices=count, practices_open=is_open.reindex(order, fill_value=0).to_numpy()
    )
    return pd.concat([places, sums, last.rename("last_ydernummer").astype("str")], axis=1)


def _is_necessary(table: pd.DataFrame, rules: SkalRules) -> "pd.Series[bool]":
    """Return where enough people lose their practice, or with the rule their choice."""
    enough = rules.min_persons_lost - PERSON_TOLERANCE
    necessary = table["persons_lose_practice"] >= enough
    return (
        necessary | (table["persons_lose_choice"] >= enough) if rules.protect_choice else necessary
    )


def _kinds(places: pd.DataFrame, rules: SkalRules) -> "pd.Series[str]":
    """Return the first kind that fits each place."""
    known = places[places["persons"].notna()]
    largest = known.drop_duplicates("kommune_code").index  # by kommune, the largest first
    is_largest = places.index.isin(largest)
    is_large = (places["persons"] > rules.town_persons).to_numpy()
    is_needed = _is_necessary(places, rules).to_numpy()
    kinds = np.where(is_needed, KINDS[2], DISPENSABLE)
    kinds = np.where(is_largest, KINDS[0], np.where(is_large, KINDS[1], kinds))
    return pd.Series(kinds, index=places.index, dtype="str")


def _or_pairs(by_pair: pd.DataFrame, places: pd.DataFrame, rules: SkalRules) -> pd.DataFrame:
    """Return the pairs of which either place may lose its practices, but not both."""
    necessary = _is_necessary(places, rules).to_numpy()
    stays = places["is_skal"].to_numpy()
    one, other = by_pair["group_a"].to_numpy(), by_pair["group_b"].to_numpy()
    held = _is_necessary(by_pair, rules).to_numpy() & ~necessary[one] & ~necessary[other]
    held &= ~(stays[one] & stays[other])
    one, other = one[held], other[held]
    lost = by_pair.loc[held, ["persons_lose_practice", "persons_lose_choice"]]
    ids, names = places["place_id"].to_numpy(), places["name"].to_numpy()
    pairs = pd.DataFrame(
        {
            "place_a": ids[one],
            "place_b": ids[other],
            "name_a": names[one],
            "name_b": names[other],
            "neither_must_stay": ~(stays[one] | stays[other]),
        }
    )
    text = dict.fromkeys(("place_a", "place_b", "name_a", "name_b"), "str")
    return pairs.astype(text).join(lost.reset_index(drop=True))


def _partner_names(pairs: pd.DataFrame, places: pd.DataFrame) -> "pd.Series[str]":
    """Return for each place the names of those it is paired with, ", " between them."""
    ends = [pairs[["place_a", "name_b"]], pairs[["place_b", "name_a"]]]
    both = pd.concat([end.set_axis(["place_id", "partner"], axis=1) for end in ends])
    names = both.groupby("place_id")["partner"].agg(", ".join).to_dict()
    shown = [names.get(place_id, "") for place_id in places["place_id"]]
    return pd.Series(shown, index=places.index, dtype="str")


def _notices(found: SkalPlaces) -> tuple[Notice, ...]:
    towns = found.towns
    notices = []
    if towns.empty:
        notices.append(Notice("skal_no_towns"))
    if found.towns_outside:
        notices.append(Notice("skal_towns_outside", (("count", found.towns_outside),)))
    for key, held in (
        ("skal_towns_without_persons", towns["persons"].isna()),
        ("skal_towns_without_road", towns["without_road"]),
    ):
        names = sorted(towns.loc[held.astype(bool), "name"])
        if names:
            notices.append(Notice(key, (("count", len(names)), ("names", ", ".join(names)))))
    return tuple(notices)
