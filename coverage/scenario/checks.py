"""The rules that a scenario touches: each finding names its check, and so its clause.

A check warns, or forbids where the ruleset says so (``scenario.forbid_<check>``);
the clause stands in the source of that rule. What is judged is the register that the
scenario leaves: a practice that moves away and back has not moved.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.capacity import owner_key
from coverage.choice import ALL_AREAS
from coverage.levels import KOMMUNE_LEVEL
from coverage.need import known_need
from coverage.places import Places, join_places
from coverage.scenario.actions import OpenSatellite, subject_of
from coverage.scenario.effect import skal_changes
from coverage.scenario.resolve import Resolved
from coverage.search import search_all

# A share worked out in floating point misses its line by far less.
_TOLERANCE = 1e-9

CHECKS = (
    "last_of_skal",
    "far_move",
    "move_out_of_kommune",
    "move_out_of_part",
    "many_ydernumre",
    "restrictive",
    "far_satellite",
)


@dataclass(frozen=True)
class Finding:
    """A rule that a scenario touches.

    Attributes
    ----------
    check
        One of ``CHECKS``; its clause is the source of rule ``scenario.forbid_<check>``.
    subject
        The practice: ydernummer or site id.
    action
        Number of the last action on the practice, from 1.
    forbidden
        The ruleset forbids it; else it is a warning.
    values
        What the sentence about it mentions: names as text, numbers with their unit in the name.
    """

    check: str
    subject: str
    action: int
    forbidden: bool
    values: tuple[tuple[str, str | float], ...] = ()

    @property
    def rule_key(self) -> str:
        """The rule that decides whether it warns or forbids."""
        return f"scenario.forbid_{self.check}"


def check_scenario(assessment: Assessment, resolved: Resolved) -> tuple[Finding, ...]:
    """Return what of a scenario touches a rule, in the order of its actions."""
    judge = _Judge(assessment, resolved)
    found = [
        *judge.last_of_skal(),
        *judge.moves(),
        *judge.owners(),
        *judge.restrictive(),
        *judge.satellites(),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.action, CHECKS.index(finding.check))))


class _Judge:
    """Asks one question after the other of a resolved scenario."""

    def __init__(self, assessment: Assessment, resolved: Resolved) -> None:
        self._assessment = assessment
        self._resolved = resolved
        self._rules = assessment.rules.scenario
        self._last: dict[str, int] = {}
        for number, action in enumerate(resolved.scenario.actions, start=1):
            self._last[subject_of(action)] = number

    def _finding(self, check: str, subject: str, **values: str | float) -> Finding:
        forbidden = {
            "last_of_skal": self._rules.forbid_last_of_skal,
            "far_move": self._rules.forbid_far_move,
            "move_out_of_kommune": self._rules.forbid_move_out_of_kommune,
            "move_out_of_part": self._rules.forbid_move_out_of_part,
            "many_ydernumre": self._rules.forbid_many_ydernumre,
            "restrictive": self._rules.forbid_restrictive,
            "far_satellite": self._rules.forbid_far_satellite,
        }[check]
        return Finding(check, subject, self._last[subject], forbidden, tuple(values.items()))

    def last_of_skal(self) -> Iterator[Finding]:
        """Yield the skal-areas that lose their last practice, each at the action that takes it."""
        changes = skal_changes(self._assessment, self._resolved)
        broken = changes[(changes["practices_after"] == 0) & (changes["practices_before"] > 0)]
        of_place = self._assessment.skal.practices.set_index("ydernummer")["place_id"]
        gone = of_place.reindex([*self._resolved.closed, *self._resolved.moved])
        for place_id, name in zip(broken["place_id"], broken["name"], strict=True):
            practices = gone.index[gone == place_id]
            last = max(practices, key=lambda practice: self._last[practice])
            yield self._finding("last_of_skal", last, place=name)

    def moves(self) -> Iterator[Finding]:
        """Yield the moves that are too far, or into another kommune or part of one."""
        matrix, resolved = self._assessment.matrix, self._resolved
        for practice in resolved.moved:
            yield from self._left_areas(practice)
            if practice not in matrix.site_ids:
                continue
            old = matrix.sites.take(matrix.sites.positions([practice]))
            new = resolved.sites.take(resolved.sites.positions([practice]))
            metres = self._road_m(old, new)
            limit_m = self._rules.max_move_m
            if np.isnan(metres) or metres > limit_m:
                yield self._finding("far_move", practice, distance_m=metres, limit_m=limit_m)

    def _left_areas(self, practice: str) -> Iterator[Finding]:
        before, after = self._assessment.levels, self._resolved.levels
        areas = {
            old.name: (old.of_practice.get(practice), new.of_practice.get(practice), new.names)
            for old, new in zip(before, after, strict=True)
        }
        old, new, names = areas.pop(KOMMUNE_LEVEL)
        if pd.isna(old):
            return
        if old != new:
            left, where = (str(names.get(area, "")) for area in (old, new))
            yield self._finding("move_out_of_kommune", practice, from_area=left, to_area=where)
            return
        for level, (old_area, new_area, area_names) in areas.items():
            if pd.notna(old_area) and old_area != new_area:
                yield self._finding(
                    "move_out_of_part",
                    practice,
                    level=level,
                    from_area=str(area_names.get(old_area, "")),
                    to_area=str(area_names.get(new_area, "")),
                )

    def owners(self) -> Iterator[Finding]:
        """Yield the new practices whose owner would hold more ydernumre than the law allows."""
        practices = self._resolved.practices
        # A region runs clinics of its own: the law's limit is one of doctors.
        owned = practices[practices["clinic_form"] != "regionsklinik"]
        keys = owner_key(owned["owner"])
        held = keys.value_counts()
        most = self._assessment.rules.capacity.max_ydernumre_per_doctor
        for practice, key in zip(owned["ydernummer"], keys, strict=True):
            if practice in self._resolved.opened and pd.notna(key) and held[key] > most:
                count = float(held[key])
                yield self._finding("many_ydernumre", practice, count=count, most_ydernumre=most)

    def restrictive(self) -> Iterator[Finding]:
        """Yield new practices where the population grows and its need is low."""
        assessment = self._assessment
        growth = assessment.capacity.by_area[KOMMUNE_LEVEL].set_index("area_id")
        codes = [area for area in growth.index if area != ALL_AREAS]
        need = known_need(assessment.plan, codes, assessment.rules.valid_on.year)
        threshold_pct = assessment.rules.designation.population_growth_pct
        kommune = self._resolved.levels[0]
        for practice in self._resolved.opened:
            code = kommune.of_practice.get(practice)
            if pd.isna(code):
                continue
            grows_pct = float(growth["population_growth_pct"].get(code, np.nan))
            weight = float(need.get(code, np.nan))
            # An unknown growth or need is no reason for a warning.
            if grows_pct > threshold_pct + _TOLERANCE and weight < self._rules.low_need_weight:
                yield self._finding(
                    "restrictive",
                    practice,
                    area=str(kommune.names.get(code, code)),
                    growth_pct=grows_pct,
                    need_weight=weight,
                )

    def satellites(self) -> Iterator[Finding]:
        """Yield the second addresses that are too far from their practice."""
        resolved, limit_m = self._resolved, self._rules.max_satellite_m
        main = resolved.practices.set_index("ydernummer")
        for action in resolved.scenario.actions:
            if isinstance(action, OpenSatellite) and action.ydernummer in main.index:
                x_m, y_m = (float(main[axis][action.ydernummer]) for axis in ("x_m", "y_m"))
                if np.isnan(x_m):
                    continue
                metres = self._road_m(self._place(x_m, y_m), self._place(action.x_m, action.y_m))
                if np.isnan(metres) or metres > limit_m:
                    yield self._finding(
                        "far_satellite", action.ydernummer, distance_m=metres, limit_m=limit_m
                    )

    def _place(self, x_m: float, y_m: float) -> Places:
        table = pd.DataFrame({"site_id": ["place"], "x_m": [x_m], "y_m": [y_m]})
        rules = self._assessment.rules.travel
        return join_places(self._assessment.matrix.graph, table, "site_id", rules)

    def _road_m(self, start: Places, end: Places) -> float:
        """Return the metres by road between two places; NaN without a road."""
        graph = self._assessment.matrix.graph
        metres = search_all(graph, start, end, np.inf, None)[2]
        return float(metres[0]) if len(metres) else float("nan")
