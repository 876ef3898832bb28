"""The places that a plan names: towns, neighbouring towns merged, and lone practices.

The merge rule: from the largest town down, every town of the same kommune that is
not yet merged, has at least ``skal.merge_min_persons`` and lies within
``skal.merge_within_m`` by road of it joins it. What has joined draws nobody in
after it, so there are no chains. A kommune has its own list in the plan: towns on
two sides of its border stay two places.

A practice belongs to the place of the nearest town within ``skal.practice_within_m``
by road; where no town is that near, it is a place of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.areas import locate_in_areas
from coverage.network import RoadGraph
from coverage.places import Places, join_places
from coverage.rule_groups import SkalRules
from coverage.rules import RuleSet
from coverage.search import search_all
from coverage.tables import Tables
from coverage.town_names import town_key
from coverage.travel import TravelMatrix, measure_travel

Ints = npt.NDArray[np.int64]

_LONE = "praksis-"


@dataclass(frozen=True)
class TownStops:
    """The towns on the roads, to find the place that a practice belongs to.

    Attributes
    ----------
    stops
        By town id, the largest town first.
    place_of
        Town id -> place id.
    """

    stops: Places
    place_of: "pd.Series[str]"

    def places_of(self, sites: Places, graph: RoadGraph, rules: SkalRules) -> "pd.Series[str]":
        """Return site id -> place id; missing where no town is near enough."""
        if not len(sites):
            return pd.Series(dtype="str")
        near = self.nearest(sites, graph, rules.practice_within_m).reindex(sites.ids)
        return near["town_id"].map(self.place_of).astype("str")

    def nearest(self, sites: Places, graph: RoadGraph, within_m: float) -> pd.DataFrame:
        """Return by site the nearest town within reach: ``town_id, distance_m``."""
        town, site, distance_m = search_all(graph, self.stops, sites, within_m, None)
        order = np.lexsort((town, distance_m, site))
        first = order[np.flatnonzero(np.diff(site[order], prepend=-1))]
        return pd.DataFrame(
            {"town_id": self.stops.ids[town[first]], "distance_m": distance_m[first]},
            index=sites.ids[site[first]],
        )


@dataclass(frozen=True)
class SkalPlaces:
    """Every place of the study, and which towns and practices belong to it.

    Attributes
    ----------
    places
        ``place_id, name, kommune_code, towns`` (names, the largest first,
        ", " between them), ``persons`` (of its towns together; missing where
        none is known), ``x_m, y_m``; by kommune, then the largest first.
    towns
        ``place_id, name, kommune_code, persons, without_road``: the study's
        towns; a town without road neither merges nor has practices.
    practices
        ``ydernummer, place_id, distance_m`` (to the nearest town; missing for a
        place of its own): the placed practices of the study, as in the register.
    towns_outside
        Towns of the table that lie in no kommune of the study: left out.
    stops
        The study's towns on the roads.
    """

    places: pd.DataFrame
    towns: pd.DataFrame
    practices: pd.DataFrame
    towns_outside: int
    stops: TownStops


def build_places(tables: Tables, matrix: TravelMatrix, rules: RuleSet) -> SkalPlaces:
    """Return the places of the towns and practices in the study's kommuner.

    Parameters
    ----------
    matrix
        Its sites are the placed practices.
    """
    towns, towns_outside = _own_towns(tables, rules.travel.max_shore_m)
    joined = join_places(matrix.graph, towns, "town_id", rules.travel)
    towns["without_road"] = ~joined.snaps.snapped
    anchor = _anchors(towns, joined, matrix, rules.skal)
    town_places, place_of_town = _town_places(towns, anchor)
    towns["place_id"] = place_of_town
    of_town = pd.Series(place_of_town.to_numpy(), index=towns["town_id"].to_numpy(), dtype="str")
    stops = TownStops(joined, of_town)
    practices = _own_practices(tables, matrix, rules.travel.max_shore_m)
    sites = matrix.sites.take(matrix.sites.positions(practices["ydernummer"]))
    nearest = stops.nearest(sites, matrix.graph, rules.skal.practice_within_m)
    town = nearest.reindex(practices["ydernummer"])
    practices["place_id"] = town["town_id"].map(of_town).to_numpy()
    practices["distance_m"] = town["distance_m"].to_numpy(np.float64)
    lone = practices["place_id"].isna()
    practices["place_id"] = practices["place_id"].where(~lone, _LONE + practices["ydernummer"])
    places = _in_order(pd.concat([town_places, _lone_places(practices[lone])], ignore_index=True))
    return SkalPlaces(
        places,
        towns[["place_id", "name", "kommune_code", "persons", "without_road"]],
        practices[["ydernummer", "place_id", "distance_m"]],
        towns_outside,
        stops,
    )


def _own_towns(tables: Tables, max_shore_m: float) -> tuple[pd.DataFrame, int]:
    """Return the study's towns from the largest down, and how many lie elsewhere."""
    towns = tables.towns.reset_index(drop=True)
    located = locate_in_areas(
        towns["x_m"], towns["y_m"], tables.kommuner, "kommune_code", max_distance_m=max_shore_m
    )
    towns["kommune_code"] = towns["kommune_code"].fillna(located)
    own = towns[towns["kommune_code"].isin(tables.kommuner["kommune_code"])]
    # Name and place decide between towns of one size, so that the order of the rows never does.
    own = own.sort_values(
        ["persons", "name", "kommune_code", "x_m", "y_m"],
        ascending=[False, True, True, True, True],
        na_position="last",
        ignore_index=True,
    )
    own["town_id"] = [str(number) for number in own.index]
    return own, len(towns) - len(own)


def _anchors(towns: pd.DataFrame, stops: Places, matrix: TravelMatrix, rules: SkalRules) -> Ints:
    """Return by town, the largest first, the position of the town that it counts with."""
    between = measure_travel(matrix.graph, stops, stops, rules.merge_within_m).pairs()
    from_town = between["origin_id"].astype(int).to_numpy()
    to_town = between["site_id"].astype(int).to_numpy()
    kommune = towns["kommune_code"].to_numpy()
    large_enough = (towns["persons"] >= rules.merge_min_persons).to_numpy()
    held = (from_town > to_town) & large_enough[from_town]
    held &= kommune[from_town] == kommune[to_town]
    order = np.lexsort((from_town[held], to_town[held]))
    anchor = np.arange(len(towns))
    for smaller, larger in zip(from_town[held][order], to_town[held][order], strict=True):
        if anchor[larger] == larger and anchor[smaller] == smaller:
            anchor[smaller] = larger
    return anchor


def _town_places(towns: pd.DataFrame, anchor: Ints) -> tuple[pd.DataFrame, "pd.Series[str]"]:
    """Return a row for every town that others or none count with, and each town's place."""
    first = towns[anchor == np.arange(len(towns))]
    ids = pd.Series(_place_ids(first), index=first.index, dtype="str")
    place_of_town = pd.Series(anchor, index=towns.index).map(ids).astype("str")
    groups = towns.groupby(anchor)
    places = pd.DataFrame(
        {
            "place_id": ids,
            "name": first["name"],
            "kommune_code": first["kommune_code"],
            "towns": groups["name"].agg(", ".join),
            "persons": groups["persons"].sum(min_count=1),
            "x_m": first["x_m"],
            "y_m": first["y_m"],
        }
    )
    return places, place_of_town


def _place_ids(towns: pd.DataFrame) -> Sequence[str]:
    """Return kommune code and name of each; a second town of a name in a kommune gets a number."""
    words = towns["name"].map(town_key).str.replace(" ", "-")
    ids = towns["kommune_code"] + "-" + words
    twin = ids.groupby(ids).cumcount()
    return [
        text if not number else f"{text}-{number + 1}"
        for text, number in zip(ids, twin, strict=True)
    ]


def _own_practices(tables: Tables, matrix: TravelMatrix, max_shore_m: float) -> pd.DataFrame:
    """Return the measured practices in the study's kommuner, with their kommune."""
    placed = tables.practices[tables.practices["ydernummer"].isin(matrix.site_ids)]
    kommune = locate_in_areas(
        placed["x_m"], placed["y_m"], tables.kommuner, "kommune_code", max_distance_m=max_shore_m
    )
    columns = ["ydernummer", "name", "town", "x_m", "y_m"]
    own = placed[columns].assign(kommune_code=kommune.to_numpy())
    return own[own["kommune_code"].notna()].reset_index(drop=True)


def _lone_places(practices: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "place_id": practices["place_id"],
            "name": practices["town"].fillna(practices["name"]),
            "kommune_code": practices["kommune_code"],
            "towns": "",
            "persons": np.nan,
            "x_m": practices["x_m"],
            "y_m": practices["y_m"],
        }
    )


def _in_order(places: pd.DataFrame) -> pd.DataFrame:
    return places.sort_values(
        ["kommune_code", "persons", "place_id"],
        ascending=[True, False, True],
        na_position="last",
        ignore_index=True,
    )
