"""What a search found, as steps that can be added to the scenario, and which of them are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from coverage.placement.actions import placement_actions
from coverage.placement.place import Placement
from coverage.scenario.actions import MAX_NAME_LENGTH, Action, Move, Open, Scenario
from coverage.ui.placement_view import Asked
from coverage.ui.simulering.practice_names import nearest_town
from coverage.wording import Language, say

# A saved scenario may have its places to the metre.
_SAME_PLACE_M = 1.0


@dataclass(frozen=True)
class Proposal:
    """A step of the answer.

    Attributes
    ----------
    step
        Its place in the order of what each adds, from 1.
    action
        What it does; a new practice still has its candidate's id.
    place
        Where, in words.
    gain
        After the steps before it, in the objective's unit.
    """

    step: int
    action: Open | Move
    place: str
    gain: float


def proposals(
    placement: Placement, towns: pd.DataFrame, language: Language
) -> tuple[Proposal, ...]:
    """Return the steps of a placement in their order.

    A candidate that is only called by its id is called by the nearest town.
    """
    aim = say(f"app.find.objective.{placement.request.objective}", language)
    key = "note_interrupted" if placement.stopped_by == "interrupted" else "note"
    note = say(f"app.find.{key}", language, aim=aim)
    steps = pd.concat([placement.sites, placement.moves]).sort_values("step")
    found = []
    rows = steps[["step", "gain", "site_id"]].to_dict("records")
    for row, action in zip(rows, placement_actions(placement, note), strict=True):
        if not isinstance(action, Open | Move):
            continue
        told = action.name if isinstance(action, Open) else action.address
        own = "" if told == row["site_id"] else told[:MAX_NAME_LENGTH]
        named = (
            replace(action, name=own) if isinstance(action, Open) else replace(action, address=own)
        )
        place = place_words(own, action.x_m, action.y_m, towns, language)
        found.append(Proposal(int(row["step"]), named, place, float(row["gain"])))
    return tuple(found)


def place_words(name: str, x_m: float, y_m: float, towns: pd.DataFrame, language: Language) -> str:
    """Return a place's name, or the town that it is nearest to."""
    if name:
        return name
    town = nearest_town(towns, x_m, y_m)
    return say("app.find.nearest", language, place=town) if town else f"{x_m:.0f}, {y_m:.0f}"


def is_added(scenario: Scenario, proposal: Proposal) -> bool:
    """Return whether a scenario does what is proposed, whatever the practice is called there."""
    return any(_is_same(action, proposal.action) for action in scenario.actions)


def not_added(scenario: Scenario, found: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """Return the proposals that a scenario does not have."""
    return tuple(one for one in found if not is_added(scenario, one))


def is_another_scenario(asked: Asked, scenario: Scenario, found: Sequence[Proposal]) -> bool:
    """Return whether a scenario has changed since the search, but for proposals and notes."""

    def others(one: Scenario) -> list[Action]:
        return [
            replace(action, note="")
            for action in one.actions
            if not any(_is_same(action, proposal.action) for proposal in found)
        ]

    return others(asked.scenario) != others(scenario)


def _is_same(action: Action, proposed: Open | Move) -> bool:
    if isinstance(action, Open) and isinstance(proposed, Open):
        return _is_at(action, proposed)
    if isinstance(action, Move) and isinstance(proposed, Move):
        return action.ydernummer == proposed.ydernummer and _is_at(action, proposed)
    return False


def _is_at(action: Open | Move, other: Open | Move) -> bool:
    return max(abs(action.x_m - other.x_m), abs(action.y_m - other.y_m)) <= _SAME_PLACE_M
