"""Fractions of persons -> whole persons that still add up.

A cell whose 100 persons are spread over three addresses gives a kommune 33.33
of them. Rounded one by one, the parts of a table no longer sum to its totals;
a reader who adds them up finds a person too many. The parts are therefore
rounded together (controlled rounding, Cox 1987): each becomes one of its two
neighbouring whole numbers, and so do all totals, which then agree.
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]

# A sum of fractions of persons that is whole in truth may miss that by as much.
_NOISE_DECIMALS = 6


def round_together(exact: Floats) -> Wholes:
    """Return whole persons, shape (areas, parts), whose row and column sums are rounded sums.

    Every entry, every row's and every column's sum lies less than 1 from the
    exact one, and the grand total is the exact one rounded. A solution always
    exists: the constraints are those of a transport problem.
    """
    clean = np.round(exact, _NOISE_DECIMALS)
    if not clean.size:
        return np.zeros(clean.shape, dtype=np.int64)
    low = np.floor(clean)
    part = clean - low
    sums = np.vstack([_row_sums(clean.shape), _column_sums(clean.shape), np.ones(clean.size)])
    wanted = np.round(sums @ part.ravel(), _NOISE_DECIMALS)
    total_up = np.rint(clean.sum()) - low.sum()
    solution = milp(
        c=1.0 - 2.0 * part.ravel(),
        constraints=LinearConstraint(
            sums,
            np.append(np.floor(wanted[:-1]), total_up),
            np.append(np.ceil(wanted[:-1]), total_up),
        ),
        bounds=Bounds(0.0, np.ceil(part.ravel())),
        integrality=np.ones(clean.size, dtype=np.int64),
    )
    if solution.x is None:
        message = f"no rounding found: {solution.message}"
        raise RuntimeError(message)
    return np.rint(low + solution.x.reshape(clean.shape)).astype(np.int64)


def round_to_totals(exact: Floats, totals: Wholes) -> Wholes:
    """Return whole persons, shape (areas, parts), whose rows sum to given totals.

    The largest remainders of a row go up. A total must lie less than 1 from
    the exact sum of its row.
    """
    clean = np.round(exact, _NOISE_DECIMALS)
    whole = np.floor(clean).astype(np.int64)
    missing = totals - whole.sum(axis=1)
    rank = np.argsort(np.argsort(-(clean - whole), axis=1, kind="stable"), axis=1, kind="stable")
    rounded: Wholes = whole + (rank < missing[:, None])
    return rounded


def _row_sums(shape: tuple[int, ...]) -> Floats:
    return np.repeat(np.eye(shape[0], dtype=np.float64), shape[1], axis=1)


def _column_sums(shape: tuple[int, ...]) -> Floats:
    return np.tile(np.eye(shape[1], dtype=np.float64), (1, shape[0]))
