"""What a search proposes, on the map: numbered as in the list, before it is added."""

from coverage.exports.placement_words import value_text
from coverage.exports.scenario_words import capacities_text
from coverage.scenario.actions import Move, Open
from coverage.scenario.resolve import Resolved
from coverage.ui.simulering.finding import Search
from coverage.ui.simulering.proposals import Proposal
from coverage.ui.simulering.scenario_map import NOTHING_DRAWN, Drawn
from coverage.ui.theme_map import DOT, PlaceLine, PlaceMark
from coverage.wording import Language, say

PROPOSED_COLOUR = "#66ff33"
_PROPOSED_PX = 9.0


def proposal_marks(search: Search | None, resolved: Resolved, language: Language) -> Drawn:
    """Return a mark for each step that is not added, and a line for each move."""
    if search is None:
        return NOTHING_DRAWN
    objective = search.asked.wish.objective
    marks = tuple(_mark(one, objective, language) for one in search.left)
    homes = {str(row["ydernummer"]): row for row in resolved.practices.to_dict("records")}
    lines = tuple(
        PlaceLine(float(home["x_m"]), float(home["y_m"]), action.x_m, action.y_m)
        for action in (one.action for one in search.left)
        if isinstance(action, Move) and (home := homes.get(action.ydernummer))
    )
    return marks, lines


def proposal_legend(search: Search | None, language: Language) -> tuple[tuple[str, str], ...]:
    """Return what the marks mean; nothing while there are none."""
    if search is None or not search.left:
        return ()
    return ((DOT + PROPOSED_COLOUR, say("app.find.proposed", language)),)


def _mark(proposal: Proposal, objective: str, language: Language) -> PlaceMark:
    action = proposal.action
    told = [
        ("", proposal.place),
        ("", say("app.find.proposed", language)),
        (say("placement.column.gain", language), value_text(objective, proposal.gain, language)),
    ]
    if isinstance(action, Open):
        capacities = capacities_text(action.capacities, language)
        told.append((say("app.map.practice.capacities", language), capacities))
    number = str(proposal.step)
    return PlaceMark(action.x_m, action.y_m, PROPOSED_COLOUR, _PROPOSED_PX, tuple(told), number)
