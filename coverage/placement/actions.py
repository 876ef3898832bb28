"""A placement as a scenario's actions: what was found can be tried, saved and changed by hand."""

from coverage.placement.place import Placement
from coverage.scenario.actions import Action, Move, Open


def placement_actions(placement: Placement, note: str = "") -> tuple[Action, ...]:
    """Return the new practices and moves of a placement, in the order of what each adds.

    Parameters
    ----------
    note
        On every action: why it is there.
    """
    steps: list[tuple[int, Action]] = [
        (
            int(row["step"]),
            Open(
                site_id=str(row["site_id"]),
                name=str(row["name"]),
                x_m=float(row["x_m"]),
                y_m=float(row["y_m"]),
                capacities=float(row["capacities"]),
                note=note,
            ),
        )
        for row in placement.sites.to_dict("records")
    ]
    steps += [
        (
            int(row["step"]),
            Move(
                ydernummer=str(row["ydernummer"]),
                x_m=float(row["x_m"]),
                y_m=float(row["y_m"]),
                address=str(row["name"]),
                note=note,
            ),
        )
        for row in placement.moves.to_dict("records")
    ]
    return tuple(action for _, action in sorted(steps, key=lambda step: step[0]))
