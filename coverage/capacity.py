"""Capacity: lists and free places, doctors and their ages, access, and who finds no place.

By practice, by home and by area, from the checked tables and the measured
distances (the definitions: docs/glossary.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.access import measure_access
from coverage.capacity_by_area import summarise_capacity
from coverage.choice import ALL_AREAS, limits_m
from coverage.levels import KOMMUNE_LEVEL, AreaLevel
from coverage.lists import describe_lists, effective_closing_limits
from coverage.need import known_need, need_by_kommune, project_areas
from coverage.plan_tables import PlanTables
from coverage.rule_groups import CapacityRules
from coverage.rules import RuleSet
from coverage.shortage import measure_shortage
from coverage.tables import Tables
from coverage.travel import TravelMatrix
from coverage.wording import Notice
from coverage.workforce import expected_exits

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Columns of by_practice that the register has too.
_IN_REGISTER = ["ydernummer", "closing_limit_persons"]
_IDS_SHOWN = 10


@dataclass(frozen=True)
class Capacity:
    """What the practices hold and can take, and how that meets the residents.

    Attributes
    ----------
    by_practice
        One row a practice of the register, in its order: ``ydernummer``;
        ``closing_limit_persons`` (per capacity) and ``closing_limit_source``
        (register, file, kommune or rule); ``patients_per_capacity, free_places,
        room_persons`` (``lists.describe_lists``); ``doctors, doctors_older,
        doctors_old, exit_share, capacities_expected_to_end``
        (``workforce.expected_exits``); ``satellites`` (second addresses);
        ``persons_assigned, persons_free`` (``shortage.measure_shortage``; missing
        for a practice without a place or with unknown room).
    by_origin
        One row an origin: ``origin_id, need_weight, access_2sfca_per_1000,
        access_e2sfca_per_1000`` (capacities per 1,000 need-weighted residents),
        ``persons_without_practice, persons_without_place``.
    by_area
        Level -> one row an area, by id, and ``all`` (``capacity_by_area``).
        A practice that has neither coordinates nor an area is in the row
        ``no_area``; one with coordinates outside the study is in none. Access
        is the mean over the residents; ``access_gini`` and
        ``access_worst_tenth_per_1000`` are of the enhanced measure.
    persons_by_nearest
        Persons who would be left over if everybody took the nearest practice with
        room, before others move on.
    kommuner_without_need
        Kommuner whose need weight of 1 means that the weights given say nothing of them.
    """

    by_practice: pd.DataFrame
    by_origin: pd.DataFrame
    by_area: Mapping[str, pd.DataFrame]
    persons_by_nearest: float
    kommuner_without_need: tuple[str, ...]


def measure_capacity(
    tables: Tables,
    plan: PlanTables,
    levels: Sequence[AreaLevel],
    origins: pd.DataFrame,
    matrix: TravelMatrix,
    rules: RuleSet,
) -> Capacity:
    """Return the capacity of a study on the day that its rules are of.

    The year of that day is that of ages, need weights and the trend's start.

    Parameters
    ----------
    levels
        The kommune among them.
    origins
        Table ORIGINS, in the order of ``matrix.origin_ids``.
    matrix
        Its sites are the placed practices, by ydernummer; a site that the
        register does not have is left out.
    """
    as_of = rules.valid_on
    practices = tables.practices.reset_index(drop=True)
    by_practice = describe_practices(tables, plan, levels, rules, as_of)
    weights = need_by_kommune(plan, list(tables.kommuner["kommune_code"]), as_of.year)
    need: Floats = np.asarray(origins["kommune_code"].map(weights), dtype=np.float64)
    capacities, room = (
        pd.Series(column.to_numpy(np.float64), index=practices["ydernummer"])
        for column in (practices["capacities"], by_practice["room_persons"])
    )
    access = measure_access(origins, need, matrix, capacities, rules.access)
    limit_m = limits_m(origins["kommune_code"], rules.choice)
    shortage = measure_shortage(origins, matrix, room, limit_m)
    by_practice = by_practice.merge(shortage.by_practice, on="ydernummer", validate="one_to_one")
    # Both tables are in the order of the origins; matching a region's ids would cost seconds.
    access.insert(1, "need_weight", need)
    by_origin = pd.concat([access, shortage.by_origin.drop(columns="origin_id")], axis=1)
    inside = ~is_outside(practices, levels)
    facts = practice_facts(practices, by_practice)[inside]
    homes = by_origin.assign(persons=origins["persons"].to_numpy(np.float64))
    to_year = as_of.year + round(rules.designation.trend_years)
    by_area = {}
    for level in levels:
        projected = project_areas(plan, level, origins, as_of.year, to_year)
        by_area[level.name] = summarise_capacity(facts, homes, level, projected)
    unknown = _kommuner_without_need(tables, plan, as_of)
    return Capacity(by_practice, by_origin, by_area, shortage.persons_by_nearest, unknown)


def practice_facts(practices: pd.DataFrame, by_practice: pd.DataFrame) -> pd.DataFrame:
    """Return the register and what was found of each practice, side by side."""
    return pd.concat([practices, by_practice.drop(columns=_IN_REGISTER)], axis=1)


def _kommuner_without_need(tables: Tables, plan: PlanTables, as_of: date) -> tuple[str, ...]:
    if not len(plan.need_by_kommune) and not len(plan.need_by_age):
        return ()
    known = known_need(plan, list(tables.kommuner["kommune_code"]), as_of.year)
    return tuple(known.index[known.isna()])


def is_outside(practices: pd.DataFrame, levels: Sequence[AreaLevel]) -> Bools:
    """Return which practices have coordinates outside the study's kommuner, shape (practices,).

    They serve its residents, but belong to a neighbour's areas.
    """
    kommune = practices["ydernummer"].map(_kommune_level(levels).of_practice)
    return (practices["x_m"].notna() & kommune.isna()).to_numpy(dtype=np.bool_)


def _kommune_level(levels: Sequence[AreaLevel]) -> AreaLevel:
    return next(level for level in levels if level.name == KOMMUNE_LEVEL)


def describe_practices(
    tables: Tables,
    plan: PlanTables,
    levels: Sequence[AreaLevel],
    rules: RuleSet,
    as_of: date,
) -> pd.DataFrame:
    """Return ``Capacity.by_practice`` as far as it needs no distances."""
    practices = tables.practices.reset_index(drop=True)
    limits = effective_closing_limits(
        practices, plan.closing_limits, _kommune_level(levels).of_practice, rules.capacity
    )
    displaced = plan.displaced.set_index("ydernummer")["persons"]
    without_place = practices["ydernummer"].map(displaced).fillna(0.0)
    lists = describe_lists(practices, limits["closing_limit_persons"], without_place)
    exits = expected_exits(practices, tables.doctors, rules.workforce, as_of)
    second_addresses = practices["ydernummer"].map(plan.satellites["ydernummer"].value_counts())
    table = pd.concat([exits["ydernummer"], limits, lists, exits.iloc[:, 1:]], axis=1)
    return table.assign(satellites=second_addresses.fillna(0).astype("int64"))


def capacity_notices(
    tables: Tables,
    plan: PlanTables,
    levels: Sequence[AreaLevel],
    capacity: Capacity,
    rules: CapacityRules,
) -> tuple[Notice, ...]:
    """Return what a reader of the capacities must know, in the order of weight.

    A figure on a rule's line is no reason for a notice. Owners are counted,
    never named.
    """
    practices = tables.practices.reset_index(drop=True)
    notices = [
        *_gaps(practices, levels, capacity),
        *_oddities(practices, capacity.by_practice, rules),
        *_satellites(plan),
    ]
    if capacity.kommuner_without_need:
        notices.append(
            _about("need_weights_missing", capacity.kommuner_without_need, name="kommuner")
        )
    areas = capacity.by_area[KOMMUNE_LEVEL]
    lived_in = areas[(areas["area_id"] != ALL_AREAS) & (areas["residents"] > 0)]
    bare = lived_in.loc[lived_in["practices"] == 0, "area_name"]
    if len(bare):
        notices.append(_about("areas_without_practice", bare, name="names"))
    ends = lived_in[["projected_from_persons", "projected_to_persons"]]
    without_trend = lived_in.loc[ends.isna().any(axis=1), "area_id"]
    if len(plan.projection) and len(without_trend):
        notices.append(_about("projection_incomplete", without_trend, name="kommuner"))
    return tuple(notices)


def _gaps(
    practices: pd.DataFrame, levels: Sequence[AreaLevel], capacity: Capacity
) -> Iterator[Notice]:
    """Yield which practices are left out of something."""
    ydernumre = practices["ydernummer"]
    kommune = ydernumre.map(_kommune_level(levels).of_practice)
    outside = is_outside(practices, levels)
    with_patients = (practices["listed_persons"] > 0).to_numpy(bool)
    room_unknown = capacity.by_practice["room_persons"].isna()
    for key, held in (
        ("room_unknown", room_unknown),
        ("practices_outside", outside),
        ("practices_in_no_area", kommune.isna() & ~outside),
        ("patients_at_no_capacity", with_patients & (practices["capacities"] == 0).to_numpy(bool)),
    ):
        if held.any():
            yield _about(key, ydernumre[held])


def _oddities(
    practices: pd.DataFrame, by_practice: pd.DataFrame, rules: CapacityRules
) -> Iterator[Notice]:
    """Yield which figures of the register are to be looked at."""
    ydernumre = practices["ydernummer"]
    crowded = practices["capacities"] > rules.max_capacities_per_doctor * by_practice["doctors"]
    if crowded.any():
        yield _about("many_capacities_per_doctor", ydernumre[crowded])
    low = by_practice["closing_limit_persons"] < rules.lowest_closing_limit_persons
    if low.any():
        lowest = ("lowest_persons", round(rules.lowest_closing_limit_persons))
        yield _about("closing_limits_low", ydernumre[low], lowest)
    # A region runs clinics of its own: the law's limit is one of doctors.
    owned = practices[practices["clinic_form"] != "regionsklinik"]
    owners = owner_key(owned["owner"])
    held_by_one = owners.map(owners.value_counts())
    many = (held_by_one > rules.max_ydernumre_per_doctor).fillna(value=False)
    if many.any():
        yield _about(
            "many_ydernumre_per_owner",
            owned.loc[many, "ydernummer"],
            ("owners", int(owners[many].nunique())),
            ("most_ydernumre", round(rules.max_ydernumre_per_doctor)),
        )


def owner_key(owners: "pd.Series[str]") -> "pd.Series[str]":
    """Return the owners' names so that one name written in two ways is one."""
    return owners.str.replace(r"\s+", " ", regex=True).str.strip().str.casefold()


def _satellites(plan: PlanTables) -> Iterator[Notice]:
    if len(plan.satellites):
        ydernumre = plan.satellites["ydernummer"].drop_duplicates()
        yield _about("satellites", ydernumre, ("addresses", len(plan.satellites)))


def _about(key: str, ids: Iterable[str], *more: tuple[str, int], name: str = "ydernumre") -> Notice:
    """Return a notice with the count of the ids and the first of them."""
    listed = list(ids)
    shown = ", ".join(listed[:_IDS_SHOWN]) + (" …" if len(listed) > _IDS_SHOWN else "")
    return Notice(key, (("count", len(listed)), (name, shown), *more))
