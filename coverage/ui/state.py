"""What one visitor has chosen, as one frozen value under one session key.

The functions are pure: the app's callbacks read the state, call one of them and
store what it returns. Streamlit forgets its widgets when the page changes; this
state survives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coverage.choice import ALL_AREAS
from coverage.errors import LaegedaekningError
from coverage.levels import KOMMUNE_LEVEL
from coverage.scenario.checks import Finding
from coverage.ui.draft import Draft, NewPractice
from coverage.ui.pathway_view import PathwayView
from coverage.ui.placement_view import PlacementView
from coverage.wording import LANGUAGES, Language

# Fields of ``Simulation`` after whatever the visitor does next.
_ANSWERED: Mapping[str, object] = {"outcome": None, "replacing": False, "deleting": ""}
MAP_HEIGHTS_PX = (440, 560, 720)
# Within this distance a second click is the same place, not a second practice.
_SAME_PLACE_M = 1.0


@dataclass(frozen=True)
class Message:
    """Something to tell once, by its key in the wording and the values it mentions."""

    key: str
    values: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A practice that the visitor placed.

    Attributes
    ----------
    site_id
        ``K1``, ``K2`` …: never an ydernummer, and never used again.
    label
        The address that was typed, or empty for a place on the map.
    x_m, y_m
        EPSG:25832.
    """

    site_id: str
    label: str
    x_m: float
    y_m: float


@dataclass(frozen=True)
class PlaceFilter:
    """Which places the page on skal-areas shows.

    Attributes
    ----------
    kommune_code
        Only this kommune's; empty for all.
    only_skal
        Only places that must keep a practice.
    only_scarce
        Only places with one practice or none.
    """

    kommune_code: str = ""
    only_skal: bool = False
    only_scarce: bool = False


@dataclass(frozen=True)
class Refused:
    """An action that a rule forbids: what of it was found, and so not added."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Simulation:
    """What the page Simulering shows.

    Attributes
    ----------
    panel
        ``open``, ``practice``, ``find`` or ``files``: what is offered, and what a click on the
        map does.
    practice
        The chosen one, by ydernummer or site id; empty for none.
    click
        What a click does while ``practice`` is offered: ``choose``, ``move`` or ``satellite``.
    picture
        What the map shows of people: ``after``, ``before`` or ``change``.
    like
        What the next new practice is like.
    outcome
        What became of the last wish.
    replacing
        Saving would replace another scenario of the name, and waits for a yes.
    deleting
        File name of the saved scenario that waits for a yes to be deleted; empty for none.
    uploads
        How many files were uploaded.
    shows_closures
        Every single closing is listed.
    """

    panel: str = "open"
    practice: str = ""
    click: str = "choose"
    picture: str = "after"
    like: NewPractice = field(default_factory=NewPractice)
    outcome: Message | LaegedaekningError | Refused | None = None
    replacing: bool = False
    deleting: str = ""
    uploads: int = 0
    shows_closures: bool = False


@dataclass(frozen=True)
class Compared:
    """What the page Sammenlign shows.

    Attributes
    ----------
    chosen
        File names of the scenarios, ``draft`` for the one in the making; None until
        somebody chooses.
    reference, shown
        What the others are measured against, and what the map and the table of areas
        show: one of ``chosen`` or ``baseline``.
    picture
        What the map shows of people: ``before``, ``after`` or ``change``.
    figure
        The one that the table of areas shows.
    """

    chosen: tuple[str, ...] | None = None
    reference: str = "baseline"
    shown: str = ""
    picture: str = "change"
    figure: str = "share_two_or_more_pct"


@dataclass(frozen=True)
class AppState:
    """The visitor's choices.

    Attributes
    ----------
    study_path
        The study that is open.
    area_level, selected_area
        The level of the table, and the area whose figures are shown (``all`` for all).
    overview_level
        The level of the overview; empty for the one that the study designates by.
    rule_group
        The group of rules that is shown; empty for all.
    thresholds
        Rule key and value of the designation's thresholds that the visitor has moved.
    judged_area, shown_place
        The area whose criteria, and the place whose closing, are shown; empty for none.
    entry
        What became of the judgement that the visitor entered last, until another area
        is shown: a message, or why it is not filed.
    entries, author
        How many judgements the visitor has filed, and by which name.
    place_filter
        Which places are shown.
    candidates
        In the order in which they were placed.
    last_click
        Latitude and longitude of the last click that was handled: the map
        component repeats it until the next one.
    next_number
        The number of the next candidate.
    message
        Why the last wish could not be met, or what to know about it.
    draft
        The scenario that the visitor works on.
    simulation, comparison
        What the pages on scenarios show.
    placing
        The search for the best places.
    pathway
        What the page on the years to 2035 shows.
    """

    study_path: Path
    language: Language = "da"
    area_level: str = KOMMUNE_LEVEL
    selected_area: str = ALL_AREAS
    overview_level: str = ""
    rule_group: str = ""
    thresholds: tuple[tuple[str, float], ...] = ()
    judged_area: str = ""
    shown_place: str = ""
    entry: Message | LaegedaekningError | None = None
    entries: int = 0
    author: str = ""
    place_filter: PlaceFilter = PlaceFilter()
    candidates: tuple[Candidate, ...] = ()
    last_click: tuple[float, float] | None = None
    map_height_px: int = MAP_HEIGHTS_PX[1]
    next_number: int = 1
    message: Message | None = None
    draft: Draft = field(default_factory=Draft)
    simulation: Simulation = Simulation()
    comparison: Compared = Compared()
    placing: PlacementView = field(default_factory=PlacementView)
    pathway: PathwayView = field(default_factory=PathwayView)


def add_candidate(state: AppState, x_m: float, y_m: float, label: str = "") -> AppState:
    """Return the state with one more candidate; a place that is taken gives a message instead."""
    for candidate in state.candidates:
        if max(abs(candidate.x_m - x_m), abs(candidate.y_m - y_m)) < _SAME_PLACE_M:
            return replace(state, message=Message("place.taken", (("site_id", candidate.site_id),)))
    candidate = Candidate(f"K{state.next_number}", label, x_m, y_m)
    return replace(
        state,
        candidates=(*state.candidates, candidate),
        next_number=state.next_number + 1,
        message=None,
    )


def remove_candidate(state: AppState, site_id: str) -> AppState:
    """Return the state without a candidate; the others keep their ids."""
    kept = tuple(candidate for candidate in state.candidates if candidate.site_id != site_id)
    return replace(state, candidates=kept, message=None)


def remove_all_candidates(state: AppState) -> AppState:
    """Return the state without candidates."""
    return replace(state, candidates=(), message=None)


def new_click(state: AppState, component_value: object) -> tuple[float, float] | None:
    """Return latitude and longitude of a click that was not handled yet, or None.

    Parameters
    ----------
    component_value
        What the map component returned: ``{"last_clicked": {"lat": …, "lng": …}}``
        or nothing. It comes from a browser and may be anything.
    """
    clicked = component_value.get("last_clicked") if isinstance(component_value, Mapping) else None
    if not isinstance(clicked, Mapping):
        return None
    lat, lon = clicked.get("lat"), clicked.get("lng")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    click = (float(lat), float(lon))
    return None if click == state.last_click else click


def handle_click(state: AppState, click: tuple[float, float]) -> AppState:
    """Return the state with the click remembered as handled."""
    return replace(state, last_click=click)


def choose_language(state: AppState, language: str) -> AppState:
    """Return the state in another language; an unknown one changes nothing."""
    known = next((name for name in LANGUAGES if name == language), state.language)
    return replace(state, language=known)


def choose_level(state: AppState, level: str) -> AppState:
    """Return the state at another level of areas, all areas shown."""
    return replace(state, area_level=level, selected_area=ALL_AREAS)


def choose_area(state: AppState, area_id: str) -> AppState:
    """Return the state with another area's figures shown."""
    return replace(state, selected_area=area_id)


def choose_overview_level(state: AppState, level: str) -> AppState:
    """Return the state with the overview at another level of areas."""
    return replace(state, overview_level=level)


def choose_rule_group(state: AppState, group: str) -> AppState:
    """Return the state with another group of rules shown."""
    return replace(state, rule_group=group)


def move_threshold(state: AppState, key: str, value: float, usual: float) -> AppState:
    """Return the state with a threshold moved; back at the study's own value it is not moved."""
    others = {name: kept for name, kept in state.thresholds if name != key}
    moved = others if value == usual else {**others, key: value}
    return replace(state, thresholds=tuple(sorted(moved.items())))


def reset_thresholds(state: AppState) -> AppState:
    """Return the state with every threshold as the study has it."""
    return replace(state, thresholds=())


def judge_area(state: AppState, area_id: str) -> AppState:
    """Return the state with another area's criteria shown."""
    return replace(state, judged_area=area_id, entry=None)


def file_judgement(state: AppState, author: str, message: Message) -> AppState:
    """Return the state after a judgement was filed: its author is kept for the next one."""
    return replace(state, entry=message, entries=state.entries + 1, author=author)


def refuse_judgement(state: AppState, reason: Message | LaegedaekningError) -> AppState:
    """Return the state after a judgement that was not filed."""
    return replace(state, entry=reason)


def show_place(state: AppState, place_id: str) -> AppState:
    """Return the state with another place's closing shown."""
    return replace(state, shown_place=place_id)


def filter_places(state: AppState, place_filter: PlaceFilter) -> AppState:
    """Return the state with other places shown; the place whose closing is shown stays."""
    return replace(state, place_filter=place_filter)


def choose_map_height(state: AppState, height_px: int) -> AppState:
    """Return the state with a map of another height."""
    return replace(state, map_height_px=height_px)


def tell(state: AppState, message: Message | None) -> AppState:
    """Return the state with a message, or without one."""
    return replace(state, message=message)


def change_draft(state: AppState, draft: Draft, outcome: Message | None = None) -> AppState:
    """Return the state with another draft, and with what to tell about it."""
    simulation = replace(state.simulation, outcome=outcome, replacing=False, deleting="")
    return replace(state, draft=draft, simulation=simulation)


def view_simulation(state: AppState, /, **changes: Any) -> AppState:
    """Return the state with other fields of ``Simulation``; what was told or asked is gone."""
    simulation = replace(state.simulation, **{**_ANSWERED, **changes})
    return replace(state, simulation=simulation)


def view_comparison(state: AppState, /, **changes: Any) -> AppState:
    """Return the state with other fields of ``Compared``."""
    return replace(state, comparison=replace(state.comparison, **changes))


def change_placing(state: AppState, placing: PlacementView) -> AppState:
    """Return the state with another search for the best places."""
    return replace(state, placing=placing)


def view_pathway(state: AppState, /, **changes: Any) -> AppState:
    """Return the state with other fields of ``PathwayView``."""
    return replace(state, pathway=replace(state.pathway, **changes))
