"""How many people have a choice when practices open and close their intake, for many runs at once.

Homes that reach the same practices within their limit, and lie in the same piece of
every level, have the same answer: they are merged into kinds. A run's answer is then a
sparse product of kinds x sites with sites x runs.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack

from coverage.assessment import Assessment

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]
Wholes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reach:
    """Kinds of homes, the sites that they reach, and how many live where.

    Attributes
    ----------
    sites
        Shape (kinds, sites), sparse: 1 where the site is within the limit.
    persons
        Shape (parts, kinds), sparse: persons of today.
    needed
        Open practices that a choice takes.
    """

    sites: csr_array
    persons: csr_array
    needed: float

    def with_copies(self, of_site: Wholes) -> "Reach":
        """Return the reach with more sites, each at the place of one that is there already."""
        copies = self.sites.tocsc()[:, of_site]
        return replace(self, sites=csr_array(hstack([self.sites, copies], format="csr")))

    def persons_with_choice(self, opened: Floats) -> Floats:
        """Return today's persons who would have a choice, shape (runs, parts).

        Parameters
        ----------
        opened
            Shape (runs, sites): open practices at each site, whole numbers.
        """
        counts = self.sites @ opened.T.astype(np.float32)
        held = (counts >= self.needed).astype(np.float64)
        answer: Floats = (self.persons @ held).T
        return answer


def build_reach(
    origin: Ints, site: Ints, site_count: int, part: Wholes, persons: Floats, needed: float
) -> Reach:
    """Merge the homes into kinds.

    Parameters
    ----------
    origin, site
        Shape (pairs,): a home and a site within its limit, by home.
    part, persons
        Shape (origins,).
    """
    in_order = site[np.lexsort((site, origin))]
    start = np.searchsorted(origin, np.arange(len(part) + 1))
    number: dict[tuple[int, bytes], int] = {}
    kind = np.empty(len(part), dtype=np.int64)
    reached: list[Ints] = []
    for at, piece in enumerate(part.tolist()):
        own = in_order[start[at] : start[at + 1]]
        kind[at] = number.setdefault((piece, own.tobytes()), len(reached))
        if kind[at] == len(reached):
            reached.append(own)
    ends = np.concatenate([[0], np.cumsum([len(own) for own in reached], dtype=np.int64)])
    columns = np.concatenate([*reached, np.empty(0, dtype=np.int64)]).astype(np.int64)
    ones = np.ones(len(columns), dtype=np.float32)
    sites = csr_array((ones, columns, ends), shape=(len(reached), site_count))
    shape = (int(part.max(initial=-1)) + 1, len(reached))
    return Reach(sites, csr_array((persons, (part, kind)), shape=shape), needed)


def pairs_within_limit(assessment: Assessment) -> tuple[Ints, Ints]:
    """Return the positions of each home and site of the matrix within the home's limit."""
    origin, site, distance_m = assessment.matrix.pair_positions()
    limit_m = assessment.choice.by_origin["limit_m"].to_numpy(np.float64)
    held = distance_m <= limit_m[origin]
    return origin[held], site[held]
