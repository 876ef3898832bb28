"""Whole persons of a path: rounded by the pieces that no level divides, and summed from there."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.exports.whole_persons import round_to_totals, round_together
from coverage.pathway.figures import growth_of_lists
from coverage.pathway.model import Model
from coverage.pathway.pathway import Pathway

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]

PERSON_COLUMNS = (
    *("residents", "need_weighted_residents", "listed_persons", "persons_with_choice"),
)


def whole_persons_of_path(pathway: Pathway) -> pd.DataFrame:
    """Return ``PERSON_COLUMNS`` of ``Pathway.by_area`` as whole numbers, in its rows.

    In a year every area is the sum of its pieces (of lists: of its practices), so that areas
    add up to the total, which is the same on every level. In a kommune each is less than
    one person from what was reckoned; nobody has a choice who is not a resident.
    """
    model = pathway.model
    pieces = _pieces(pathway)
    years = [
        _year(model, pieces, year, pathway.choice_by_part[year]) for year in range(len(model.years))
    ]
    return pd.concat(years, ignore_index=True)


@dataclass(frozen=True)
class _Pieces:
    """The parts of today's residents, and every kommune where nobody lives today.

    Attributes
    ----------
    kommune
        Shape (pieces,): position among the kommuner.
    share
        Shape (pieces,): of the kommune's residents.
    in_rows
        Shape (pieces, rows): 1 where the piece is in the row.
    """

    kommune: Wholes
    share: Floats
    in_rows: Floats


def _rounded(exact: Floats, kommune: Wholes) -> Wholes:
    """Return whole persons, shape (pieces, columns): kommuner together, then their pieces."""
    kommuner = int(kommune.max(initial=-1)) + 1
    sums = np.zeros((kommuner, exact.shape[1]))
    np.add.at(sums, kommune, exact)
    totals = round_together(sums)
    whole = np.zeros(exact.shape, dtype=np.int64)
    for at in range(kommuner):
        own = kommune == at
        whole[own] = round_to_totals(exact[own].T, totals[at]).T
    return whole


def _pieces(pathway: Pathway) -> _Pieces:
    model = pathway.model
    persons = np.asarray(pathway.places.reach.persons.sum(axis=1)).ravel()
    of_kommune = np.bincount(model.kommune_of_part, persons, len(model.kommune_codes))
    in_kommune = of_kommune.astype(np.float64)[model.kommune_of_part]
    share = np.zeros(len(persons))
    np.divide(persons, in_kommune, out=share, where=in_kommune > 0)
    empty = np.flatnonzero(of_kommune <= 0)
    return _Pieces(
        np.concatenate([model.kommune_of_part, empty]).astype(np.int64),
        np.concatenate([share, np.ones(len(empty))]),
        np.vstack([model.rows.of_part, model.rows.of_kommune[empty]]),
    )


def _year(model: Model, pieces: _Pieces, year: int, choice_by_part: Floats) -> pd.DataFrame:
    """Return a year's persons by row."""
    persons = model.population.persons[year]
    residents = persons[pieces.kommune] * pieces.share
    with_choice = np.zeros(len(residents))
    with_choice[: len(choice_by_part)] = choice_by_part
    with_and_without = np.column_stack([with_choice, residents - with_choice])
    whole = _rounded(with_and_without, pieces.kommune)
    needing = residents * model.population.need_weight[year][pieces.kommune]
    listed = _listed(model, persons)
    return pd.DataFrame(
        {
            "residents": whole.sum(axis=1) @ pieces.in_rows,
            "need_weighted_residents": _rounded(needing[:, None], pieces.kommune)[:, 0]
            @ pieces.in_rows,
            "listed_persons": listed @ model.rows.of_practice,
            "persons_with_choice": whole[:, 0] @ pieces.in_rows,
        }
    )


def _listed(model: Model, persons: Floats) -> Wholes:
    """Return the whole persons on each practice's list; the study's sum is the rounded sum."""
    practices = model.practices
    exact = practices.listed * growth_of_lists(model, persons[None, :])[0]
    exact = np.where(practices.inside, exact, 0.0)
    return _rounded(exact[:, None], practices.kommune)[:, 0]
