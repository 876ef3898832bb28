"""The plan's own list of places that must have a practice, compared with what the tool finds.

Every row of the plan gets one row of the comparison, and every place that the tool
finds and no row names gets one more: nothing is dropped. Names are matched by
``town_names.town_key`` within the kommune, through every town of a place.

Verdicts and their reasons:

``agreed``
    The place must keep a practice by the tool too: the kind of the place; or
    ``or_pair`` (it or its partner must), or ``or_partner`` (the plan asks for this
    place or another, and the tool for the other).
``missing``
    The plan names it, the tool does not find it: ``no_such_town`` (the table of
    towns has no such name in the kommune), ``not_merged`` (the plan counts towns
    together that the tool keeps apart, and together they are large enough),
    ``no_practice_now`` (nobody can lose what is not there), ``only_choice_lost``
    (enough people lose their choice, which the rules do not protect),
    ``or_pair_not_found``, ``size_unknown`` (the table gives no inhabitants),
    ``dispensable_now`` (some lose their practice, but too few) or
    ``below_town_size`` (nobody does): the first that fits.
``extra``
    The tool finds it, no row names it: the kind, or ``or_pair``. A town that the
    plan names only as a partner, and that the tool finds by itself, is extra too.
``not_compared``
    ``outside_study``: a row of a kommune that is not studied.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

import numpy as np
import pandas as pd

from coverage.rule_groups import SkalRules
from coverage.town_names import town_key

VERDICTS = ("agreed", "missing", "extra", "not_compared")
DISPENSABLE = "dispensable"
# A sum of fractions of persons misses a whole number by rounding errors far below this.
PERSON_TOLERANCE = 1e-6
_COLUMNS = ("plan_name", "kommune_code", "place_id", "verdict", "reason", "values")
_BETWEEN_NAMES = re.compile(r"[,;/+]| og ")

Values = dict[str, Any]


def compare_with_plan(
    plan_list: pd.DataFrame,
    places: pd.DataFrame,
    pairs: pd.DataFrame,
    towns: pd.DataFrame,
    kommune_codes: Iterable[str],
    rules: SkalRules,
) -> pd.DataFrame:
    """Return the comparison; without a list of the plan it is empty.

    Parameters
    ----------
    plan_list
        Table PLAN_SKAL_AREAS.
    places, pairs
        Those of ``skal.SkalAreas``.
    towns
        ``place_id, name, kommune_code``: the towns of the places.
    kommune_codes
        Those of the study.

    Returns
    -------
    DataFrame
        ``plan_name, kommune_code, place_id, verdict, reason, values``: the plan's
        rows in their order, then the places it does not name. ``plan_name`` is
        missing for those, ``place_id`` where no place was found. ``values`` are
        the numbers of the place (``place``, ``persons``, ``practices``,
        ``persons_lose_practice``, ``persons_lose_choice``; None where unknown),
        and the names of ``partner`` and ``also`` (other places that must stay
        and that the row includes), empty where there are none.
    """
    found = _Found.of(places, pairs, towns)
    studied = frozenset(kommune_codes)
    rows = [] if plan_list.empty else list(_compared(plan_list, found, studied, rules))
    table = pd.DataFrame(rows, columns=pd.Index(_COLUMNS))
    text = dict.fromkeys(("plan_name", "kommune_code", "place_id", "verdict", "reason"), "str")
    return table.astype(text)


@dataclass(frozen=True)
class _Found:
    """What the tool found, by place id and by name."""

    places: Mapping[str, Mapping[str, Any]]
    by_name: Mapping[tuple[str, str], tuple[str, ...]]
    partners: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, places: pd.DataFrame, pairs: pd.DataFrame, towns: pd.DataFrame) -> "_Found":
        records = cast("list[dict[str, Any]]", places.to_dict("records"))
        rows = {row["place_id"]: row for row in records}
        by_name = _ids_by_name(towns)
        # A lone practice answers to its postal town, unless a town has that name.
        lone = places[~places["place_id"].isin(towns["place_id"])]
        by_name = {**_ids_by_name(lone), **by_name}
        partners: dict[str, tuple[str, ...]] = {}
        for one, other in zip(pairs["place_a"], pairs["place_b"], strict=True):
            # A place beside one that stays anyway has no duty of its own.
            if not rows[one]["is_skal"] and not rows[other]["is_skal"]:
                partners[one] = (*partners.get(one, ()), other)
                partners[other] = (*partners.get(other, ()), one)
        return cls(rows, by_name, partners)

    def named(self, kommune_code: str, names: Iterable[str]) -> list[str]:
        """Return the places that answer to the names, in the names' order."""
        ids = (self.by_name.get((kommune_code, town_key(name)), ()) for name in names)
        return list(dict.fromkeys(chain.from_iterable(ids)))

    def must_stay(self, ids: Iterable[str]) -> list[str]:
        return [place_id for place_id in ids if self.places[place_id]["is_skal"]]

    def has_partner(self, ids: Iterable[str]) -> list[str]:
        return [place_id for place_id in ids if place_id in self.partners]

    def names(self, ids: Iterable[str]) -> str:
        return ", ".join(self.places[place_id]["name"] for place_id in ids)


def _ids_by_name(named: pd.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    keys = zip(named["kommune_code"], named["name"].map(town_key), strict=True)
    ids: dict[tuple[str, str], tuple[str, ...]] = {}
    for key, place_id in zip(keys, named["place_id"], strict=True):
        ids[key] = (*ids.get(key, ()), place_id)
    return ids


@dataclass(frozen=True)
class _Asked:
    """One row of the plan, and the places that its names lead to."""

    name: str
    kommune_code: str
    ids: list[str]
    partners: list[str]
    is_or: bool


def _asked(plan_list: pd.DataFrame, found: _Found) -> Iterator[_Asked]:
    text = plan_list.astype(object).where(plan_list.notna(), None)
    for row in text.to_dict("records"):
        code, or_code = row["kommune_code"], row["or_kommune_code"]
        yield _Asked(
            name=row["name"],
            kommune_code=code,
            ids=found.named(code, [row["name"], *_names(row["includes"])]),
            partners=found.named(or_code or code, _names(row["or_name"])),
            is_or=row["or_name"] is not None,
        )


def _names(text: str | None) -> list[str]:
    return _BETWEEN_NAMES.split(text) if text else []


def _compared(
    plan_list: pd.DataFrame, found: _Found, studied: frozenset[str], rules: SkalRules
) -> Iterator[Values]:
    named: set[str] = set()
    for asked in _asked(plan_list, found):
        named.update(asked.ids)
        named.update(set(asked.partners) - set(found.must_stay(asked.partners)))
        if asked.kommune_code in studied:
            place_id, *judged = _judged(asked, found, rules)
        else:
            place_id, judged = None, ["not_compared", "outside_study", _values(found, None, ())]
        yield _row(asked.name, asked.kommune_code, place_id, judged)
    for place_id, place in found.places.items():
        if place_id not in named and (place["is_skal"] or place_id in found.partners):
            reason = place["kind"] if place["is_skal"] else "or_pair"
            values = _values(found, place_id, found.partners.get(place_id, ()))
            yield _row(None, place["kommune_code"], place_id, ["extra", reason, values])


def _row(
    plan_name: str | None, kommune_code: str, place_id: str | None, judged: Sequence[Any]
) -> Values:
    return dict(zip(_COLUMNS, (plan_name, kommune_code, place_id, *judged), strict=True))


def _judged(asked: _Asked, found: _Found, rules: SkalRules) -> tuple[str | None, str, str, Values]:
    """Return place, verdict, reason and values of one row of the plan."""
    if not asked.ids:
        return None, "missing", "no_such_town", _values(found, None, asked.partners)
    stays = found.must_stay(asked.ids)
    if stays:
        first, *others = stays
        values = _values(found, first, asked.partners, also=others)
        return first, "agreed", found.places[first]["kind"], values
    either = found.has_partner(asked.ids)
    if either:
        return either[0], "agreed", "or_pair", _values(found, either[0], found.partners[either[0]])
    staying = found.must_stay(asked.partners)
    if staying:
        return asked.ids[0], "agreed", "or_partner", _values(found, asked.ids[0], staying)
    reason, values = _why_missing(asked, found, rules)
    return asked.ids[0], "missing", reason, values


def _why_missing(asked: _Asked, found: _Found, rules: SkalRules) -> tuple[str, Values]:
    values = _values(found, asked.ids[0], asked.partners)
    persons = np.nansum([found.places[place_id]["persons"] for place_id in asked.ids])
    if len(asked.ids) > 1 and persons > rules.town_persons:
        return "not_merged", {**values, "place": found.names(asked.ids), "persons": float(persons)}
    enough = values["persons_lose_choice"] >= rules.min_persons_lost - PERSON_TOLERANCE
    reasons = {
        "no_practice_now": values["practices"] == 0,
        "only_choice_lost": enough and not rules.protect_choice,
        "or_pair_not_found": asked.is_or,
        "size_unknown": values["persons"] is None,
        "dispensable_now": values["persons_lose_practice"] > PERSON_TOLERANCE,
        "below_town_size": True,
    }
    return next(reason for reason, fits in reasons.items() if fits), values


def _values(
    found: _Found, place_id: str | None, partners: Iterable[str], also: Iterable[str] = ()
) -> Values:
    names = ("persons", "practices", "persons_lose_practice", "persons_lose_choice")
    place = found.places[place_id] if place_id else {}
    numbers = {name: place.get(name) for name in names}
    return {
        "place": place.get("name", ""),
        **{name: None if pd.isna(value) else value for name, value in numbers.items()},
        "partner": found.names(partners),
        "also": found.names(also),
    }
