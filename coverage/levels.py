"""The levels of areas: which area each home and each practice lies in.

The kommune is the first level. Others come from a list of kommuner (sundhedsråd,
planområder, regions) or from polygons (parts of a city); everything that is
measured for an area is measured in the same way at every level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.areas import locate_in_areas
from coverage.errors import StudyError
from coverage.plan_tables import Division
from coverage.sentences import sentence
from coverage.units import WORK_CRS

KOMMUNE_LEVEL = "kommune"
# Rows of the tables that are no areas: the total, and practices without a place.
RESERVED_AREA_IDS = ("all", "no_area")

# Borders drawn by two hands never agree: so few people of a kommune in another one's
# polygon do not divide it, and so few outside every polygon belong to the nearest.
_SLIVER_SHARE = 0.05
_NEAREST_M = 100_000.0
_PERCENT = 100.0


@dataclass(frozen=True)
class AreaLevel:
    """One division of the study into areas.

    Attributes
    ----------
    name
        ``kommune``, or as the study calls it.
    shapes
        ``area_id, name, geometry`` by id, EPSG:25832: every area, also one
        where nobody lives.
    of_origin
        Shape (origins,): area id of each home, in the order of the origins.
    of_practice
        Ydernummer -> area id; missing for a practice outside every area.
    """

    name: str
    shapes: gpd.GeoDataFrame
    of_origin: "pd.Series[str]"
    of_practice: "pd.Series[str]"

    @property
    def names(self) -> "pd.Series[str]":
        """Area id -> name."""
        return pd.Series(
            self.shapes["name"].to_numpy(), index=self.shapes["area_id"].to_numpy(), dtype="str"
        )


@dataclass(frozen=True)
class Parts:
    """The finest pieces that every level is a sum of.

    Attributes
    ----------
    of_origin
        Shape (origins,): the piece of each home. Kommune codes where no level divides a kommune.
    area_of_part
        One row a piece, one column a level: the area that it belongs to.
    """

    of_origin: "pd.Series[str]"
    area_of_part: pd.DataFrame

    @property
    def are_kommuner(self) -> bool:
        """No level divides a kommune."""
        return self.area_of_part[KOMMUNE_LEVEL].is_unique


def build_levels(
    divisions: Mapping[str, Division],
    kommuner: gpd.GeoDataFrame,
    origins: pd.DataFrame,
    practices: pd.DataFrame,
    max_shore_m: float,
) -> tuple[AreaLevel, ...]:
    """Return every level, the kommune first.

    A practice lies where its coordinates are; without them, in the kommune that
    the register names.

    Parameters
    ----------
    divisions
        Level name -> its list or polygons.
    kommuner
        Table KOMMUNER: the study's own.
    origins, practices
        Tables ORIGINS and PRACTICES.
    max_shore_m
        How far off the outlines a practice may lie.

    Raises
    ------
    StudyError
        Polygons that cover a part of a kommune's people only; a level or an
        area with a name that the tables use for something else.
    """
    first = _kommune_level(kommuner, origins, practices, max_shore_m)
    levels = [first]
    _refuse_names(divisions)
    for name, division in divisions.items():
        if division.area_of_kommune is not None:
            levels.append(_from_list(name, division.area_of_kommune, first))
        elif division.polygons is not None:
            levels.append(_from_polygons(name, division.polygons, first, origins, practices))
    for level in levels:
        taken = sorted(set(RESERVED_AREA_IDS) & set(level.shapes["area_id"]))
        if taken:
            raise StudyError(
                sentence("An area may not be called '{area}'", area=taken[0]),
                where=sentence("area.levels.{level}", level=level.name),
                hint="The tables use it for a row of their own; give the area another id.",
            )
    return tuple(levels)


def finest_parts(levels: Sequence[AreaLevel]) -> Parts:
    """Return the pieces that no level divides any further."""
    table = pd.DataFrame({level.name: level.of_origin.to_numpy() for level in levels})
    distinct = table.drop_duplicates()
    kommune = distinct[KOMMUNE_LEVEL]
    if kommune.is_unique:
        of_origin = table[KOMMUNE_LEVEL].astype("str")
        return Parts(of_origin, distinct.set_index(kommune.to_numpy()))
    names = distinct.agg("|".join, axis=1).to_numpy()
    # Named once a piece: joining the words of every home would take seconds.
    piece = table.groupby(list(table.columns), sort=False).ngroup()
    return Parts(pd.Series(names[piece], dtype="str"), distinct.set_index(names))


def with_practices(
    levels: Sequence[AreaLevel],
    parts: Parts,
    practices: pd.DataFrame,
    gone: Sequence[str],
    max_shore_m: float,
) -> tuple[AreaLevel, ...]:
    """Return the levels with other practices: some at new places, some gone.

    Parameters
    ----------
    practices
        The new or moved ones, ``site_id, x_m, y_m``; their coordinates decide.
    gone
        Ydernumre.
    max_shore_m
        How far off the outlines a practice may lie.
    """
    if not len(practices) and not gone:
        return tuple(levels)
    kommune = locate_in_areas(
        practices["x_m"],
        practices["y_m"],
        levels[0].shapes,
        "area_id",
        max_distance_m=max_shore_m,
    )
    # Every level knows the same practices, in one order.
    before = levels[0].of_practice.index
    kept = ~before.isin([*gone, *practices["site_id"]])
    after = before[kept].append(pd.Index(practices["site_id"], dtype="str", name=before.name))
    changed = []
    for level in levels:
        areas = kommune
        if level.name != KOMMUNE_LEVEL:
            areas = _areas_in(level, parts, practices, kommune)
        own = level.of_practice.to_numpy(object)[kept]
        of_practice = pd.Series(
            np.concatenate([own, areas.to_numpy(object)]), after, dtype="str", name="area_id"
        )
        changed.append(replace(level, of_practice=of_practice))
    return tuple(changed)


def _areas_in(
    level: AreaLevel, parts: Parts, practices: pd.DataFrame, kommune: "pd.Series[str]"
) -> "pd.Series[str]":
    """Return the area of practices: the only one of their kommune, or the one they lie in."""
    own: dict[str, set[str]] = {}
    for code, area in parts.area_of_part[[KOMMUNE_LEVEL, level.name]].itertuples(index=False):
        own.setdefault(code, set()).add(area)
    areas: list[str | None] = [None] * len(practices)
    for at in np.flatnonzero(kommune.notna()):
        # Where nobody lives in the kommune any area may be the one around the practice.
        candidates = own.get(kommune[at], set(level.shapes["area_id"]))
        if len(candidates) > 1:
            shapes = level.shapes[level.shapes["area_id"].isin(candidates)]
            x_m, y_m = (practices[axis].to_numpy()[at] for axis in ("x_m", "y_m"))
            found = locate_in_areas(x_m, y_m, shapes, "area_id", max_distance_m=_NEAREST_M)
            candidates = set(found.dropna())
        areas[at] = next(iter(candidates), None)
    return pd.Series(areas, dtype="str")


def _refuse_names(divisions: Mapping[str, Division]) -> None:
    """Raise StudyError for a level called kommune, which is the first one's name."""
    if KOMMUNE_LEVEL in divisions:
        raise StudyError(
            sentence("A level may not be called '{level}'", level=KOMMUNE_LEVEL),
            where="area.levels",
            hint="The kommuner are a level already; give this one another name.",
        )


def _kommune_level(
    kommuner: gpd.GeoDataFrame, origins: pd.DataFrame, practices: pd.DataFrame, max_shore_m: float
) -> AreaLevel:
    located = locate_in_areas(
        practices["x_m"], practices["y_m"], kommuner, "kommune_code", max_distance_m=max_shore_m
    )
    registered = practices["kommune_code"].reset_index(drop=True)
    registered = registered.where(registered.isin(kommuner["kommune_code"]))
    placed = practices["x_m"].notna().reset_index(drop=True)
    of_practice = located.where(placed, registered)
    shapes = kommuner[["kommune_code", "name", "geometry"]].rename(
        columns={"kommune_code": "area_id"}
    )
    return AreaLevel(
        KOMMUNE_LEVEL,
        shapes.sort_values("area_id", ignore_index=True),
        origins["kommune_code"].reset_index(drop=True),
        _by_ydernummer(of_practice, practices["ydernummer"]),
    )


def _from_list(name: str, area_of_kommune: Mapping[str, str], first: AreaLevel) -> AreaLevel:
    areas = first.shapes["area_id"].map(area_of_kommune)
    shapes = first.shapes.assign(area_id=areas, name=areas).dissolve(
        "area_id", as_index=False, sort=True
    )
    return AreaLevel(
        name,
        shapes[["area_id", "name", "geometry"]],
        first.of_origin.map(area_of_kommune).astype("str"),
        first.of_practice.map(area_of_kommune).astype("str"),
    )


def _from_polygons(
    name: str,
    polygons: gpd.GeoDataFrame,
    first: AreaLevel,
    origins: pd.DataFrame,
    practices: pd.DataFrame,
) -> AreaLevel:
    inside = locate_in_areas(
        origins["x_m"], origins["y_m"], polygons, "area_id", max_distance_m=0.0
    )
    divided = _divided_kommuner(name, inside.notna(), first, origins)
    of_origin = _areas_of(origins, first.of_origin, inside, polygons, divided)
    practice_kommune = first.of_practice.reset_index(drop=True)
    practice_area = locate_in_areas(
        practices["x_m"], practices["y_m"], polygons, "area_id", max_distance_m=0.0
    )
    of_practice = _areas_of(practices, practice_kommune, practice_area, polygons, divided)
    is_divided = first.shapes["area_id"].isin(divided)
    middle = polygons.geometry.representative_point()
    kommune = locate_in_areas(
        middle.x, middle.y, first.shapes[is_divided], "area_id", max_distance_m=0.0
    )
    # A polygon of somebody else's kommune is left out, one where nobody lives is not.
    lived_in = polygons["area_id"].isin(of_origin.unique()).reset_index(drop=True)
    used = polygons[(kommune.notna() | lived_in).to_numpy()]
    shapes = pd.concat([used[["area_id", "name", "geometry"]], first.shapes[~is_divided]])
    return AreaLevel(
        name,
        gpd.GeoDataFrame(shapes.sort_values("area_id", ignore_index=True), crs=WORK_CRS),
        of_origin,
        _by_ydernummer(of_practice, practices["ydernummer"]),
    )


def _divided_kommuner(
    name: str, inside: "pd.Series[bool]", first: AreaLevel, origins: pd.DataFrame
) -> tuple[str, ...]:
    """Return the kommuner whose people live in polygons."""
    persons = origins["persons"].reset_index(drop=True)
    everyone = persons.groupby(first.of_origin).sum()
    covered = persons.where(inside, 0.0).groupby(first.of_origin).sum() / everyone
    torn = covered[(covered > _SLIVER_SHARE) & (covered < 1.0 - _SLIVER_SHARE)]
    if len(torn):
        shares = tuple(
            sentence("{kommune} {percent:.0f}%", kommune=str(code), percent=share * _PERCENT)
            for code, share in torn.items()
        )
        raise StudyError(
            sentence(
                "The areas of the level '{level}' cover only a part of the people: {shares}",
                level=name,
                shares=shares,
            ),
            where=sentence("area.levels.{level}", level=name),
            rows=list(torn.index),
            hint="Draw the areas over the whole kommune, or none in it.",
        )
    return tuple(covered.index[covered >= 1.0 - _SLIVER_SHARE])


def _areas_of(
    places: pd.DataFrame,
    kommune: "pd.Series[str]",
    inside: "pd.Series[str]",
    polygons: gpd.GeoDataFrame,
    divided: tuple[str, ...],
) -> "pd.Series[str]":
    """Return the polygon of places in divided kommuner, the kommune of the others."""
    in_divided = kommune.isin(divided)
    areas = kommune.where(~in_divided, inside)
    outside = (in_divided & inside.isna()).to_numpy()
    nearest = locate_in_areas(
        places["x_m"].to_numpy()[outside],
        places["y_m"].to_numpy()[outside],
        polygons,
        "area_id",
        max_distance_m=_NEAREST_M,
    )
    areas.loc[outside] = nearest.to_numpy()
    return areas.astype("str")


def _by_ydernummer(areas: "pd.Series[str]", ydernumre: "pd.Series[str]") -> "pd.Series[str]":
    index = pd.Index(ydernumre, dtype="str", name="ydernummer")
    return pd.Series(areas.to_numpy(), index=index, dtype="str", name="area_id")
