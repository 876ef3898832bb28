"""Ages as statistics write them: ``10 år``, ``10-14 år``, ``65+``, ``I alt``.

Ages are completed years and both ends of a group belong to it. StatBank writes
the open end as ``105+ år`` on its pages and as ``100-`` in its codes
(data-sources 4).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coverage.sentences import sentence
from coverage.sources.spelling import compact_key, fold_danish

_OLDEST_YEARS = 130
_ALL_AGES = {"ialt", "alderialt", "alle", "allealdre", "tot", "total", "totalt", "allages"}
_UNIT = r"(?:\s*-?\s*(?:aar(?:ige)?|years?))?"
_TO = r"\s*(?:[-–—]|til|to)\s*"
_OVER = r"\s*(?:og|eller|and)\s+(?:derover|opefter|over|aeldre|older)"
_ONE = re.compile(rf"(\d{{1,3}}){_UNIT}")
_RANGE = re.compile(rf"(\d{{1,3}}){_UNIT}{_TO}(\d{{1,3}}){_UNIT}")
_OPEN = re.compile(rf"(\d{{1,3}}){_UNIT}\s*(?:\+|[-–—]|{_OVER}){_UNIT}")


@dataclass(frozen=True)
class AgeGroup:
    """Ages from ``first_years`` to ``last_years``, both included; None is open upwards."""

    first_years: int
    last_years: int | None

    def __str__(self) -> str:
        if self.last_years is None:
            return f"{self.first_years}+"
        if self.last_years == self.first_years:
            return str(self.first_years)
        return f"{self.first_years}-{self.last_years}"


@dataclass(frozen=True)
class AgeFault:
    """Why groups do not hold every age once, and the groups beside the fault."""

    what: str
    groups: tuple[AgeGroup, ...]


def is_all_ages(text: str) -> bool:
    """Return whether a cell means all ages together: ``I alt``, ``IALT``, ``TOT``."""
    return compact_key(text) in _ALL_AGES


def read_age(text: str) -> AgeGroup | None:
    """Return the ages that a cell means, or None if it is no age (all ages are none)."""
    folded = fold_danish(text).strip()
    if match := _ONE.fullmatch(folded):
        return _group(int(match[1]), int(match[1]))
    if match := _RANGE.fullmatch(folded):
        return _group(int(match[1]), int(match[2]))
    if match := _OPEN.fullmatch(folded):
        return _group(int(match[1]), None)
    return None


def _group(first_years: int, last_years: int | None) -> AgeGroup | None:
    highest = first_years if last_years is None else last_years
    if not first_years <= highest <= _OLDEST_YEARS:
        return None
    return AgeGroup(first_years, last_years)


def find_age_fault(
    groups: Iterable[AgeGroup], *, oldest_closed_years: int | None = None
) -> AgeFault | None:
    """Return the first reason why the groups do not hold every age exactly once.

    Parameters
    ----------
    oldest_closed_years
        A last group that is closed is taken for the last one of all if it ends
        at this age or later; without it, the last group must be open.
    """
    ordered = sorted(groups, key=lambda group: (group.first_years, group.last_years or 0))
    if not ordered:
        return AgeFault(sentence("there is no group"), ())
    return (
        _fault_at_start(ordered[0])
        or _fault_between(ordered)
        or _fault_at_end(ordered[-1], oldest_closed_years)
    )


def _fault_at_start(first: AgeGroup) -> AgeFault | None:
    if first.first_years == 0:
        return None
    return AgeFault(_unheld(0, first.first_years - 1), (first,))


def _fault_between(ordered: Sequence[AgeGroup]) -> AgeFault | None:
    for below, above in pairwise(ordered):
        if below.last_years is None or above.first_years <= below.last_years:
            what = sentence("{below} and {above} overlap", below=str(below), above=str(above))
            return AgeFault(what, (below, above))
        if above.first_years > below.last_years + 1:
            missing = _unheld(below.last_years + 1, above.first_years - 1)
            return AgeFault(missing, (below, above))
    return None


def _fault_at_end(last: AgeGroup, oldest_closed_years: int | None) -> AgeFault | None:
    if last.last_years is None:
        return None
    if oldest_closed_years is not None and last.last_years >= oldest_closed_years:
        return None
    what = sentence("no group holds the ages of {age} and over", age=last.last_years + 1)
    return AgeFault(what, (last,))


def _unheld(first_years: int, last_years: int) -> str:
    if first_years == last_years:
        return sentence("no group holds the age of {age}", age=first_years)
    return sentence("no group holds the ages {first}-{last}", first=first_years, last=last_years)
