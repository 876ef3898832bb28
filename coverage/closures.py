"""Closures: who loses the last practice, or the choice of doctor, when practices close.

A home loses its practice if it had one within the limit, open or closed, and then
has none; it loses its choice if it had as many open practices within the limit as
lægevalg asks for, and then has fewer. Both may befall one home. Practices close in
groups: all of a town, or each alone. Every home's practices are counted by group
once, and what any group's or any two groups' closing does is read from the counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.choice import Choice
from coverage.travel import TravelMatrix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reach:
    """How many practices of each group every home has within its limit.

    Attributes
    ----------
    origin, group, count
        Shape (rows,): one row for a home and a group of which it has at least
        one practice, by home, then group.
    persons
        Shape (origins,).
    group_count
        Groups are numbered 0 to this - 1.
    """

    origin: Ints
    group: Ints
    count: Ints
    persons: Floats
    group_count: int

    @cached_property
    def total(self) -> Floats:
        """Practices within the limit of the row's home, shape (rows,)."""
        by_origin = np.bincount(self.origin, weights=self.count, minlength=len(self.persons))
        return by_origin[self.origin].astype(np.float64, copy=False)

    def persons_losing(self, needed: float) -> Floats:
        """Return by group the persons who have ``needed`` practices, and not without the group."""
        held = (self.total >= needed) & (self.total - self.count < needed)
        weights = self.persons[self.origin[held]]
        sums = np.bincount(self.group[held], weights=weights, minlength=self.group_count)
        return sums.astype(np.float64, copy=False)

    def persons_losing_jointly(self, needed: float) -> pd.DataFrame:
        """Return for pairs of groups who falls below ``needed`` only if both close.

        Such a home keeps fewer than ``needed`` practices beside the two groups,
        so it has at most one group more than ``needed``: no other pair of
        groups has to be looked at.

        Returns
        -------
        DataFrame
            ``group_a, group_b, persons``, a < b, only pairs that somebody depends on.
        """
        parts = []
        for step in range(1, int(needed) + 1):
            first = np.arange(max(len(self.origin) - step, 0))
            first = first[self.origin[first] == self.origin[first + step]]
            second = first + step
            one, other = self.count[first], self.count[second]
            total = self.total[first]
            held = total - one - other < needed
            held &= (total - one >= needed) & (total - other >= needed)
            first, second = first[held], second[held]
            columns = {
                "group_a": self.group[first],
                "group_b": self.group[second],
                "persons": self.persons[self.origin[first]],
            }
            parts.append(pd.DataFrame(columns))
        joined = pd.concat(parts, ignore_index=True)
        return joined.groupby(["group_a", "group_b"], as_index=False).agg({"persons": "sum"})


def reach_by_group(
    origin: Ints, site: Ints, group_of_site: Ints, persons: Floats, group_count: int
) -> Reach:
    """Count every home's practices by group.

    Parameters
    ----------
    origin, site
        Shape (pairs,): positions of a home and of a practice within its limit.
    group_of_site
        Shape (sites,), 0 to ``group_count`` - 1.
    persons
        Shape (origins,).
    """
    key = origin.astype(np.int64) * group_count + group_of_site[site]
    found, count = np.unique(key, return_counts=True)
    return Reach(found // group_count, found % group_count, count, persons, group_count)


def nearest_by_group(
    pairs: tuple[Ints, Ints, Floats], group_of_site: Ints, persons: Floats, group_count: int
) -> pd.DataFrame:
    """Return how far people have now, and if their nearest practice's group closes.

    Parameters
    ----------
    pairs
        Origin, site, metres, by origin and distance; what is absent is too far
        away to count.
    group_of_site, persons, group_count
        As in ``reach_by_group``.

    Returns
    -------
    DataFrame
        One row a group: ``persons_nearest`` (their nearest practice is in it),
        ``persons_without_other`` (of these: no practice of another group among
        the pairs), and ``nearest_now_m, nearest_after_m``: mean distance of the
        others, weighted by persons, to the nearest practice now and without the
        group; missing where there are none.
    """
    origin, site, distance_m = pairs
    group = group_of_site[site]
    first = np.flatnonzero(np.diff(origin, prepend=-1))
    group_of_origin = np.full(len(persons), -1, dtype=np.int64)
    group_of_origin[origin[first]] = group[first]
    others = np.flatnonzero(group != group_of_origin[origin])
    other = others[np.flatnonzero(np.diff(origin[others], prepend=-1))]
    after_m = np.full(len(persons), np.nan)
    after_m[origin[other]] = distance_m[other]

    home = origin[first]
    moves = ~np.isnan(after_m[home])

    def sums(weights: Floats, held: Bools) -> Floats:
        added = np.bincount(group[first][held], weights=weights[held], minlength=group_count)
        return added.astype(np.float64, copy=False)

    everybody = np.ones(len(home), dtype=np.bool_)
    people = persons[home]
    moving = sums(people, moves)
    with np.errstate(invalid="ignore"):  # 0 / 0: nobody's nearest practice
        now_m = sums(people * distance_m[first], moves) / moving
        mean_after_m = sums(people * after_m[home], moves) / moving
    return pd.DataFrame(
        {
            "persons_nearest": sums(people, everybody),
            "persons_without_other": sums(people, ~moves),
            "nearest_now_m": now_m,
            "nearest_after_m": mean_after_m,
        }
    )


def who_loses(matrix: TravelMatrix, choice: Choice, closing: Collection[str]) -> pd.DataFrame:
    """Return what closing these practices together does to every home.

    Parameters
    ----------
    matrix, choice
        Of one study; every site is a practice, open if the choice says so.
    closing
        Ydernumre.

    Returns
    -------
    DataFrame
        One row an origin: ``origin_id, loses_practice, loses_choice``.

    Raises
    ------
    UnknownIdError
        For a practice that was not measured.
    """
    closed = set(matrix.site_ids[matrix.sites.positions(closing)])
    limit_m = choice.by_origin["limit_m"].to_numpy()

    def falls_below(needed: float, ids: Collection[str]) -> Bools:
        left = [site_id for site_id in ids if site_id not in closed]
        before = matrix.count_within(limit_m, ids).to_numpy()
        after = matrix.count_within(limit_m, left).to_numpy()
        return np.asarray((before >= needed) & (after < needed), dtype=np.bool_)

    return pd.DataFrame(
        {
            "origin_id": matrix.origin_ids.to_numpy(),
            "loses_practice": falls_below(1, list(matrix.site_ids)),
            "loses_choice": falls_below(choice.rules.practices_needed, choice.open_ids),
        }
    )
