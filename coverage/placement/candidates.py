"""Where a practice may be placed: towns, populated places on a grid, or a list of one's own.

A candidate that cannot be used is told with the reason, never dropped in silence.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from coverage.areas import locate_in_areas
from coverage.assessment import Assessment
from coverage.errors import DuplicateIdError, InvalidValueError, MissingColumnError
from coverage.levels import KOMMUNE_LEVEL
from coverage.placement.units import Bools, Floats, Ints
from coverage.places import Places, join_places
from coverage.search import Progress, search_all
from coverage.sentences import sentence
from coverage.town_names import town_key
from coverage.units import M_PER_KM, ground_distance_m, scale_factor

REASONS = ("outside", "no_road", "merged")

_COLUMNS = ["site_id", "name", "x_m", "y_m"]
# A polygon of a level may be drawn short of the coast: the nearest area is meant.
_NEAREST_AREA_M = 100_000.0
# The town that a place on the grid is called by, if one is this near.
_NAMED_WITHIN_M = 5_000.0


@dataclass(frozen=True)
class Candidates:
    """Sites where a practice may open, and how far every home has to them.

    Attributes
    ----------
    table
        One row a candidate: ``site_id, name, x_m, y_m, kommune_code``.
    area
        Level -> shape (candidates,): the area of each.
    left_out
        ``site_id, name, x_m, y_m, reason`` (of ``REASONS``), ``merged_into`` (the candidate
        that stands for it, else missing).
    places
        The candidates on the road graph.
    origin, site, distance_m
        Shape (pairs,): positions of a home and of a candidate, and metres by road;
        every pair within the cutoff, in no order.
    cutoff_m
        Up to which distance pairs are held, the line included.
    """

    table: pd.DataFrame
    area: "dict[str, pd.Series[str]]"
    left_out: pd.DataFrame
    places: Places
    origin: Ints
    site: Ints
    distance_m: Floats
    cutoff_m: float

    def __len__(self) -> int:
        return len(self.table)

    @property
    def site_ids(self) -> "pd.Index[str]":
        """Ids in the order of the positions."""
        return self.places.ids


def candidates_from_towns(
    assessment: Assessment, *, progress: Progress | None = None
) -> Candidates:
    """Return the towns of the study as candidates, the largest first.

    A town's id is its kommune code and name, with a number for a second one of that name.
    """
    tables, rules = assessment.tables, assessment.rules
    towns = tables.towns.sort_values(
        ["persons", "name", "x_m", "y_m"], ascending=[False, True, True, True], ignore_index=True
    )
    located = locate_in_areas(
        towns["x_m"],
        towns["y_m"],
        tables.kommuner,
        "kommune_code",
        max_distance_m=rules.travel.max_shore_m,
    )
    code = towns["kommune_code"].fillna(located).fillna("0000")
    keys = towns["name"].map(town_key).astype("str").str.replace(" ", "-")
    ids = code.astype("str") + "-" + keys
    twin = ids.groupby(ids).cumcount()
    numbered = ids.where(twin == 0, ids + "-" + (twin + 1).astype("str"))
    return _build(assessment, towns.assign(site_id=numbered.astype("str")), progress)


def candidates_from_grid(
    assessment: Assessment,
    step_m: float | None = None,
    *,
    progress: Progress | None = None,
) -> Candidates:
    """Return the most populous home of every square of a grid as a candidate.

    A candidate's id names its square by the kilometres of the south-west corner, north
    first; its name is that of the nearest town, if one is within 5 km.

    Parameters
    ----------
    step_m
        Side of a square; without it the rule ``placement.grid_m``.
    """
    step = assessment.rules.placement.grid_m if step_m is None else step_m
    if not step > 0:
        raise InvalidValueError(
            sentence("A grid of {side:g} m", side=step), where="candidates", hint="Above 0 m."
        )
    homes = assessment.origins.table
    homes = homes[homes["persons"] > 0]
    east = np.floor(homes["x_m"].to_numpy(np.float64) / step)
    north = np.floor(homes["y_m"].to_numpy(np.float64) / step)
    in_order = homes.assign(east=east, north=north).sort_values(
        ["persons", "origin_id"], ascending=[False, True]
    )
    best = in_order.drop_duplicates(["east", "north"]).reset_index(drop=True)
    corners = (best[name].to_numpy(np.float64) * (step / M_PER_KM) for name in ("north", "east"))
    corner_km = [f"{y:g}_{x:g}" for y, x in zip(*corners, strict=True)]
    table = best.assign(
        site_id=pd.Series(corner_km, dtype="str"), name=_town_near(best, assessment)
    )
    table["name"] = table["name"].fillna(table["site_id"])
    return _build(assessment, table, progress)


def candidates_from_table(
    assessment: Assessment, table: pd.DataFrame, *, progress: Progress | None = None
) -> Candidates:
    """Return the rows of a table of one's own as candidates, in its order.

    Parameters
    ----------
    table
        Columns ``site_id, name, x_m, y_m`` (EPSG:25832).

    Raises
    ------
    MissingColumnError
    InvalidValueError
        For a coordinate that is no number.
    DuplicateIdError
        For an id that repeats or is a ydernummer in use.
    """
    missing = [name for name in _COLUMNS if name not in table]
    if missing:
        raise MissingColumnError(
            sentence("The table of candidates lacks: {names}", names=", ".join(missing)),
            where="candidates",
            hint=sentence("Columns found: {names}", names=", ".join(map(str, table.columns))),
        )
    own = table[_COLUMNS].reset_index(drop=True)
    own = own.assign(site_id=own["site_id"].astype("str"), name=own["name"].astype("str"))
    numbers = own[["x_m", "y_m"]].apply(pd.to_numeric, errors="coerce")
    bad = own.loc[~np.isfinite(numbers.to_numpy(np.float64)).all(axis=1), "site_id"]
    if len(bad):
        raise InvalidValueError(
            "A candidate without coordinates",
            where="candidates, columns x_m and y_m",
            rows=list(bad),
            hint="Give metres in EPSG:25832.",
        )
    return _build(assessment, own.assign(x_m=numbers["x_m"], y_m=numbers["y_m"]), progress)


def _build(assessment: Assessment, table: pd.DataFrame, progress: Progress | None) -> Candidates:
    """Return the candidates of a table whose rows are in the order of preference."""
    table = table[_COLUMNS].reset_index(drop=True)
    _check_ids(assessment, table["site_id"])
    rules = assessment.rules
    kommune = locate_in_areas(
        table["x_m"],
        table["y_m"],
        assessment.tables.kommuner,
        "kommune_code",
        max_distance_m=rules.travel.max_shore_m,
    )
    matrix = assessment.matrix
    on_road = join_places(matrix.graph, table, "site_id", rules.travel).snaps.snapped
    outside = kommune.isna().to_numpy()
    usable = ~outside & on_road
    into = _merged_into(table, usable, rules.placement.merge_m)
    kept = usable & (into < 0)
    reason = np.select([outside, ~on_road], REASONS[:2], REASONS[2])
    left_out = table.assign(
        reason=pd.Series(reason, dtype="str"),
        merged_into=pd.Series(table["site_id"].to_numpy(object)[into], dtype="str").where(
            into >= 0
        ),
    )[~kept].reset_index(drop=True)
    own = table.assign(kommune_code=kommune)[kept].reset_index(drop=True)
    places = join_places(matrix.graph, own, "site_id", rules.travel)
    origin, site, distance_m = search_all(
        matrix.graph, matrix.origins, places, matrix.cutoff_m, progress
    )
    return Candidates(
        own,
        _areas(assessment, own),
        left_out,
        places,
        origin.astype(np.int64),
        site.astype(np.int64),
        distance_m,
        matrix.cutoff_m,
    )


def _check_ids(assessment: Assessment, ids: "pd.Series[str]") -> None:
    taken: Iterable[str] = assessment.tables.practices["ydernummer"]
    again = sorted(set(ids[ids.duplicated() | ids.isin(list(taken))]))
    if again:
        raise DuplicateIdError(
            "Candidates with the id of another one or of a practice",
            where="candidates, column site_id",
            rows=again,
            hint="Give every candidate an id of its own that is no ydernummer in use.",
        )


def _merged_into(table: pd.DataFrame, usable: Bools, within_m: float) -> Ints:
    """Return which earlier row stands for each row nearer than the distance; -1 for none.

    What has been merged stands for nobody, so there are no chains.
    """
    x_m, y_m = (table[name].to_numpy(np.float64) for name in ("x_m", "y_m"))
    into = np.full(len(table), -1, dtype=np.int64)
    at = np.flatnonzero(usable)
    if within_m <= 0 or not len(at):
        return into
    reach = within_m * float(scale_factor(x_m[at]).max())
    near = cKDTree(np.column_stack([x_m[at], y_m[at]])).query_pairs(reach, output_type="ndarray")
    first, second = at[near.min(axis=1)], at[near.max(axis=1)]
    held = ground_distance_m(x_m[first], y_m[first], x_m[second], y_m[second]) < within_m
    first, second = first[held], second[held]
    for earlier, later in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if into[earlier] < 0 and into[later] < 0:
            into[later] = earlier
    return into


def _areas(assessment: Assessment, table: pd.DataFrame) -> "dict[str, pd.Series[str]]":
    areas = {KOMMUNE_LEVEL: table["kommune_code"].astype("str")}
    for level in assessment.levels:
        if level.name != KOMMUNE_LEVEL:
            areas[level.name] = locate_in_areas(
                table["x_m"],
                table["y_m"],
                level.shapes,
                "area_id",
                max_distance_m=_NEAREST_AREA_M,
            )
    return areas


def _town_near(table: pd.DataFrame, assessment: Assessment) -> "pd.Series[str]":
    towns = assessment.tables.towns
    if not len(towns):
        return pd.Series(None, index=table.index, dtype="str")
    metres, at = cKDTree(towns[["x_m", "y_m"]]).query(table[["x_m", "y_m"]])
    names = pd.Series(towns["name"].to_numpy(object)[at], index=table.index, dtype="str")
    is_near = np.asarray(metres <= _NAMED_WITHIN_M, dtype=np.bool_)
    return names.where(is_near)
