"""What tables for publication withhold: figures about the ages of fewer doctors than the minimum.

An age share of one or two doctors tells the age of a person. A figure that is
withheld must not come back by subtraction either: from the total and the other
areas, from a kommune and its parts, from a kommune and its towns. Where it would,
the smallest of the figures that tell it is withheld too (secondary suppression).

Tables of a scenario stand beside those of the register: the difference that one practice
makes would tell its doctors' ages. They tell nothing about ages that the register's do not.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.capacity import is_outside
from coverage.capacity_by_area import NO_AREA
from coverage.choice import ALL_AREAS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Columns that follow from the ages of an area's or a place's doctors.
AGE_COLUMNS = (
    "doctors_older",
    "doctors_old",
    "doctors_older_pct",
    "doctors_old_pct",
    "capacities_expected_to_end",
    "expected_exit_pct",
)
_PLACES = "skal.places"
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Withheld:
    """Of which areas and places nothing about ages is published.

    Attributes
    ----------
    areas
        By ``area_level, area_id``, the rows ``all`` and ``no_area`` among them.
    places
        By ``place_id``.
    """

    areas: "pd.Series[bool]"
    places: "pd.Series[bool]"

    def of_rows(self, table: pd.DataFrame) -> "pd.Series[bool]":
        """Return which rows of a table with ``area_level, area_id`` are withheld."""
        return pd.Series(areas_of_rows(self.areas, table), index=table.index)


def areas_of_rows(areas: "pd.Series[bool]", table: pd.DataFrame) -> Bools:
    """Return what is said of the areas of a table with ``area_level, area_id``, by row."""
    rows = pd.MultiIndex.from_frame(table[["area_level", "area_id"]])
    return areas.reindex(rows).to_numpy(dtype=np.bool_)


def withhold_ages(assessment: Assessment) -> Withheld:
    """Return of which areas and places ages are withheld by rule ``publication.min_doctors``."""
    doctors = _doctors(assessment)
    units = _areas(assessment, doctors.index) + _places(assessment, doctors.index)
    held = find_withheld(
        np.array([unit.member for unit in units]),
        np.asarray(doctors, dtype=np.float64),
        pd.factorize(pd.Series([unit.division for unit in units]))[0],
        assessment.rules.publication.min_doctors,
    )
    by_unit = pd.Series(
        held, index=pd.MultiIndex.from_tuples([(unit.division, unit.id) for unit in units])
    )
    place_ids = assessment.skal.places["place_id"]
    is_place = by_unit.index.get_level_values(0) == _PLACES
    places = by_unit[is_place].droplevel(0).reindex(place_ids, fill_value=False)
    return Withheld(by_unit[~is_place], places)


def withhold_changes(before: Assessment, after: Assessment) -> Withheld:
    """Return of which areas and places ages are withheld after a scenario.

    Of every one whose doctors of known age, or their capacities, are others than in the
    register, and of those that are withheld there. What is shown is shown there too, with
    the same value, so that no number of scenarios tells more than the register alone.

    Parameters
    ----------
    before
        Of the register as it was read.
    after
        Of the same study after a scenario.
    """
    earlier = withhold_ages(before)
    held_before = pd.concat(
        [earlier.areas, pd.concat({_PLACES: earlier.places}, names=[None])]
    ).to_dict()
    who_before, who_after = _doctors_by_unit(before), _doctors_by_unit(after)
    held = {
        unit: held_before.get(unit, True) or who_before.get(unit) != who
        for unit, who in who_after.items()
    }
    areas = {unit: hidden for unit, hidden in held.items() if unit[0] != _PLACES}
    places = [held.get((_PLACES, place), False) for place in after.skal.places["place_id"]]
    return Withheld(
        pd.Series(list(areas.values()), index=pd.MultiIndex.from_tuples(list(areas)), dtype="bool"),
        pd.Series(places, index=pd.Index(after.skal.places["place_id"]), dtype="bool"),
    )


@dataclass(frozen=True)
class WithheldPath:
    """Of which areas a path to the national target tells less of the coming years.

    Both by ``area_level, area_id``, the rows ``all`` and ``no_area`` among them.

    Attributes
    ----------
    areas
        Nothing is told that follows from ages.
    closing
        What changes when a single practice closes is not told; those of ``areas`` among them.
    """

    areas: "pd.Series[bool]"
    closing: "pd.Series[bool]"


def withhold_path(after: Assessment, before: Assessment | None = None) -> WithheldPath:
    """Return what a path withholds.

    Everything that follows from ages where the annex withholds ages; of all areas where it
    does so of the whole study, on which every area's growth depends. What changes when a
    practice closes also where one or two practices alone have fewer doctors than the
    minimum: it would be one of these.

    Parameters
    ----------
    after
        The path's.
    before
        Of the register as it was read, where the path is of a scenario.
    """
    ages = (withhold_ages(after) if before is None else withhold_changes(before, after)).areas
    few = _few_small_practices(after)
    held = ages.reindex(few.index, fill_value=True).to_numpy(dtype=np.bool_)
    closing = held | few.to_numpy(dtype=np.bool_)
    if before is not None:
        earlier = _few_small_practices(before).reindex(few.index, fill_value=False)
        closing |= earlier.to_numpy(dtype=np.bool_)
    if held[few.index.get_level_values(1) == ALL_AREAS].any():
        held, closing = np.ones_like(held), np.ones_like(held)
    return WithheldPath(pd.Series(held, few.index), pd.Series(closing, few.index))


def _few_small_practices(assessment: Assessment) -> "pd.Series[bool]":
    """Return which areas, counting practices of few doctors, would be told of one or two."""
    doctors, least = _doctors(assessment), assessment.rules.publication.min_doctors
    units = _areas(assessment, doctors.index)
    small = (doctors < least).to_numpy(dtype=np.bool_)
    held = find_withheld(
        np.array([unit.member[small] for unit in units]),
        np.ones(int(small.sum())),
        pd.factorize(pd.Series([unit.division for unit in units]))[0],
        least,
    )
    return pd.Series(held, pd.MultiIndex.from_tuples([(one.division, one.id) for one in units]))


def _doctors_by_unit(
    assessment: Assessment,
) -> dict[tuple[str, str], frozenset[tuple[object, ...]]]:
    """Return what the figures on ages of each area and place rest on.

    For every practice with doctors of known age: its ydernummer, their years of birth and
    its capacities.
    """
    ydernumre = _doctors(assessment).index
    years = assessment.tables.doctors.groupby("ydernummer")["birth_year"].agg(sorted)
    capacities = assessment.tables.practices.set_index("ydernummer")["capacities"]
    facts = [
        (one, tuple(years.get(one, ())), None if pd.isna(capacities[one]) else capacities[one])
        for one in ydernumre
    ]
    units = _areas(assessment, ydernumre) + _places(assessment, ydernumre)
    return {
        (unit.division, unit.id): frozenset(facts[at] for at in np.flatnonzero(unit.member))
        for unit in units
    }


@dataclass(frozen=True)
class _Unit:
    """An area or a place of which figures are published, and which practices are in it."""

    division: str
    id: str
    member: Bools


def _doctors(assessment: Assessment) -> "pd.Series[float]":
    """Return the doctors of known age by ydernummer, of the study's practices that have any."""
    inside = ~is_outside(assessment.tables.practices, assessment.levels)
    doctors = assessment.capacity.by_practice.set_index("ydernummer")["doctors"]
    return doctors[inside & (doctors > 0).to_numpy()]


def _areas(assessment: Assessment, ydernumre: "pd.Index[str]") -> list[_Unit]:
    units = []
    for level in assessment.levels:
        area_of = level.of_practice.reindex(ydernumre)
        area_of = area_of.where(area_of.isin(level.shapes["area_id"]), NO_AREA)
        for area_id in assessment.capacity.by_area[level.name]["area_id"]:
            member = (area_of == area_id).to_numpy(bool) | (area_id == ALL_AREAS)
            units.append(_Unit(level.name, area_id, member))
    return units


def _places(assessment: Assessment, ydernumre: "pd.Index[str]") -> list[_Unit]:
    """Return the places that have a figure: every practice there says its doctors' ages."""
    skal = assessment.skal
    place_of = skal.practices.set_index("ydernummer")["place_id"].reindex(ydernumre)
    known = skal.places.loc[skal.places["doctors"] > 0, "place_id"]
    return [_Unit(_PLACES, place, (place_of == place).to_numpy(bool)) for place in known]


def find_withheld(member: Bools, doctors: Floats, division: Ints, min_doctors: float) -> Bools:
    """Return which units are withheld.

    A unit with doctors, but fewer than the minimum, is. So is the smallest of
    those units whose figures, added and subtracted, would give the figure of
    such a unit, of such an overlap of units, or of what a unit has beside the
    parts that are shown.

    Parameters
    ----------
    member
        Shape (units, practices): which practices are in a unit.
    doctors
        Shape (practices,): of known age, above 0.
    division
        Shape (units,): units of one division do not overlap, but for their total.
    min_doctors
        The least number of doctors of whom a figure is shown.

    Returns
    -------
    array
        Shape (units,).
    """
    if not len(doctors):
        return np.zeros(len(member), dtype=np.bool_)
    # Practices that are in the same units are one to a reader of the figures.
    pieces, piece_of = np.unique(member, axis=1, return_inverse=True)
    size = np.bincount(piece_of.ravel(), doctors, pieces.shape[1]).astype(np.float64)
    published = _Published(pieces.astype(np.float64), size, division, min_doctors)
    held = published.few
    while True:
        more = published.alike(published.telling(~held)) & ~held
        if not more.any():
            return held
        held |= more


@dataclass(frozen=True)
class _Published:
    """Units as sums of the pieces that no unit divides.

    ``unit``: shape (units, pieces), 1 or 0; ``size``: doctors by piece.
    """

    unit: Floats
    size: Floats
    division: Ints
    min_doctors: float

    @cached_property
    def count(self) -> Floats:
        """Doctors by unit."""
        count: Floats = self.unit @ self.size
        return count

    @property
    def few(self) -> Bools:
        """Which units have too few doctors to be shown."""
        return self._is_few(self.count)

    @cached_property
    def _inside(self) -> Bools:
        """Which unit (column) with doctors is a part of which (row)."""
        overlap = (self.unit * self.size) @ self.unit.T
        part = (overlap == self.count) & (self.count < self.count[:, None]) & (self.count > 0)
        inside: Bools = part
        return inside

    def _is_few(self, count: Floats) -> Bools:
        few: Bools = (count > 0) & (count < self.min_doctors)
        return few

    def alike(self, chosen: Bools) -> Bools:
        """Return the chosen units and those that hold the same practices."""
        same = np.unique(self.unit, axis=0, return_inverse=True)[1].ravel()
        alike: Bools = np.isin(same, same[chosen])
        return alike

    def telling(self, shown: Bools) -> Bools:
        """Return units to withhold, so that what is shown tells less; none if it tells nothing."""
        chosen = self._beside_parts(shown)
        return chosen if chosen.any() else self._by_sums(shown)

    def _beside_parts(self, shown: Bools) -> Bools:
        """Return the smallest shown part of each unit beside whose parts few doctors are left.

        Of units within each other the inner one goes first: that may settle the outer one.
        """
        inside = self._inside & shown & shown[:, None]
        parts_of = [inside & (self.division == one) for one in np.unique(self.division)]
        tells = [self._is_few(self.count - parts @ self.count) for parts in parts_of]
        outer = (inside & np.any(tells, axis=0)).any(axis=1)
        chosen = np.zeros(len(self.count), dtype=np.bool_)
        for parts, telling in zip(parts_of, tells, strict=True):
            for whole in np.flatnonzero(telling & parts.any(axis=1) & ~outer):
                own = np.flatnonzero(parts[whole])
                chosen[own[self.count[own].argmin()]] = True
        return chosen

    def _by_sums(self, shown: Bools) -> Bools:
        """Return the smallest unit of each sum of shown units that gives few doctors."""
        targets = np.vstack([self.unit[self.few], np.eye(len(self.size))[self._is_few(self.size)]])
        chosen = np.zeros(len(shown), dtype=np.bool_)
        if not len(targets) or not shown.any():
            return chosen
        at = np.flatnonzero(shown)
        factors = np.linalg.lstsq(self.unit[at].T, targets.T)[0]
        missed = np.abs(self.unit[at].T @ factors - targets.T).max(axis=0)
        for factor in factors.T[missed < _TOLERANCE]:
            used = at[np.abs(factor) > _TOLERANCE]
            used = used[self.count[used] < self.size.sum()] if len(used) > 1 else used
            chosen[used[self.count[used].argmin()]] = True
        return chosen
