"""Straight-line twins of the road distances: the figure that a map gives at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree

from coverage.places import Places
from coverage.units import DENMARK_X_M, ground_distance_m, scale_factor

_DECIMALS = 3


@dataclass(frozen=True)
class StraightLines:
    """Straight ground distances between the places that a TravelMatrix measures by road.

    Attributes
    ----------
    origins, sites
        Places; whether they are joined to a road does not matter here.
    """

    origins: Places
    sites: Places

    def distances_to(self, site_id: str) -> "pd.Series[float]":
        """Return metres by origin to one site."""
        at = int(self.sites.positions([site_id])[0])
        metres = ground_distance_m(
            self.origins.x_m, self.origins.y_m, self.sites.x_m[at], self.sites.y_m[at]
        )
        return pd.Series(np.round(metres, _DECIMALS), index=self.origins.ids, name="distance_m")

    def count_within(self, limit_m: npt.ArrayLike, site_ids: Iterable[str]) -> "pd.Series[int]":
        """Return by origin how many of the sites lie within the limit, the line included."""
        limits = np.broadcast_to(np.asarray(limit_m, np.float64), (len(self.origins),))
        counts = np.zeros(len(self.origins), dtype=np.int64)
        chosen = np.sort(self.sites.positions(site_ids))
        if len(chosen) and len(self.origins):
            tree = self._tree(self.origins.x_m, self.origins.y_m)
            reach = float(limits.max()) * float(scale_factor(DENMARK_X_M[1]))
            for site in chosen:
                x_m, y_m = self.sites.x_m[site], self.sites.y_m[site]
                near = np.asarray(tree.query_ball_point((x_m, y_m), reach), dtype=np.int64)
                metres = ground_distance_m(self.origins.x_m[near], self.origins.y_m[near], x_m, y_m)
                counts[near] += np.round(metres, _DECIMALS) <= limits[near]
        return pd.Series(counts, index=self.origins.ids, name="sites_within")

    def nearest_two(self, site_ids: Iterable[str]) -> pd.DataFrame:
        """Return by origin the metres to the two nearest sites; NaN where there is none."""
        chosen = np.sort(self.sites.positions(site_ids))
        metres = np.full((len(self.origins), 2), np.nan)
        if len(chosen) and len(self.origins):
            # A third neighbour: map metres may swap two sites that are equally far on the ground.
            wanted = min(3, len(chosen))
            tree = self._tree(self.sites.x_m[chosen], self.sites.y_m[chosen])
            points = np.column_stack([self.origins.x_m, self.origins.y_m])
            near = tree.query(points, k=range(1, wanted + 1))[1]
            site = chosen[near]
            ground = ground_distance_m(
                self.origins.x_m[:, None],
                self.origins.y_m[:, None],
                self.sites.x_m[site],
                self.sites.y_m[site],
            )
            ground = np.sort(np.round(ground, _DECIMALS), axis=1)[:, :2]
            metres[:, : ground.shape[1]] = ground
        return pd.DataFrame(
            {"first_m": metres[:, 0], "second_m": metres[:, 1]}, index=self.origins.ids
        )

    @staticmethod
    def _tree(x_m: npt.NDArray[np.float64], y_m: npt.NDArray[np.float64]) -> KDTree:
        return KDTree(np.column_stack([x_m, y_m]))
