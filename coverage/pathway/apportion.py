"""Sharing out capacities in whole and half ones: Sainte-Laguë's divisor method.

The next half goes to the area with the largest votes / (2 s + 1), where s is what it
holds already, in halves (Sainte-Laguë A (1910), La représentation proportionnelle et
la méthode des moindres carrés, Annales scientifiques de l'É.N.S. 27:529-542; known as
Webster's method). A tie goes to the area that comes first: areas are in the order of
their ids.

What follows from giving one half after the other:

*   the sum is exact, because each step gives one half;
*   no area loses one when the total grows: what G + 1 halves give is what G halves give
    and one more (house monotone: Balinski ML, Young HP (1982), Fair Representation,
    Yale University Press, where every divisor method is shown to be so);
*   a minimum is held from the start, and a maximum ends what an area can get; neither
    changes the order in which the others come.

What is held may be a fraction of a half, as expectations are: the quotient is then
that of the fraction.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]

NOBODY = -1


@dataclass(frozen=True)
class Given:
    """What each run's halves came to.

    Attributes
    ----------
    halves
        Shape (runs, areas).
    to_area
        Shape (runs, steps): the area of each half in turn, ``NOBODY`` where a run had
        none left to give, or no area could take it.
    """

    halves: Wholes
    to_area: Wholes


def give_halves(votes: Floats, held: Floats, seats: Wholes, most: Floats) -> Given:
    """Give each run's halves one after the other.

    Parameters
    ----------
    votes
        Shape (runs, areas): an area with none, or missing ones, gets nothing.
    held
        Shape (runs, areas): halves that an area has already, 0 or more.
    seats
        Shape (runs,): halves to give.
    most
        Shape (runs, areas): the most halves that an area may get on top.
    """
    runs, areas = votes.shape
    steps = int(seats.max(initial=0)) if areas else 0
    halves = np.zeros((runs, areas), dtype=np.int64)
    to_area = np.full((runs, steps), NOBODY, dtype=np.int64)
    row = np.arange(runs)
    for step in range(steps):
        can_take = (halves < most) & (votes > 0)
        quotient = np.where(can_take, votes / (2.0 * (held + halves) + 1.0), -1.0)
        first = quotient.argmax(axis=1)
        gets = (seats > step) & (quotient[row, first] >= 0)
        halves[row[gets], first[gets]] += 1
        to_area[gets, step] = first[gets]
    return Given(halves, to_area)


def apportion(
    votes: npt.ArrayLike, seats: int, minimum: npt.ArrayLike, maximum: npt.ArrayLike
) -> Wholes:
    """Return each area's seats, ``seats`` in all.

    Parameters
    ----------
    votes
        Shape (areas,), in the order in which ties are settled.
    minimum, maximum
        Shape (areas,): whole numbers; a maximum may be infinite.

    Raises
    ------
    ValueError
        If the minimums are more than the seats, or the areas with votes cannot take them all.
    """
    weight = np.asarray(votes, dtype=np.float64)[None, :]
    least = np.asarray(minimum, dtype=np.float64)[None, :]
    most = np.asarray(maximum, dtype=np.float64)[None, :]
    if (least > most).any():
        message = "a minimum is above its maximum"
        raise ValueError(message)
    left = seats - int(least.sum())
    if left < 0:
        message = f"the minimums are {least.sum():g} together, more than the {seats} to give"
        raise ValueError(message)
    room = np.where(weight > 0, most - least, 0.0).sum()
    if room < left:
        message = f"{left} are left to give, and the areas can take {room:g} only"
        raise ValueError(message)
    given = give_halves(weight, least, np.array([left]), most - least)
    whole: Wholes = given.halves[0] + least[0].astype(np.int64)
    return whole
