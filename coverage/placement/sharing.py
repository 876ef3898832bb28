"""Capacities shared out in halves among the sites that an objective has chosen.

For most objectives only where a practice is counts, not how large it is. What is left
when every site has its least goes by Sainte-Laguë (Webster's method: Balinski ML, Young HP
(1982), Fair Representation): the next half to the site with the largest claim divided by
twice its halves and one more. A claim is the need-weighted people without a place within the
limit of the site, those in reach of several shared among them; if there are none, the
residents.
"""

import numpy as np

from coverage.placement.conditions import Conditions, Draft
from coverage.placement.units import Floats, Ints


def share_capacities(conditions: Conditions, draft: Draft, claims: Floats) -> Ints:
    """Return the halves of every candidate, shape (candidates,), 0 where nothing opens.

    Parameters
    ----------
    draft
        Meets the conditions.
    claims
        Shape (candidates,), at least 0.
    """
    new = np.array(draft.new, dtype=np.int64)
    halves = np.zeros(conditions.candidates, dtype=np.int64)
    halves[new] = conditions.least
    _, area_most = conditions.area_range(conditions.counts(draft))
    while halves.sum() < conditions.halves:
        by_area = np.bincount(
            conditions.area[new], weights=halves[new], minlength=len(conditions.areas)
        )
        owed = np.maximum(0, conditions.area_least - by_area)
        able = by_area < area_most
        if owed.sum() >= conditions.halves - halves.sum():
            able &= owed > 0
        places = new[(halves[new] < conditions.most) & able[conditions.area[new]]]
        quotient = claims[places] / (2 * halves[places] + 1)
        # With equal claims, of 0 too, the one with fewer halves, then the first.
        order = np.lexsort((places, halves[places], -quotient))
        halves[places[order[0]]] += 1
    return halves


def shared_claims(
    pairs: tuple[Ints, Ints], amount: Floats, draft: Draft, candidates: int
) -> Floats:
    """Return what the homes in reach of each new site amount to, shape (candidates,).

    Parameters
    ----------
    pairs
        Home and candidate of every pair within the limit.
    amount
        Shape (origins,).
    """
    chosen = np.zeros(candidates, dtype=np.bool_)
    chosen[list(draft.new)] = True
    home, site = (part[chosen[pairs[1]]] for part in pairs)
    sharing = np.bincount(home, minlength=len(amount))
    claims = np.bincount(site, weights=amount[home] / sharing[home], minlength=candidates)
    return claims.astype(np.float64)
