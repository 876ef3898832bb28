"""Origins and sites joined to a graph: each a point on an edge, known by its id."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import DuplicateIdError, UnknownIdError
from coverage.network import RoadGraph
from coverage.rule_groups import TravelRules
from coverage.sentences import sentence
from coverage.snapping import Snaps, snap

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Places:
    """Origins or sites, joined to a graph.

    Attributes
    ----------
    ids
        Index of strings, shape (places,).
    x_m, y_m
        Shape (places,), EPSG:25832.
    snaps
        Where each joins the graph.
    leg_m
        Shape (places,): the leg as it counts into a distance; 0 if legs do not count.
    """

    ids: "pd.Index[str]"
    x_m: Floats
    y_m: Floats
    snaps: Snaps
    leg_m: Floats

    def __len__(self) -> int:
        return len(self.ids)

    def positions(self, ids: Iterable[str]) -> Positions:
        """Return where the ids stand among the places, shape (ids,).

        Raises
        ------
        UnknownIdError
        """
        wanted = pd.Index(list(ids), dtype="str")
        found = self.ids.get_indexer(wanted)
        if (found < 0).any():
            raise UnknownIdError(
                "Places that were not measured",
                rows=list(wanted[found < 0]),
                hint="Add them first.",
            )
        return found.astype(np.int64)

    def take(self, positions: "npt.NDArray[np.integer]") -> "Places":
        """Return the places at these positions."""
        part = Snaps(
            self.snaps.edge[positions],
            self.snaps.position_m[positions],
            self.snaps.leg_m[positions],
        )
        return Places(
            self.ids[positions],
            self.x_m[positions],
            self.y_m[positions],
            part,
            self.leg_m[positions],
        )

    def joined(self, other: "Places") -> "Places":
        """Return these places and then the other ones."""
        snaps = Snaps(
            np.concatenate([self.snaps.edge, other.snaps.edge]),
            np.concatenate([self.snaps.position_m, other.snaps.position_m]),
            np.concatenate([self.snaps.leg_m, other.snaps.leg_m]),
        )
        return Places(
            self.ids.append(other.ids),
            np.concatenate([self.x_m, other.x_m]),
            np.concatenate([self.y_m, other.y_m]),
            snaps,
            np.concatenate([self.leg_m, other.leg_m]),
        )


def join_places(
    graph: RoadGraph, table: pd.DataFrame, id_column: str, rules: TravelRules
) -> Places:
    """Join the rows of a table with ``x_m`` and ``y_m`` to the graph.

    Raises
    ------
    DuplicateIdError
    """
    ids = pd.Index(table[id_column], dtype="str", name=id_column)
    if not ids.is_unique:
        raise DuplicateIdError(
            sentence("Ids in {column} repeat", column=id_column),
            rows=sorted(set(ids[ids.duplicated()])),
            hint="Make them unique.",
        )
    x_m = table["x_m"].to_numpy(np.float64)
    y_m = table["y_m"].to_numpy(np.float64)
    snaps = snap(graph, x_m, y_m, rules)
    leg_m = snaps.leg_m if rules.count_legs else np.where(snaps.snapped, 0.0, np.nan)
    return Places(ids, x_m, y_m, snaps, leg_m)
