"""Units of demand: what is reached when enough of a set of sites is open.

Most people with two open practices, the least distance to the second one, and any weighted
sum of the two have one form. A unit has a weight, a need (1 or 2) and a set of sites, and its
weight is reached when at least as many of its sites are open as it needs::

    reached(open) = sum over units u of weight_u * [open sites of u >= need_u]

Homes with the same need and the same sites are one unit: on a region 5 to 12 times fewer, and
nothing is lost by it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Sets of sites are told apart by two sums of random 64-bit numbers and their size: two
# different ones agree by chance less than once in 10^20 regions.
_HASH_SEED = 20260101


@dataclass(frozen=True)
class Units:
    """Weighted units of demand over sites that are numbered from 0.

    Attributes
    ----------
    weight
        Shape (units,), above 0.
    need
        Shape (units,): so many of its sites a unit needs, at least 1.
    start, site
        The sites of unit u are ``site[start[u]:start[u + 1]]``, at least ``need[u]``.
    site_count
        Sites there are, also those that no unit has.
    """

    weight: Floats
    need: Ints
    start: Ints
    site: Ints
    site_count: int

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def pair_count(self) -> int:
        """Pairs of a unit and one of its sites."""
        return len(self.site)

    @cached_property
    def matrix(self) -> csr_array:
        """Shape (units, sites): 1 where a site is one of the unit's."""
        ones = np.ones(len(self.site))
        return csr_array((ones, self.site, self.start), shape=(len(self), self.site_count))

    @cached_property
    def by_site(self) -> tuple[Ints, Ints]:
        """Start and unit: the units of site s are ``unit[start[s]:start[s + 1]]``."""
        unit = np.repeat(np.arange(len(self)), np.diff(self.start))
        order = np.argsort(self.site, kind="stable")
        start = np.zeros(self.site_count + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.site, minlength=self.site_count), out=start[1:])
        return start, unit[order]

    def reached(self, is_open: Bools) -> float:
        """Return the weight that these open sites, shape (sites,), reach."""
        count = self.matrix @ is_open.astype(np.float64)
        return float(self.weight[count >= self.need].sum())

    def scaled(self, factor: float) -> "Units":
        """Return the units with their weights multiplied by a factor above 0."""
        return Units(self.weight * factor, self.need, self.start, self.site, self.site_count)


@dataclass(frozen=True)
class Demand:
    """Demand before it is merged: each row needs some of the first sites of a home's list.

    Attributes
    ----------
    site
        Shape (pairs,): the sites of the homes, one list after the other.
    first, size
        Shape (rows,): a row's sites are ``site[first:first + size]``.
    weight, need
        Shape (rows,).
    """

    site: Ints
    first: Ints
    size: Ints
    weight: Floats
    need: Ints


def merge_units(demand: Demand, site_count: int) -> Units:
    """Return the demand with rows of the same need and the same sites as one unit.

    Rows without weight, or with fewer sites than they need, are left out: nothing
    can be reached there.
    """
    held = (demand.weight > 0) & (demand.size >= demand.need)
    first, size = demand.first[held], demand.size[held]
    weight, need = demand.weight[held], demand.need[held]
    representative, unit = _distinct(_row_keys(demand.site, first, size, need, site_count))
    sizes = size[representative]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    site = demand.site[ranges(first[representative], sizes)].astype(np.int64)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    site = site[np.lexsort((site, owner))]
    weights = np.bincount(unit, weights=weight, minlength=len(sizes)).astype(np.float64)
    return Units(weights, need[representative].astype(np.int64), start, site, site_count)


def join_units(one: Units, other: Units) -> Units:
    """Return the units of both, over the same sites: their reached weights add up."""
    return Units(
        np.concatenate([one.weight, other.weight]),
        np.concatenate([one.need, other.need]),
        np.concatenate([one.start, one.start[-1] + other.start[1:]]),
        np.concatenate([one.site, other.site]),
        one.site_count,
    )


def ranges(first: Ints, size: Ints) -> Ints:
    """Return ``first[i], first[i] + 1, ...`` of ``size[i]`` numbers each, one after the other."""
    ends = np.cumsum(size)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Ints = np.arange(total) + np.repeat(first - (ends - size), size)
    return numbers


def _distinct(keys: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """Return the first row of every different key, in their order, and each row's key number."""
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    in_order = keys[order]
    opens = np.ones(len(keys), dtype=np.bool_)
    opens[1:] = (in_order[1:] != in_order[:-1]).any(axis=1)
    number = np.empty(len(keys), dtype=np.int64)
    number[order] = np.cumsum(opens) - 1
    # A stable sort: the first of each run is the first row with that key.
    first = order[opens]
    by_row = np.argsort(first, kind="stable")
    rank = np.empty(len(first), dtype=np.int64)
    rank[by_row] = np.arange(len(first))
    return first[by_row], rank[number]


def _row_keys(
    site: Ints, first: Ints, size: Ints, need: Ints, site_count: int
) -> npt.NDArray[np.uint64]:
    """Return two numbers for each row's need and set of sites in any order, shape (rows, 2)."""
    random = np.random.default_rng(_HASH_SEED)
    code = random.integers(0, 2**64, size=(site_count + 2, 2), dtype=np.uint64)
    # Sums and products wrap around at 2^64, and their differences with them.
    sums = np.zeros((len(site) + 1, 2), dtype=np.uint64)
    np.cumsum(code[site], axis=0, out=sums[1:])
    keys: npt.NDArray[np.uint64] = sums[first + size] - sums[first]
    for value, own in ((size, code[-1]), (need, code[-2])):
        keys += value.astype(np.uint64)[:, None] * own
    return keys
