"""Every practice's closing by itself: who loses what, and which areas would begin to signal.

The same as a scenario of one ``Close`` each, for all practices in one pass. Who loses a
practice or the choice is counted for all at once; the figures of the areas are added
up anew for each closing, at the level of designation only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.capacity import is_outside, practice_facts
from coverage.capacity_by_area import summarise_practices
from coverage.levels import RESERVED_AREA_IDS, AreaLevel
from coverage.lists import describe_lists
from coverage.scenario.takeover import RankedAreas, Takeover, rank_areas, take_over
from coverage.signal_rule import MEASURES
from coverage.signals import SignalBoard

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_PCT = 100.0
_SIGNAL = "signal"
_FIGURES = tuple(measure.column for measure in MEASURES.values())
# What the areas' figures are added up from.
_FACTS = (
    *("ydernummer", "intake_open", "clinic_form", "accessible", "capacities", "listed_persons"),
    *("free_places", "satellites", "doctors", "doctors_older", "doctors_old"),
    "capacities_expected_to_end",
)
_COLUMNS = (
    *("ydernummer", "name", "place_id", "is_last", "is_skal"),
    *("persons_lose_practice", "persons_lose_choice"),
    *("listed_persons", "persons_in_free_places", "area_id"),
    *("patients_per_capacity_before", "patients_per_capacity_after"),
    *("areas_gaining_signal", "areas_losing_signal"),
)


def screen_closures(assessment: Assessment) -> pd.DataFrame:
    """Return what closing each of the study's placed practices alone would do.

    Returns
    -------
    DataFrame
        One row a practice, as in ``SkalAreas.practices``: ``ydernummer, name, place_id,
        is_last`` (the only one of its place), ``is_skal`` (the place must keep one),
        ``persons_lose_practice, persons_lose_choice``; ``listed_persons`` and, of them,
        ``persons_in_free_places`` (``takeover``); ``area_id`` at the level of designation
        and its ``patients_per_capacity_before, patients_per_capacity_after``; and
        ``areas_gaining_signal, areas_losing_signal``: names of areas of that level, ", "
        between them. A signal can go too: some criteria are shares of practices.
    """
    skal = assessment.skal
    table = skal.practices.drop(columns="distance_m").reset_index(drop=True)
    register = assessment.tables.practices.set_index("ydernummer")
    is_skal = skal.places.set_index("place_id")["is_skal"]
    areas = _Areas.prepare(assessment)
    lost = _choice_lost(assessment, areas, list(table["ydernummer"]))
    closings = [areas.close(one, lost[at]) for at, one in enumerate(table["ydernummer"])]
    after = {
        name: np.stack([one.figures[name] for one in closings]) for name in _FIGURES if closings
    }
    gaining, losing = areas.signal_changes(after)
    own = areas.ids.get_indexer(pd.Index(table["ydernummer"].map(areas.level.of_practice)))
    ratio = "patients_per_capacity"
    before = areas.figures[ratio].to_numpy(np.float64)
    rows = np.arange(len(table))
    return table.assign(
        name=table["ydernummer"].map(register["name"]),
        is_skal=table["place_id"].map(is_skal).astype("bool"),
        listed_persons=table["ydernummer"].map(register["listed_persons"]),
        persons_in_free_places=[one.persons_in_free_places for one in closings],
        area_id=table["ydernummer"].map(areas.level.of_practice).astype("str"),
        patients_per_capacity_before=np.where(own >= 0, before[own], np.nan),
        patients_per_capacity_after=np.where(own >= 0, after[ratio][rows, own], np.nan),
        areas_gaining_signal=pd.Series(gaining, dtype="str"),
        areas_losing_signal=pd.Series(losing, dtype="str"),
    )[list(_COLUMNS)]


def _choice_lost(assessment: Assessment, areas: "_Areas", ydernumre: Sequence[str]) -> Floats:
    """Return by practice and area the persons who lose the choice if it closes."""
    matrix, choice = assessment.matrix, assessment.choice
    origin, site, distance_m = matrix.pair_positions()
    table = choice.by_origin
    is_open = matrix.site_ids.isin(choice.open_ids)
    within = table["road_open_within"].to_numpy()
    needs_all = within == choice.rules.practices_needed
    held = (distance_m <= table["limit_m"].to_numpy()[origin]) & is_open[site] & needs_all[origin]
    origin, site = origin[held], site[held]
    area = areas.ids.get_indexer(pd.Index(areas.level.of_origin))
    shape = (len(matrix.site_ids), len(areas.ids))
    persons = table["persons"].to_numpy(np.float64)[origin]
    lost = np.bincount(site * shape[1] + area[origin], persons, minlength=shape[0] * shape[1])
    by_site = lost.astype(np.float64, copy=False).reshape(shape)
    return by_site[matrix.sites.positions(ydernumre)]


@dataclass(frozen=True)
class _Closing:
    """What one closing makes of the areas' figures (``_FIGURES``), shape (areas,) each."""

    figures: Mapping[str, Floats]
    persons_in_free_places: float


@dataclass(frozen=True)
class _Areas:
    """The areas of the level of designation, and their practices."""

    level: AreaLevel
    ids: "pd.Index[str]"
    facts: pd.DataFrame
    lists: "pd.Series[float]"
    limits: Floats
    ranked: RankedAreas
    figures: pd.DataFrame
    residents: "pd.Series[float]"
    board: SignalBoard
    signals: "pd.Series[str]"

    @classmethod
    def prepare(cls, assessment: Assessment) -> "_Areas":
        wanted = assessment.designation_level
        level = next(level for level in assessment.levels if level.name == wanted)
        register = assessment.tables.practices.reset_index(drop=True)
        inside = ~is_outside(register, assessment.levels)
        facts = practice_facts(register, assessment.capacity.by_practice)[inside]
        limits = assessment.capacity.by_practice["closing_limit_persons"].to_numpy(np.float64)
        figures = assessment.capacity.by_area[wanted].set_index("area_id")
        choice = assessment.by_area[wanted].set_index("area_id")["road_persons_two_or_more"]
        figures = figures.drop(list(RESERVED_AREA_IDS), errors="ignore").assign(
            persons_two_or_more=choice
        )
        board = assessment.designation.areas
        board = board[board["area_level"] == wanted].reset_index(drop=True)
        facts = facts[list(_FACTS)].reset_index(drop=True)
        return cls(
            level=level,
            ids=pd.Index(figures.index),
            facts=facts,
            lists=facts.set_index("ydernummer")["listed_persons"].astype("float64"),
            limits=limits[inside],
            ranked=rank_areas(assessment.levels, assessment.levels, list(facts["ydernummer"]), ()),
            figures=figures,
            residents=figures["residents"],
            board=SignalBoard.prepare(board, assessment.plan, assessment.rules),
            signals=board["signal"],
        )

    def close(self, ydernummer: str, choice_lost: Floats) -> _Closing:
        """Return what closing a practice does, given who loses the choice by area."""
        stays = (self.facts["ydernummer"] != ydernummer).to_numpy()
        kept = self.facts[stays].reset_index(drop=True)
        after = RankedAreas(self.ranked.before, self.ranked.after[stays])
        free_places = kept["free_places"].to_numpy(np.float64)
        takeover = take_over(self.lists.loc[[ydernummer]], kept, free_places, after)
        kept = self._with_lists(kept, takeover, self.limits[stays])
        columns = summarise_practices(kept, self.residents, self.level)
        residents = self.residents.to_numpy(np.float64)
        two_or_more = self.figures["persons_two_or_more"].to_numpy(np.float64) - choice_lost
        share = np.divide(
            two_or_more, residents, out=np.full(len(residents), np.nan), where=residents > 0
        )
        growth = self.figures["population_growth_pct"].to_numpy(np.float64)
        known = {"choice_pct": share * _PCT, "population_growth_pct": growth}
        # The areas stand first, by id; practices without an area and the total come after.
        practices = {name: columns[name][: len(self.ids)] for name in _FIGURES if name in columns}
        return _Closing({**practices, **known}, takeover.persons_in_free_places)

    def signal_changes(self, after: Mapping[str, Floats]) -> tuple[list[str], list[str]]:
        """Return for each closing the names of areas that begin, and that cease, to signal."""
        if not after:
            return [], []
        then = self.board.signals(after) == _SIGNAL
        now = (self.signals == _SIGNAL).to_numpy(dtype=np.bool_)
        names = self.figures["area_name"].to_numpy(object)
        gaining, losing = then & ~now, ~then & now
        return [", ".join(names[row]) for row in gaining], [", ".join(names[row]) for row in losing]

    @staticmethod
    def _with_lists(kept: pd.DataFrame, takeover: Takeover, limits: Floats) -> pd.DataFrame:
        given = takeover.by_practice.reindex(kept["ydernummer"]).fillna(0.0).to_numpy()
        kept["listed_persons"] = kept["listed_persons"].to_numpy(np.float64) + given
        lists = describe_lists(kept, limits)
        kept["free_places"] = lists["free_places"]
        return kept
