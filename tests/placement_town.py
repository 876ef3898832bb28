"""Small towns on one straight road, and every placement in them tried one by one.

The second half of this page is the oracle of the placement: loops over all sets of sites,
sizes and moves, with each objective written out as a sentence would say it. It is slow and
shares nothing with the package but the names of the request.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, combinations, islice, product

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.optimize import linprog

from coverage.assessment import Assessment, Measured, assess, open_ydernumre
from coverage.capacity import measure_capacity
from coverage.choice import measure_choice
from coverage.levels import build_levels
from coverage.origins import Origins
from coverage.placement.candidates import Candidates, candidates_from_table
from coverage.placement.request import PlacementRequest
from coverage.plan_tables import NEED_BY_KOMMUNE, Division, PlanTables
from coverage.tables import (
    ADDRESSES,
    CELLS,
    DOCTORS,
    KOMMUNER,
    PRACTICES,
    TOWNS,
    Tables,
    check_table,
    empty_table,
)
from coverage.units import WORK_CRS
from tests.straight_road import (
    MERIDIAN_M,
    RULES,
    map_y_m,
    matrix_of,
    origins_at,
    sites_at,
)

BORDER_M = 30_000.0
SOUTH, NORTH = "0461", "0450"
LIMIT_M, CUTOFF_M, MOVE_MAX_M = 15_000.0, 30_000.0, 15_000.0
NEEDED = 2
SIDES = {SOUTH: "syd", NORTH: "nord"}


@dataclass(frozen=True)
class Practice:
    """A practice of the drawn town; a closed one has the list that it has."""

    at_m: float
    is_open: bool = True
    capacities: float | None = 1.0
    listed: float | None = 1000.0


@dataclass(frozen=True)
class Town:
    """Homes, practices and candidates, in ground metres up the road from the south."""

    homes_m: tuple[float, ...]
    persons: tuple[float, ...]
    practices: tuple[Practice, ...]
    candidates_m: tuple[float, ...]
    need: tuple[float, float] = (1.0, 1.0)
    towns: tuple[tuple[str, float, float], ...] = ()

    def assessment(self) -> Assessment:
        """Return the assessment; its levels are the kommune and ``side``, one area a kommune."""
        return _assessed(self)

    def bare_assessment(self) -> Assessment:
        """Return what the placement asks of an assessment, and nothing else: quick to make."""
        measured = self.measured()
        rules, tables, matrix = measured.rules, measured.tables, measured.matrix
        origins = measured.origins.table
        opened = open_ydernumre(tables.practices)
        divisions = {"side": Division(SIDES)}
        levels = build_levels(divisions, tables.kommuner, origins, tables.practices, 0.0)
        missing = dict.fromkeys(("by_area", "parts", "by_part", "designation", "skal"))
        return Assessment(
            **vars(measured),
            choice=measure_choice(origins, matrix, opened, rules.choice),
            levels=levels,
            capacity=measure_capacity(tables, measured.plan, levels, origins, matrix, rules),
            input_notices=(),
            **missing,
        )

    def measured(self) -> Measured:
        """Return what the assessment rests on."""
        homes = origins_at({f"h{at}": metres for at, metres in enumerate(self.homes_m)})
        homes["persons"] = np.array(self.persons, dtype=np.float64)
        homes["kommune_code"] = [kommune_at(metres) for metres in self.homes_m]
        sites = {ydernummer(at): one.at_m for at, one in enumerate(self.practices)}
        weights = pd.DataFrame({"kommune_code": [SOUTH, NORTH], "weight": self.need})
        plan = PlanTables(need_by_kommune=check_table(weights, NEED_BY_KOMMUNE, where="drawn"))
        outside = pd.DataFrame(
            {"cell_id": pd.Series(dtype="str"), "persons": pd.Series(dtype=float)}
        )
        return Measured(
            title="Vejen",
            illustrative=True,
            rules=RULES,
            tables=self._tables(),
            plan=plan,
            origins=Origins(homes, "address", 0, len(homes), 0.0, outside),
            matrix=matrix_of(homes, sites_at(sites), cutoff_m=CUTOFF_M),
        )

    def candidates(self, assessment: Assessment) -> Candidates:
        """Return the candidates ``c0, c1, ...``."""
        table = sites_at({f"c{at}": metres for at, metres in enumerate(self.candidates_m)})
        return candidates_from_table(assessment, table.assign(name=table["site_id"]))

    def _tables(self) -> Tables:
        rows = [
            {
                "ydernummer": ydernummer(at),
                "name": f"Praksis {at}",
                "address": "Vejen",
                "postcode": "5000",
                "town": "Byen",
                "kommune_code": kommune_at(one.at_m),
                "capacities": one.capacities,
                "listed_persons": one.listed,
                "closing_limit_persons": None,
                "intake_open": one.is_open,
                "intake_text": None,
                "clinic_form": "solo",
                "accessible": None,
                "owner": None,
                "x_m": MERIDIAN_M,
                "y_m": map_y_m(one.at_m),
                "match_level": "address",
                "source_row": at + 2,
            }
            for at, one in enumerate(self.practices)
        ]
        return Tables(
            practices=check_table(pd.DataFrame(rows), PRACTICES, where="drawn"),
            doctors=empty_table(DOCTORS),
            cells=empty_table(CELLS),
            addresses=empty_table(ADDRESSES),
            towns=self._towns(),
            kommuner=_kommuner(),
        )

    def _towns(self) -> pd.DataFrame:
        if not self.towns:
            return empty_table(TOWNS)
        rows = [
            {
                "name": name,
                "kommune_code": None,
                "persons": persons,
                "x_m": MERIDIAN_M,
                "y_m": map_y_m(at_m),
            }
            for name, at_m, persons in self.towns
        ]
        return check_table(pd.DataFrame(rows), TOWNS, where="drawn")


@lru_cache(maxsize=8)
def _assessed(town: Town) -> Assessment:
    """Assess a town once: nearly all the time of a small placement goes there."""
    return assess(town.measured(), {"side": Division(SIDES)})


def ydernummer(at: int) -> str:
    """Return the ydernummer of the practice at this place of the list."""
    return f"{at + 1:06d}"


def kommune_at(at_m: float) -> str:
    """Return the kommune so far up the road."""
    return SOUTH if at_m < BORDER_M else NORTH


def _kommuner() -> gpd.GeoDataFrame:
    west, east, border = MERIDIAN_M - 9_000, MERIDIAN_M + 9_000, map_y_m(BORDER_M - 0.5)
    south = shapely.box(west, map_y_m(-9_000), east, border)
    north = shapely.box(west, border, east, map_y_m(70_000))
    table = gpd.GeoDataFrame(
        {"kommune_code": [SOUTH, NORTH], "name": ["Odense", "Nyborg"]},
        geometry=[south, north],
        crs=WORK_CRS,
    )
    return check_table(table, KOMMUNER, where="drawn")


# The oracle: every placement, one by one.


@dataclass(frozen=True)
class Placed:
    """New sites with their capacities, and where each practice then is, in metres."""

    new: tuple[tuple[int, float], ...]
    moved_to: tuple[int | None, ...]

    @property
    def moves(self) -> int:
        """Practices that have moved."""
        return sum(to is not None for to in self.moved_to)


@dataclass(frozen=True)
class TriedOneByOne:
    """A town and a request; quotas are of the level ``side``."""

    town: Town
    request: PlacementRequest

    def placements(self, *, every_size: bool = True) -> Iterator[Placed]:
        """Yield every placement that meets the request, or the first size of each set of sites."""
        count = len(self.town.candidates_m)
        for sites in _subsets(range(count)):
            for moved_to in self._all_moves():
                if self._sites_meet(sites, moved_to):
                    all_sizes = self._all_sizes(sites)
                    for sizes in all_sizes if every_size else islice(all_sizes, 1):
                        yield Placed(tuple(zip(sites, sizes, strict=True)), moved_to)

    def _all_moves(self) -> Iterator[tuple[int | None, ...]]:
        options: list[list[int | None]] = []
        for at, one in enumerate(self.town.practices):
            own: list[int | None] = [None]
            if ydernummer(at) in self.request.movable and (
                one.is_open or self.request.objective == "shortage"
            ):
                own += [
                    number
                    for number, to_m in enumerate(self.town.candidates_m)
                    if abs(to_m - one.at_m) <= MOVE_MAX_M
                    and kommune_at(to_m) == kommune_at(one.at_m)
                ]
            options.append(own)
        yield from product(*options)

    def _sites_meet(self, sites: tuple[int, ...], moved_to: tuple[int | None, ...]) -> bool:
        request = self.request
        ids = {f"c{at}" for at in sites}
        taken = [*sites, *(to for to in moved_to if to is not None)]
        return (
            len(set(taken)) == len(taken)
            and len(sites) <= (request.practices or 99)
            and set(request.forced_in) <= ids
            and not set(request.forced_out) & {f"c{at}" for at in taken}
            and self._are_apart(taken, moved_to)
        )

    def _are_apart(self, taken: list[int], moved_to: tuple[int | None, ...]) -> bool:
        """Every new or moved practice is far enough from every other one."""
        fresh = [self.town.candidates_m[at] for at in taken]
        stay = [
            one.at_m for one, to in zip(self.town.practices, moved_to, strict=True) if to is None
        ]
        apart_m = self.request.apart_m
        return all(
            abs(one - other) >= apart_m
            for at, one in enumerate(fresh)
            for other in [*fresh[:at], *stay]
        )

    def _all_sizes(self, sites: tuple[int, ...]) -> Iterator[tuple[float, ...]]:
        request = self.request
        most = request.most_capacities or request.capacities
        steps = np.arange(request.least_capacities, most + 0.25, 0.5)
        for sizes in product(steps.tolist(), repeat=len(sites)):
            if sum(sizes) == request.capacities and self._quotas_meet(sites, sizes):
                yield sizes

    def _quotas_meet(self, sites: tuple[int, ...], sizes: tuple[float, ...]) -> bool:
        for side, (least, most) in self.request.quotas.items():
            code = {"syd": SOUTH, "nord": NORTH}[side]
            own = sum(
                size
                for at, size in zip(sites, sizes, strict=True)
                if kommune_at(self.town.candidates_m[at]) == code
            )
            if not least <= own <= most:
                return False
        return True

    def value(self, placed: Placed) -> float:
        """Return the request's objective of a placement."""
        measures = {
            "choice": self._persons_with_choice,
            "second_distance": self._mean_second_m,
            "shortage": self._persons_left_over,
        }
        return measures[self.request.objective](placed)

    def nothing(self) -> Placed:
        """Return the town as it is."""
        return Placed((), (None,) * len(self.town.practices))

    def _at_m(self, placed: Placed, number: int) -> float:
        to = placed.moved_to[number]
        return self.town.practices[number].at_m if to is None else self.town.candidates_m[to]

    def _open_m(self, placed: Placed) -> list[float]:
        new = [self.town.candidates_m[at] for at, _ in placed.new]
        old = [
            self._at_m(placed, number)
            for number, one in enumerate(self.town.practices)
            if one.is_open
        ]
        return new + old

    def _persons_with_choice(self, placed: Placed) -> float:
        opened = self._open_m(placed)
        return sum(
            persons
            for home, persons in zip(self.town.homes_m, self.town.persons, strict=True)
            if sum(abs(home - at) <= LIMIT_M for at in opened) >= NEEDED
        )

    def _mean_second_m(self, placed: Placed) -> float:
        opened = self._open_m(placed)
        total = 0.0
        for home, persons in zip(self.town.homes_m, self.town.persons, strict=True):
            metres = sorted(abs(home - at) for at in opened)
            second = metres[1] if len(metres) > 1 else np.inf
            total += persons * min(second, CUTOFF_M)
        return total / sum(self.town.persons)

    def _persons_left_over(self, placed: Placed) -> float:
        """The most need that can be given to practices in reach, by a linear programme."""
        factor = dict(zip((SOUTH, NORTH), self.town.need, strict=True))
        need = [
            persons * factor[kommune_at(home)]
            for home, persons in zip(self.town.homes_m, self.town.persons, strict=True)
        ]
        places = [(self.town.candidates_m[at], size * 1600.0) for at, size in placed.new]
        for number, one in enumerate(self.town.practices):
            free = max(0.0, one.capacities * 1600.0 - one.listed) if one.is_open else 0.0
            room = one.listed * factor[kommune_at(one.at_m)] + free
            places.append((self._at_m(placed, number), room))
        pairs = [
            (i, j)
            for i, home in enumerate(self.town.homes_m)
            for j, (at, _) in enumerate(places)
            if abs(home - at) <= LIMIT_M
        ]
        if not pairs:
            return sum(need)
        rows = np.zeros((len(need) + len(places), len(pairs)))
        for column, (i, j) in enumerate(pairs):
            rows[i, column] = rows[len(need) + j, column] = 1.0
        most = [*need, *(room for _, room in places)]
        return sum(need) + linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=most).fun

    def net(self, placed: Placed) -> float:
        """Return what is gained, less what the moves must be worth."""
        sign = 1.0 if self.request.objective == "choice" else -1.0
        gain = sign * (self.value(placed) - self.value(self.nothing()))
        return gain - self.request.move_cost * placed.moves

    def best_net(self) -> float | None:
        """Return the most that any placement gains; None if none meets the request.

        Only for the shortage it matters how large a practice is.
        """
        is_sized = self.request.objective == "shortage"
        return max(map(self.net, self.placements(every_size=is_sized)), default=None)


def _subsets(numbers: range) -> Iterator[tuple[int, ...]]:
    """Return every subset, the empty one left out: a capacity needs a site."""
    return chain.from_iterable(combinations(numbers, size) for size in range(1, len(numbers) + 1))


def with_effort(request: PlacementRequest, **changed: object) -> PlacementRequest:
    """Return the request with another effort."""
    return replace(request, effort=replace(request.effort, **changed))


# One practice at km 10. Homes at 0 (200 people) and 20 (300) reach it; 50 (100) reaches nothing.
# At km 12 both get a second; 45 and 52 together give the home at 50 two: 600 in all.
LONE = Town(
    (0.0, 20_000.0, 50_000.0),
    (200.0, 300.0, 100.0),
    (Practice(10_000.0),),
    (4_000.0, 12_000.0, 34_000.0, 45_000.0, 52_000.0),
)
# The homes at 20 (300 people) and 40 (200) have one practice each, at 30. The one at 2 is 14 km
# from home 20 once it is at 6; a new one at 55 is 15 km from home 40.
MOVING = Town(
    (20_000.0, 40_000.0),
    (300.0, 200.0),
    (Practice(2_000.0), Practice(30_000.0)),
    (6_000.0, 55_000.0),
)
