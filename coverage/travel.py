"""TravelMatrix: road distances between origins and sites, sparse, in metres."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import DuplicateIdError
from coverage.network import RoadGraph
from coverage.places import Places, join_places
from coverage.rule_groups import TravelRules
from coverage.search import (
    Floats,
    Ints,
    Positions,
    Progress,
    Triples,
    search_all,
    search_nearest_two,
)

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TravelMatrix:
    """Road distances from every origin to the sites within the cutoff.

    A pair that is absent is farther than ``cutoff_m`` or has no road between
    its ends; a stored 0 is a distance of 0 m. Callers ask by id and cannot
    confuse the two.

    Attributes
    ----------
    graph, origins, sites
        What was measured.
    cutoff_m
        Every pair up to and including this distance is held.
    """

    graph: RoadGraph
    origins: Places
    sites: Places
    cutoff_m: float
    _start: Positions
    _site: Ints
    _distance_m: Floats

    @property
    def origin_ids(self) -> "pd.Index[str]":
        """Ids of the origins, in the order of every answer."""
        return self.origins.ids

    @property
    def site_ids(self) -> "pd.Index[str]":
        """Ids of the sites."""
        return self.sites.ids

    @property
    def pair_count(self) -> int:
        """Pairs within the cutoff."""
        return len(self._site)

    @cached_property
    def connected(self) -> "pd.Series[bool]":
        """By origin: a road leads to at least one of the sites, however far."""
        component = self.graph.component
        site_edges = self.sites.snaps.edge[self.sites.snaps.snapped]
        served = np.zeros(len(self.graph.component_length_m), dtype=np.bool_)
        served[component[self.graph.edge_u[site_edges]]] = True
        snapped = self.origins.snaps.snapped
        answer = snapped.copy()
        home_edges = self.origins.snaps.edge[snapped]
        answer[snapped] = served[component[self.graph.edge_u[home_edges]]]
        return pd.Series(answer, index=self.origin_ids, name="connected")

    @cached_property
    def _origin(self) -> Ints:
        return np.repeat(np.arange(len(self.origins), dtype=np.int32), np.diff(self._start))

    def pairs(self) -> pd.DataFrame:
        """Return every pair within the cutoff: origin_id, site_id, distance_m."""
        return pd.DataFrame(
            {
                "origin_id": self.origin_ids[self._origin],
                "site_id": self.site_ids[self._site],
                "distance_m": self._distance_m,
            }
        )

    def pair_positions(self) -> tuple[Ints, Ints, Floats]:
        """Return every pair within the cutoff as positions, without building ids.

        Returns
        -------
        origin, site, distance_m
            Shape (pairs,) each, ordered by origin, then distance: positions in
            ``origin_ids`` and ``site_ids``, and metres. The matrix's own arrays,
            only to be read.
        """
        return self._origin, self._site, self._distance_m

    def pair_start(self) -> Positions:
        """Return where each origin's pairs start in ``pair_positions``, shape (origins + 1,)."""
        return self._start

    def distances_to(self, site_id: str) -> "pd.Series[float]":
        """Return metres by origin to one site, however far; NaN where no road leads to it.

        One search without a limit.

        Raises
        ------
        UnknownIdError
        """
        site = self.sites.take(self.sites.positions([site_id]))
        origin, _, distance_m = search_all(self.graph, self.origins, site, np.inf, None)
        answer = np.full(len(self.origins), np.nan)
        answer[origin] = distance_m
        return pd.Series(answer, index=self.origin_ids, name="distance_m")

    def count_within(self, limit_m: npt.ArrayLike, site_ids: Iterable[str]) -> "pd.Series[int]":
        """Return by origin how many of the sites lie within the limit, the line included.

        Parameters
        ----------
        limit_m
            One limit or one per origin, at most ``cutoff_m``.
        """
        limits = np.broadcast_to(np.asarray(limit_m, np.float64), (len(self.origins),))
        if len(limits) and limits.max() > self.cutoff_m:
            message = f"limit {limits.max():g} m is beyond the matrix's cutoff {self.cutoff_m:g} m"
            raise ValueError(message)
        chosen = self._chosen(site_ids)
        held = chosen[self._site] & (self._distance_m <= limits[self._origin])
        counts = np.bincount(self._origin[held], minlength=len(self.origins))
        return pd.Series(counts, index=self.origin_ids, name="sites_within")

    def nearest_two(self, site_ids: Iterable[str]) -> pd.DataFrame:
        """Return by origin the nearest and second nearest of the sites, however far.

        Columns first_m, first_site_id, second_m, second_site_id; missing where no
        road leads to one. Within the cutoff this is read from the matrix; for
        the origins that need it, the graph is searched without a limit.
        """
        chosen = self._chosen(site_ids)
        held = np.flatnonzero(chosen[self._site])
        owner = self._origin[held]
        opens = np.flatnonzero(np.diff(owner, prepend=-1))
        distance_m = np.full((len(self.origins), 2), np.nan)
        site = np.full((len(self.origins), 2), -1, dtype=np.int64)
        for rank in (0, 1):
            at = opens + rank
            at = at[(at < len(held))]
            at = at[owner[at] == owner[at - rank]]
            distance_m[owner[at], rank] = self._distance_m[held[at]]
            site[owner[at], rank] = self._site[held[at]]
        short = np.flatnonzero(np.isnan(distance_m[:, 1]) & self.origins.snaps.snapped)
        wanted = np.flatnonzero(chosen & self.sites.snaps.snapped)
        if len(short) and len(wanted):
            far_m, far_site = search_nearest_two(
                self.graph, self.origins.take(short), self.sites.take(wanted)
            )
            distance_m[short] = far_m
            site[short] = np.where(far_site >= 0, wanted[far_site], -1)
        names = self.site_ids.to_numpy(dtype=object)
        return pd.DataFrame(
            {
                "first_m": distance_m[:, 0],
                "first_site_id": _names_at(names, site[:, 0]),
                "second_m": distance_m[:, 1],
                "second_site_id": _names_at(names, site[:, 1]),
            },
            index=self.origin_ids,
        )

    def with_sites(self, table: pd.DataFrame, rules: TravelRules) -> "TravelMatrix":
        """Return a matrix with more sites: one search for each, nothing else is measured again.

        Parameters
        ----------
        table
            Columns site_id, x_m, y_m.
        """
        return self.with_places(join_places(self.graph, table, "site_id", rules))

    def with_places(self, new: Places) -> "TravelMatrix":
        """Return a matrix with more sites, as ``with_sites``; they are joined to the roads."""
        sites = self.sites.joined(new)
        if not sites.ids.is_unique:
            raise DuplicateIdError("A new site has the id of another", rows=list(new.ids))
        origin, site, distance_m = _sorted(
            search_all(self.graph, self.origins, new, self.cutoff_m, None)
        )
        # The held pairs are sorted already: the new ones are put in their places.
        at = np.searchsorted(
            self._order_key(self._origin, self._distance_m),
            self._order_key(origin, distance_m),
            side="right",
        )
        added = np.bincount(origin, minlength=len(self.origins))
        return TravelMatrix(
            self.graph,
            self.origins,
            sites,
            self.cutoff_m,
            self._start + np.concatenate([[0], np.cumsum(added)]),
            np.insert(self._site, at, site + len(self.sites)),
            np.insert(self._distance_m, at, distance_m),
        )

    def without_sites(self, site_ids: Iterable[str]) -> "TravelMatrix":
        """Return a matrix without some sites; nothing is measured again.

        Raises
        ------
        UnknownIdError
        """
        kept = ~self._chosen(site_ids)
        position = np.cumsum(kept, dtype=np.int32) - 1
        held = kept[self._site]
        counts = np.bincount(self._origin[held], minlength=len(self.origins))
        return TravelMatrix(
            self.graph,
            self.origins,
            self.sites.take(np.flatnonzero(kept)),
            self.cutoff_m,
            np.concatenate([[0], np.cumsum(counts)]),
            position[self._site[held]],
            self._distance_m[held],
        )

    def _order_key(self, origin: Ints, distance_m: Floats) -> Floats:
        """Return one number per pair that sorts by origin, then distance."""
        return origin * (self.cutoff_m + 1.0) + distance_m

    def _chosen(self, site_ids: Iterable[str]) -> Bools:
        chosen = np.zeros(len(self.sites), dtype=np.bool_)
        chosen[self.sites.positions(site_ids)] = True
        return chosen


def measure_travel(
    graph: RoadGraph,
    origins: Places,
    sites: Places,
    cutoff_m: float,
    progress: Progress | None = None,
) -> TravelMatrix:
    """Return the road distances of all pairs within the cutoff.

    Parameters
    ----------
    cutoff_m
        Metres; the line is included.
    progress
        Called with the share done, 0 to 1.
    """
    origin, site, distance_m = _sorted(search_all(graph, origins, sites, cutoff_m, progress))
    start = np.zeros(len(origins) + 1, dtype=np.int64)
    np.cumsum(np.bincount(origin, minlength=len(origins)), out=start[1:])
    return TravelMatrix(graph, origins, sites, cutoff_m, start, site, distance_m)


def _sorted(triples: Triples) -> Triples:
    """Return the pairs by origin, then distance, then the site's place among the sites."""
    origin, site, distance_m = triples
    order = np.lexsort((site, distance_m, origin))
    return origin[order], site[order], distance_m[order]


def _names_at(names: npt.NDArray[np.object_], positions: Positions) -> "pd.Series[str]":
    found = positions >= 0
    answer = np.full(len(positions), None, dtype=object)
    answer[found] = names[positions[found]]
    return pd.array(answer, dtype="str")  # type: ignore[return-value]
