"""Where the patients of a closed practice count, until they have found another one.

A closed practice leaves its list behind. What becomes of it decides what a closing
does to every area, and nobody knows it beforehand; so one stated rule holds for all:

1.  The patients remain in the smallest area around the closed practice that still has a
    practice: the part that no level divides, else the kommune, else the levels from
    the one with most areas to the one with fewest, else the study.
2.  There they take the free places of open practices first, each practice as many as its
    share of the free places; those who are left over are shared by capacities among
    all its practices (where none has a known capacity above 0, evenly).

So nobody vanishes: the lists of the study keep their sum, and so does that of
every area that keeps a practice. Closing raises the patients per capacity of its
area and lowers nobody's. The rule is this tool's (docs/decisions/0020).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.levels import AreaLevel

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Of the areas around a practice, from the smallest: its part, its kommune, larger ones, the study.
_KOMMUNE_RANK = 1
_OUTSIDE = "outside the study"


@dataclass(frozen=True)
class Takeover:
    """What became of the lists of closed practices.

    Attributes
    ----------
    by_practice
        Remaining practice -> persons that it gets; only practices that get some.
    without_place
        The same, only those of them for whom it has no free place: they are on its list
        and need a place all the same (``PlanTables.displaced``).
    persons_in_free_places
        How many found a free place.
    persons_elsewhere
        How many could not stay in the closed practice's own kommune: it has no practice left.
    persons_nowhere
        Of practices that closed when none was left in the study.
    lists_unknown
        Closed practices whose list the register does not give.
    """

    by_practice: "pd.Series[float]"
    without_place: "pd.Series[float]"
    persons_in_free_places: float
    persons_elsewhere: float
    persons_nowhere: float
    lists_unknown: tuple[str, ...]


_NONE = pd.Series(dtype="float64")
NOBODY = Takeover(_NONE, _NONE, 0.0, 0.0, 0.0, ())


def take_over(
    lists: "pd.Series[float]",
    remaining: pd.DataFrame,
    free_places: Floats,
    levels: "RankedAreas",
) -> Takeover:
    """Return where the patients of closed practices count.

    Parameters
    ----------
    lists
        Closed practice -> listed persons, missing where unknown.
    remaining
        Table PRACTICES of all others, as they are after the other actions. One whose
        list nobody knows gets no patients: they would vanish in it.
    free_places
        Shape (remaining,): of each of them, 0 where the list is closed.
    levels
        The areas of closed and of remaining practices.
    """
    known = remaining["listed_persons"].notna().to_numpy(dtype=np.bool_)
    receivers = _Receivers(
        known,
        np.where(known, np.nan_to_num(free_places), 0.0),
        np.nan_to_num(remaining["capacities"].to_numpy(np.float64)),
    )
    displaced: dict[tuple[int, str], float] = {}
    nowhere = 0.0
    for practice, persons in lists.dropna().sort_index().items():
        at = _smallest_area(levels, str(practice), known)
        if at is None:
            nowhere += persons
        else:
            displaced[at] = displaced.get(at, 0.0) + persons
    elsewhere = sum(persons for (rank, _), persons in displaced.items() if rank > _KOMMUNE_RANK)
    for (rank, area), persons in sorted(displaced.items()):
        receivers.take(persons, levels.after[rank].to_numpy() == area)
    ids = pd.Index(remaining["ydernummer"])
    given, unplaced = (
        pd.Series(persons, index=ids) for persons in (receivers.given, receivers.without_place)
    )
    return Takeover(
        by_practice=given[given > 0],
        without_place=unplaced[unplaced > 0],
        persons_in_free_places=receivers.in_free_places,
        persons_elsewhere=elsewhere,
        persons_nowhere=nowhere,
        lists_unknown=tuple(sorted(lists.index[lists.isna()])),
    )


@dataclass(frozen=True)
class RankedAreas:
    """The areas around each practice, from the smallest to the study.

    Attributes
    ----------
    before, after
        One column an area's rank (0 the part, 1 the kommune, the last the study), one row
        a practice by ydernummer: of the register, and of those that remain. One that nobody
        has placed is in no area but the study, one outside the study among its like.
    """

    before: pd.DataFrame
    after: pd.DataFrame


def rank_areas(
    before: Sequence[AreaLevel],
    after: Sequence[AreaLevel],
    remaining: Sequence[str],
    outside: Collection[str],
) -> RankedAreas:
    """Return the areas around the practices of the register and of those that remain.

    Parameters
    ----------
    outside
        Practices that lie outside the study's kommuner.
    """
    coarse = sorted(
        (level for level in before[1:] if len(level.shapes) < len(before[0].shapes)),
        key=lambda level: (-len(level.shapes), level.name),
    )
    names = [before[0].name, *(level.name for level in coarse)]

    def table(levels: Sequence[AreaLevel]) -> pd.DataFrame:
        areas = pd.DataFrame({level.name: level.of_practice.fillna("") for level in levels})
        part = areas[names[0]]
        for name in areas.columns[1:]:
            part = part + "|" + areas[name]
        study = pd.Series("", index=areas.index)
        ranked = pd.DataFrame(dict(enumerate([part, *(areas[name] for name in names), study])))
        ranked.loc[ranked.index.isin(list(outside))] = _OUTSIDE
        return ranked

    return RankedAreas(table(before), table(after).reindex(list(remaining)))


def _smallest_area(levels: RankedAreas, practice: str, receives: Bools) -> tuple[int, str] | None:
    """Return rank and area of the smallest one around a practice that somebody is left in."""
    for rank in levels.before.columns:
        area = levels.before[rank][practice]
        if ((levels.after[rank] == area).to_numpy() & receives).any():
            return int(rank), str(area)
    return None


class _Receivers:
    """The remaining practices while they fill up."""

    def __init__(self, known: Bools, free_places: Floats, capacities: Floats) -> None:
        self._known = known
        self._free = free_places
        self._capacities = capacities
        self.given = np.zeros(len(known))
        self.without_place = np.zeros(len(known))
        self.in_free_places = 0.0

    def take(self, persons: float, in_area: Bools) -> None:
        """Share persons among the practices of an area: free places first, then capacities."""
        held = in_area & self._known
        free = np.where(held, self._free, 0.0)
        total = float(free.sum())
        found = min(persons, total)
        if found > 0:
            self.given += free * (found / total)
            self._free = self._free - free * (found / total)
            self.in_free_places += found
        left = persons - found
        if left > 0:
            shares = np.where(held, self._capacities, 0.0)
            shares = shares if shares.sum() > 0 else held.astype(np.float64)
            self.given += left * shares / shares.sum()
            self.without_place += left * shares / shares.sum()
