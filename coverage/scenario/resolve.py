"""What a scenario makes of a register: every action carried out, or every reason why not.

All actions are tried in their order before any is measured, so that a planner
sees every mistake at once. The register that was read is never changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.capacity import is_outside
from coverage.errors import ScenarioError
from coverage.levels import AreaLevel, with_practices
from coverage.lists import describe_lists, effective_closing_limits
from coverage.places import Places, join_places
from coverage.scenario.actions import (
    Action,
    Close,
    Move,
    Open,
    OpenSatellite,
    Resize,
    Retire,
    Scenario,
    SetIntake,
    kind_of,
    subject_of,
)
from coverage.scenario.refusals import capacity_problem, form_problem, place_problem
from coverage.scenario.takeover import NOBODY, Takeover, rank_areas, take_over
from coverage.sentences import sentence

# A capacity's share among doctors need not be a whole half; sums of thirds are off by less.
_TOLERANCE = 1e-9
# Of a practice that no register has.
_NO_ROW = 0


@dataclass(frozen=True)
class Resolved:
    """The register after a scenario, not yet measured.

    Attributes
    ----------
    scenario
        What was carried out.
    practices, doctors, satellites, displaced
        Tables PRACTICES, DOCTORS, SATELLITES and DISPLACED: closed practices are gone, opened
        ones stand last, by site id in place of an ydernummer.
    closed, opened, moved
        Ids of practices that are gone, new, or at another place than in the register.
    sites
        The opened and moved practices, joined to the roads.
    levels
        With the areas of opened and moved practices.
    takeover
        Where the patients of closed practices count.
    """

    scenario: Scenario
    practices: pd.DataFrame
    doctors: pd.DataFrame
    satellites: pd.DataFrame
    displaced: pd.DataFrame
    closed: tuple[str, ...]
    opened: tuple[str, ...]
    moved: tuple[str, ...]
    sites: Places
    levels: tuple[AreaLevel, ...]
    takeover: Takeover


def resolve_scenario(assessment: Assessment, scenario: Scenario) -> Resolved:
    """Return the register as the scenario leaves it.

    Raises
    ------
    ScenarioError
        With every action that cannot be carried out, and why.
    """
    draft = _Draft(assessment)
    for number, action in enumerate(scenario.actions, start=1):
        draft.try_action(number, action)
    sites = draft.joined_sites(assessment)
    if draft.problems:
        raise ScenarioError(
            sentence("The scenario '{name}' cannot be carried out", name=scenario.name),
            problems=[text for _, text in sorted(draft.problems)],
            hint="Correct or remove these actions; nothing was changed.",
        )
    return _resolved(assessment, scenario, draft, sites)


@dataclass
class _Draft:
    """The register while actions change it, one after the other."""

    assessment: Assessment
    # Ydernummer or site id -> the columns that differ from the register.
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: dict[str, Open] = field(default_factory=dict)
    closed: dict[str, None] = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)
    satellites: list[OpenSatellite] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    # The number of the action that gave a practice its place.
    placed_by: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        practices = self.assessment.tables.practices
        self._rows = dict(zip(practices["ydernummer"], range(len(practices)), strict=True))
        self._doctors = self.assessment.tables.doctors["ydernummer"].value_counts()

    def try_action(self, number: int, action: Action) -> None:
        """Carry one action out, or note why that cannot be."""
        steps: dict[type[Action], Callable[[Any, int], str]] = {
            Open: self._open,
            OpenSatellite: self._open_satellite,
            Close: self._close,
            Move: self._move,
            Resize: self._resize,
            SetIntake: self._set_intake,
            Retire: self._retire,
        }
        problem = steps[type(action)](action, number)
        if problem:
            self._fail(number, kind_of(action), subject_of(action), problem)

    def _fail(self, number: int, kind: str, subject: str, problem: str) -> None:
        # Each kind is a template of its own: Danish has a sentence for it, not a word.
        does = sentence(f"{kind} {{subject}}", subject=subject)
        text = sentence(
            "action {number} ({action}): {problem}", number=number, action=does, problem=problem
        )
        self.problems.append((number, text))

    def joined_sites(self, assessment: Assessment) -> Places:
        """Return opened and moved practices on the roads; note those that have none near."""
        ids = [practice for practice in self.placed_by if practice not in self.closed]
        table = pd.DataFrame(
            {
                "site_id": ids,
                "x_m": [self.value(practice, "x_m") for practice in ids],
                "y_m": [self.value(practice, "y_m") for practice in ids],
            }
        ).astype({"site_id": "str", "x_m": "float64", "y_m": "float64"})
        rules = assessment.rules.travel
        sites = join_places(assessment.matrix.graph, table, "site_id", rules)
        for practice in sites.ids[~sites.snaps.snapped]:
            text = sentence(
                "no road within {leg_m:,.0f} m: choose a place on land, near a road",
                leg_m=rules.max_leg_m,
            )
            kind = "open" if practice in self.opened else "move"
            self._fail(self.placed_by[practice], kind, practice, text)
        return sites

    def value(self, practice: str, column: str) -> Any:  # noqa: ANN401 - a cell of any column
        """Return what a column says of a practice by now."""
        edited = self.edits.get(practice, {})
        if column in edited or practice in self.opened:
            return edited.get(column)
        return self.assessment.tables.practices[column].iloc[self._rows[practice]]

    def _unknown(self, practice: str) -> str:
        """Return why nothing can be done to a practice; empty if it can."""
        if practice in self.closed:
            return sentence("the practice is closed already")
        if practice not in self._rows and practice not in self.opened:
            return sentence("the register has no such practice")
        return ""

    def _open(self, action: Open, number: int) -> str:
        site_id = action.site_id
        if not site_id or site_id != site_id.strip():
            return sentence("a new practice needs an id without blanks at its ends")
        if site_id in self._rows or site_id in self.opened:
            return sentence("the id is in use")
        problem = place_problem(action.x_m, action.y_m) or capacity_problem(action.capacities)
        problem = problem or form_problem(action.clinic_form)
        if not problem:
            self.opened[site_id] = action
            self.edits[site_id] = _new_practice(action)
            self.placed_by[site_id] = number
        return problem

    def _open_satellite(self, action: OpenSatellite, number: int) -> str:  # noqa: ARG002 - of every step
        problem = self._unknown(action.ydernummer) or place_problem(action.x_m, action.y_m)
        if not problem:
            self.satellites.append(action)
        return problem

    def _close(self, action: Close, number: int) -> str:  # noqa: ARG002 - of every step
        problem = self._unknown(action.ydernummer)
        if not problem:
            self.closed[action.ydernummer] = None
        return problem

    def _move(self, action: Move, number: int) -> str:
        problem = self._unknown(action.ydernummer) or place_problem(action.x_m, action.y_m)
        if not problem:
            self._edit(action.ydernummer, x_m=action.x_m, y_m=action.y_m, match_level="coordinates")
            self._edit(action.ydernummer, address=action.address or None, postcode=None, town=None)
            self.placed_by[action.ydernummer] = number
        return problem

    def _resize(self, action: Resize, number: int) -> str:  # noqa: ARG002 - of every step
        problem = self._unknown(action.ydernummer) or capacity_problem(action.capacities)
        if not problem:
            self._edit(action.ydernummer, capacities=action.capacities)
        return problem

    def _set_intake(self, action: SetIntake, number: int) -> str:  # noqa: ARG002 - of every step
        problem = self._unknown(action.ydernummer)
        if problem:
            return problem
        now = self.value(action.ydernummer, "intake_open")
        if not pd.isna(now) and bool(now) == action.intake_open:
            is_open = sentence("the list is open already")
            return is_open if now else sentence("the list is closed already")
        self._edit(action.ydernummer, intake_open=action.intake_open, intake_text=None)
        return ""

    def _retire(self, action: Retire, number: int) -> str:  # noqa: ARG002 - of every step
        practice = action.ydernummer
        problem = self._unknown(practice)
        if problem:
            return problem
        before = int(self._doctors.get(practice, 0)) - self.retired.get(practice, 0)
        if before == 0:
            return sentence("nobody knows the doctors of the practice; resize or close it instead")
        if not 1 <= action.doctors <= before:
            return sentence(
                "{doctors} of its doctors cannot stop: the practice has {held}",
                doctors=action.doctors,
                held=before,
            )
        held = float(self.value(practice, "capacities"))
        lapsed = held * action.doctors / before if action.capacities is None else action.capacities
        if not isfinite(lapsed) or not 0 <= lapsed <= held + _TOLERANCE:
            return sentence(
                "{lapsed:g} capacities cannot end: the practice has {held:g}",
                lapsed=lapsed,
                held=held,
            )
        self.retired[practice] = self.retired.get(practice, 0) + action.doctors
        if action.doctors == before:
            self.closed[practice] = None
        else:
            self._edit(practice, capacities=held - lapsed)
        return ""

    def _edit(self, practice: str, **columns: object) -> None:
        self.edits.setdefault(practice, {}).update(columns)


def _new_practice(action: Open) -> dict[str, Any]:
    """Return the row of a practice that no register has: without patients, limits or doctors."""
    return {
        "name": action.name or action.site_id,
        "capacities": float(action.capacities),
        "listed_persons": 0.0,
        "intake_open": action.intake_open,
        "clinic_form": action.clinic_form,
        "owner": action.owner or None,
        "x_m": float(action.x_m),
        "y_m": float(action.y_m),
        "match_level": "coordinates",
        "source_row": _NO_ROW,
    }


def _resolved(assessment: Assessment, scenario: Scenario, draft: _Draft, sites: Places) -> Resolved:
    closed = tuple(practice for practice in draft.closed if practice not in draft.opened)
    opened = tuple(practice for practice in draft.opened if practice not in draft.closed)
    moved = tuple(practice for practice in sites.ids if practice not in draft.opened)
    places = pd.DataFrame({"site_id": sites.ids, "x_m": sites.x_m, "y_m": sites.y_m})
    max_shore_m = assessment.rules.travel.max_shore_m
    levels = with_practices(assessment.levels, assessment.parts, places, closed, max_shore_m)
    practices = _practices_after(assessment, draft, closed, opened, levels[0])
    takeover = _take_over(assessment, practices, closed, levels)
    given = takeover.by_practice.reindex(practices["ydernummer"], fill_value=0.0)
    practices["listed_persons"] += given.to_numpy()
    return Resolved(
        scenario=scenario,
        practices=practices,
        doctors=_doctors_after(assessment.tables.doctors, draft),
        satellites=_satellites_after(assessment.plan.satellites, draft),
        displaced=_displaced(assessment.plan.displaced, closed, takeover),
        closed=closed,
        opened=opened,
        moved=moved,
        sites=sites,
        levels=levels,
        takeover=takeover,
    )


def _take_over(
    assessment: Assessment,
    practices: pd.DataFrame,
    closed: tuple[str, ...],
    levels: tuple[AreaLevel, ...],
) -> Takeover:
    if not closed:
        return NOBODY
    rules, limits = assessment.rules.capacity, assessment.plan.closing_limits
    limit = effective_closing_limits(practices, limits, levels[0].of_practice, rules)
    free_places = describe_lists(practices, limit["closing_limit_persons"])["free_places"]
    register = assessment.tables.practices
    outside = {
        *register.loc[is_outside(register, assessment.levels), "ydernummer"],
        *practices.loc[is_outside(practices, levels), "ydernummer"],
    }
    lists = register.set_index("ydernummer")["listed_persons"]
    return take_over(
        lists.astype("float64").reindex(list(closed)),
        practices,
        free_places.to_numpy(np.float64),
        rank_areas(assessment.levels, levels, list(practices["ydernummer"]), outside),
    )


def _practices_after(
    assessment: Assessment,
    draft: _Draft,
    closed: tuple[str, ...],
    opened: tuple[str, ...],
    kommuner: AreaLevel,
) -> pd.DataFrame:
    register = assessment.tables.practices
    practices = register[~register["ydernummer"].isin(closed)] if closed else register
    practices = practices.reset_index(drop=True)
    position = dict(zip(practices["ydernummer"], practices.index, strict=True))
    columns: dict[str, dict[int, object]] = {}
    for practice, edit in draft.edits.items():
        if practice in position:
            area = _kommune_of(practice, kommuner) if "x_m" in edit else {}
            for column, value in {**edit, **area}.items():
                columns.setdefault(column, {})[position[practice]] = value
    for column, values in columns.items():
        new = pd.Series(values, dtype=register[column].dtype)
        practices.loc[new.index, column] = new
    if not opened:
        return practices
    rows = [
        {"ydernummer": practice, **draft.edits[practice], **_kommune_of(practice, kommuner)}
        for practice in opened
    ]
    added = pd.DataFrame(rows).reindex(columns=register.columns).astype(register.dtypes)
    return pd.concat([practices, added], ignore_index=True)


def _kommune_of(practice: str, kommuner: AreaLevel) -> dict[str, object]:
    code = kommuner.of_practice.get(practice)
    return {"kommune_code": None if pd.isna(code) else code}


def _displaced(before: pd.DataFrame, closed: tuple[str, ...], takeover: Takeover) -> pd.DataFrame:
    """Return who has no place: of an earlier scenario, and of this one's closed practices."""
    kept = before[~before["ydernummer"].isin(closed)].set_index("ydernummer")["persons"]
    both = kept.add(takeover.without_place, fill_value=0.0)
    table = both.rename("persons").rename_axis("ydernummer").reset_index()
    return table.astype(before.dtypes)


def _doctors_after(doctors: pd.DataFrame, draft: _Draft) -> pd.DataFrame:
    """Return the doctors without those who stopped, the eldest first, and those of closed ones."""
    gone = pd.Series(draft.retired, dtype="float64")
    rank = doctors.groupby("ydernummer")["birth_year"].rank(method="first")
    # Of a register without doctors both are empty, and of no type that could be compared.
    stopped = rank <= doctors["ydernummer"].map(gone).astype("float64").fillna(0.0)
    kept = ~stopped & ~doctors["ydernummer"].isin(list(draft.closed))
    return doctors[kept].reset_index(drop=True)


def _satellites_after(satellites: pd.DataFrame, draft: _Draft) -> pd.DataFrame:
    kept = satellites[~satellites["ydernummer"].isin(list(draft.closed))]
    new = [action for action in draft.satellites if action.ydernummer not in draft.closed]
    if not new:
        return kept.reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "ydernummer": [action.ydernummer for action in new],
            "address": [action.address or f"{action.x_m:.0f}, {action.y_m:.0f}" for action in new],
            "postcode": None,
            "town": None,
            "source_row": _NO_ROW,
        }
    ).astype(satellites.dtypes)
    return pd.concat([kept, rows], ignore_index=True)
