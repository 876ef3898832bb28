"""Whole persons after a change: what did not change keeps the number that it had.

Two states that are rounded each by itself (``whole_persons``) can differ by a person
where nothing happened: the sums that both must reach push one up here and another one
there. Beside each other that reads as a person who lost something. After a change,
numbers are therefore rounded anew only where the exact ones differ.
"""

from itertools import product

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]

# Sums of the same persons in another order differ by as little.
_NOISE_DECIMALS = 6
# A number that moves against what happened is worse than one that moves without cause.
_AGAINST, _WITHOUT_CAUSE = 1_000.0, 10.0


def round_change(before: Floats, before_whole: Wholes, after: Floats, total: int) -> Wholes:
    """Return whole persons after a change, shape (parts,).

    Entries that did not change stay; the others become one of their two neighbouring
    whole numbers, so that all add up to the total as nearly as that allows.

    Parameters
    ----------
    before, before_whole
        The exact and the whole persons before the change.
    after
        The exact ones after it.
    total
        What the answer should add up to.
    """
    earlier, later = (np.round(exact, _NOISE_DECIMALS) for exact in (before, after))
    changed = earlier != later
    low = np.floor(later).astype(np.int64)
    part = later - low
    whole = np.where(changed, low, before_whole)
    up = changed & (part > 0)
    missing = int(np.clip(total - whole.sum(), 0, up.sum()))
    largest_first = np.argsort(np.where(up, -part, np.inf), kind="stable")
    whole[largest_first[:missing]] += 1
    return whole


def round_changed_rows(before: Floats, before_whole: Wholes, after: Floats) -> Wholes:
    """Return whole persons after a change, shape (rows, parts), whose rows keep their sums.

    The exact sum of a row is the same before and after: people move from one part to
    another. Every entry is less than 1 from the exact one. In a row that changed, an
    entry moves against what happened to it, or without cause, only if the sum leaves
    no other way.
    """
    earlier, later = (np.round(exact, _NOISE_DECIMALS) for exact in (before, after))
    whole = before_whole.copy()
    steps = np.array(list(product((0, 1), repeat=before.shape[1])))
    for row in np.flatnonzero((earlier != later).any(axis=1)):
        low = np.floor(later[row])
        choices = low + np.minimum(steps, np.ceil(later[row]) - low)
        choices = choices[choices.sum(axis=1) == before_whole[row].sum()]
        moved = choices - before_whole[row]
        wanted = np.sign(later[row] - earlier[row])
        cost = np.abs(choices - later[row])
        cost += np.where(moved * wanted < 0, _AGAINST, 0.0)
        cost += np.where((moved != 0) & (wanted == 0), _WITHOUT_CAUSE, 0.0)
        whole[row] = choices[cost.sum(axis=1).argmin()]
    return whole


def split_change(difference: Wholes, gain: Floats, loss: Floats) -> tuple[Wholes, Wholes]:
    """Return whole persons who gain and who lose, whose difference is a given one.

    Nobody is nobody: where exactly none gain or lose it is 0, even if the difference then
    is another one.
    """
    whole_loss = np.maximum.reduce([np.rint(loss), -difference, np.zeros(len(loss))])
    whole_loss = np.where(loss > 0, np.where(gain > 0, whole_loss, np.maximum(-difference, 0)), 0)
    whole_gain = np.where(gain > 0, np.maximum(difference + whole_loss, 0), 0)
    return whole_gain.astype(np.int64), whole_loss.astype(np.int64)
