"""What homes reach after a scenario: open practices within the limit, the two nearest, a road.

Everything starts from the baseline and changes only where a practice came, went,
or opened or closed its list: its own column of the matrix, and the homes whose
nearest or second nearest practice is gone.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.choice import STATUSES, Choice
from coverage.places import Places
from coverage.scenario.resolve import Resolved
from coverage.search import search_all, search_nearest_two
from coverage.travel import TravelMatrix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_NO_SITE = -1
_TWO, _ONE, _NONE, _NO_ROAD = range(len(STATUSES))


@dataclass(frozen=True)
class Reach:
    """What every home reaches by road, shape (origins,) each.

    Attributes
    ----------
    open_within
        Open practices within the limit.
    first_m, second_m
        The nearest and second nearest open practice, however far; NaN without a road.
    connected
        A road leads to a practice, open or closed.
    needed
        How many open practices are a choice.
    """

    open_within: Ints
    first_m: Floats
    second_m: Floats
    connected: Bools
    needed: float

    @cached_property
    def status(self) -> npt.NDArray[np.int8]:
        """Lægevalg's status as a position in ``choice.STATUSES``."""
        conditions = [~self.connected, self.open_within >= self.needed, self.open_within >= 1]
        return np.select(conditions, [_NO_ROAD, _TWO, _ONE], _NONE).astype(np.int8)


class ReachBasis:
    """The baseline's reach, and the matrix by site, for all scenarios on it."""

    def __init__(self, matrix: TravelMatrix, choice: Choice) -> None:
        self.matrix = matrix
        self.choice = choice
        table = choice.by_origin
        self.limit_m: Floats = table["limit_m"].to_numpy(np.float64)
        self.is_open: Bools = matrix.site_ids.isin(choice.open_ids)
        self.before = Reach(
            table["road_open_within"].to_numpy(np.int64),
            table["road_first_m"].to_numpy(np.float64),
            table["road_second_m"].to_numpy(np.float64),
            matrix.connected.to_numpy(np.bool_),
            choice.rules.practices_needed,
        )

    @cached_property
    def nearest(self) -> Ints:
        """Shape (origins, 2): position of the nearest and second nearest open site, or -1."""
        table = self.choice.by_origin
        columns = [table["first_ydernummer"], table["second_ydernummer"]]
        return np.column_stack(
            [self.matrix.site_ids.get_indexer(pd.Index(column)) for column in columns]
        )

    @cached_property
    def _by_site(self) -> tuple[Ints, npt.NDArray[np.int32], Floats]:
        """Where each site's pairs start, and their homes and metres."""
        origin, site, distance_m = self.matrix.pair_positions()
        order = np.argsort(site, kind="stable")
        counts = np.bincount(site, minlength=len(self.matrix.site_ids))
        return np.concatenate([[0], np.cumsum(counts)]), origin[order], distance_m[order]

    def column(self, site: int) -> tuple[npt.NDArray[np.int32], Floats]:
        """Return the homes within the cutoff of a site, and their metres."""
        start, origin, distance_m = self._by_site
        held = slice(int(start[site]), int(start[site + 1]))
        return origin[held], distance_m[held]

    @cached_property
    def component_of_origin(self) -> Ints:
        """The part of the road network that each home is on; -1 without a road."""
        return self.components(self.matrix.origins)

    @cached_property
    def sites_on_component(self) -> Ints:
        """How many sites each part of the network has."""
        component = self.components(self.matrix.sites)
        parts = len(self.matrix.graph.component_length_m)
        return np.bincount(component[component >= 0], minlength=parts)

    def components(self, places: Places) -> Ints:
        """Return the part of the network that each place is on; -1 without a road."""
        graph = self.matrix.graph
        found = np.full(len(places), _NO_SITE, dtype=np.int64)
        on_road = places.snaps.snapped
        found[on_road] = graph.component[graph.edge_u[places.snaps.edge[on_road]]]
        return found


def reach_after(basis: ReachBasis, resolved: Resolved) -> Reach:
    """Return what homes reach after a scenario, as measured from the start."""
    change = _changed_sites(basis, resolved)
    reach = basis.before
    if len(change.lost):
        reach = _without(basis, reach, change.lost)
    for site in range(len(change.gained)):
        reach = _with(basis, reach, change.gained.take(np.array([site])))
    return replace(reach, connected=_connected(basis, resolved))


@dataclass(frozen=True)
class _Change:
    """Open sites of the baseline that are lost (positions), and places where one is gained."""

    lost: Ints
    gained: Places


def _changed_sites(basis: ReachBasis, resolved: Resolved) -> _Change:
    matrix = basis.matrix
    practices = resolved.practices
    takes = practices["intake_open"].fillna(value=False).to_numpy(dtype=np.bool_)
    opened = set(practices["ydernummer"].to_numpy(object)[takes])
    moved = set(resolved.moved)
    kept_open = np.array([site in opened and site not in moved for site in matrix.site_ids])
    lost = np.flatnonzero(basis.is_open & ~kept_open)
    listing = np.flatnonzero(kept_open & ~basis.is_open)
    new = np.array([site in opened for site in resolved.sites.ids], dtype=np.bool_)
    gained = [resolved.sites.take(np.flatnonzero(new)), matrix.sites.take(listing)]
    return _Change(lost, gained[0].joined(gained[1]))


def _without(basis: ReachBasis, reach: Reach, lost: Ints) -> Reach:
    """Return the reach without some open sites of the baseline."""
    within = reach.open_within.copy()
    for site in lost:
        origin, distance_m = basis.column(int(site))
        within[origin[distance_m <= basis.limit_m[origin]]] -= 1
    touched = np.flatnonzero(np.isin(basis.nearest, lost).any(axis=1))
    left = basis.is_open.copy()
    left[lost] = False
    metres = _nearest_two(basis.matrix, touched, left)
    first_m, second_m = reach.first_m.copy(), reach.second_m.copy()
    first_m[touched], second_m[touched] = metres[:, 0], metres[:, 1]
    return replace(reach, open_within=within, first_m=first_m, second_m=second_m)


def _nearest_two(matrix: TravelMatrix, homes: Ints, chosen: Bools) -> Floats:
    """Return the metres from some homes to the two nearest of the chosen sites."""
    _, site, distance_m = matrix.pair_positions()
    start = matrix.pair_start()[homes]
    counts = matrix.pair_start()[homes + 1] - start
    row = np.repeat(np.arange(len(homes)), counts)
    pair = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + start[row]
    held = chosen[site[pair]]
    row, pair = row[held], pair[held]
    metres = np.full((len(homes), 2), np.nan)
    opens = np.flatnonzero(np.diff(row, prepend=-1))
    metres[row[opens], 0] = distance_m[pair[opens]]
    second = opens + 1
    second = second[second < len(row)]
    second = second[row[second] == row[second - 1]]
    metres[row[second], 1] = distance_m[pair[second]]
    short = np.flatnonzero(np.isnan(metres[:, 1]) & matrix.origins.snaps.snapped[homes])
    sites = np.flatnonzero(chosen & matrix.sites.snaps.snapped)
    if len(short) and len(sites):
        origins = matrix.origins.take(homes[short])
        metres[short] = search_nearest_two(matrix.graph, origins, matrix.sites.take(sites))[0]
    return metres


def _with(basis: ReachBasis, reach: Reach, site: Places) -> Reach:
    """Return the reach with one more open site."""
    matrix = basis.matrix
    # A practice matters to nobody who is farther from it than from a second one already.
    on_component = basis.component_of_origin == basis.components(site)[0]
    seconds_m = reach.second_m[on_component]
    farthest_m = float(seconds_m.max(initial=0.0))
    cutoff_m = np.inf if np.isnan(farthest_m) else max(matrix.cutoff_m, farthest_m)
    origin, _, distance_m = search_all(matrix.graph, matrix.origins, site, cutoff_m, None)
    metres = np.full(len(matrix.origins), np.nan)
    metres[origin] = distance_m
    # fmin passes over what is missing: a first practice where there was none.
    first_m = np.fmin(reach.first_m, metres)
    second_m = np.fmin(reach.second_m, np.where(np.isnan(reach.first_m), np.nan, metres))
    nearer = metres < reach.first_m
    second_m = np.where(nearer, reach.first_m, second_m)
    within = reach.open_within + (metres <= basis.limit_m)
    return replace(reach, open_within=within, first_m=first_m, second_m=second_m)


def _connected(basis: ReachBasis, resolved: Resolved) -> Bools:
    """Return which homes have a road to a practice that is left or new."""
    matrix = basis.matrix
    gone = pd.Index([*resolved.closed, *resolved.moved], dtype="str")
    positions = matrix.site_ids.get_indexer(gone)
    lost = basis.components(matrix.sites.take(positions[positions >= 0]))
    gained = basis.components(resolved.sites)
    parts = len(basis.sites_on_component)
    sites = (
        basis.sites_on_component
        - np.bincount(lost[lost >= 0], minlength=parts)
        + np.bincount(gained[gained >= 0], minlength=parts)
    )
    component = basis.component_of_origin
    return np.asarray((component >= 0) & (sites > 0)[component], dtype=np.bool_)
