"""The search for the best places as a visitor asks for it: frozen, and pure functions."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from coverage.levels import KOMMUNE_LEVEL
from coverage.placement.request import OBJECTIVES
from coverage.placement_files import GRID, TOWNS, PlacementOrder
from coverage.scenario.actions import Scenario
from coverage.ui.pathway_view import parse_seed

CANDIDATES = (GRID, TOWNS)
MOST_CAPACITIES = 50
CAPACITIES = tuple(half / 2 for half in range(1, 2 * MOST_CAPACITIES + 1))
APART_M = (0.0, 500.0, 1_000.0, 2_000.0, 3_000.0, 5_000.0, 10_000.0)
# What a move must be worth, in persons and in metres of the mean.
MOVE_COSTS = {
    "choice": (0.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0),
    "shortage": (0.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0),
    "second_distance": (0.0, 5.0, 10.0, 25.0, 50.0, 100.0),
}
# Where anything is worth a move, every practice moves a little.
USUAL_MOVE_COST = {"choice": 1_000.0, "shortage": 1_000.0, "second_distance": 25.0}
# At most so many seconds for the proof; with 0 there is none.
SECONDS = (0, 10, 20, 60, 120)
# Of ``Wish`` what stands on the panel itself.
_IN_SIGHT = ("capacities", "objective")


@dataclass(frozen=True)
class Quota:
    """Least and most new capacities of an area."""

    area_id: str
    least: float
    most: float


@dataclass(frozen=True)
class Wish:
    """What is asked for; see ``PlacementOrder``.

    Attributes
    ----------
    practices, most
        0 for no limit of one's own.
    seconds
        For the proof; 0 for no proof.
    """

    capacities: float = 3.0
    objective: str = OBJECTIVES[0]
    practices: int = 0
    least: float = 1.0
    most: float = 0.0
    candidates: str = GRID
    level: str = KOMMUNE_LEVEL
    quotas: tuple[Quota, ...] = ()
    apart_m: float = 0.0
    serve_skal: bool = False
    may_move: bool = False
    move_cost: float = USUAL_MOVE_COST[OBJECTIVES[0]]
    seed: int = 0
    seconds: int = 20

    def order(self) -> PlacementOrder:
        """Return it as the command line would ask for it."""
        return PlacementOrder(
            objective=self.objective,
            capacities=self.capacities,
            practices=self.practices or None,
            least_capacities=self.least,
            most_capacities=self.most or None,
            level=self.level,
            quotas={quota.area_id: (quota.least, quota.most) for quota in self.quotas},
            candidates=self.candidates,
            apart_m=self.apart_m,
            serve_skal=self.serve_skal,
            movable_open=self.may_move,
            move_cost=self.move_cost if self.may_move else 0.0,
            seed=self.seed,
            seconds=float(self.seconds),
            proof=self.seconds > 0,
        )

    @property
    def condition_count(self) -> int:
        """How many conditions are other than usual; what stands in sight is none."""
        usual = Wish()
        named = {one.name for one in fields(self)} - {*_IN_SIGHT, "level", "quotas", "move_cost"}
        changed = [name for name in named if getattr(self, name) != getattr(usual, name)]
        return len(changed) + len(self.quotas)


@dataclass(frozen=True)
class Asked:
    """A search that was asked for: the scenario that it goes on from, and the wish."""

    scenario: Scenario
    wish: Wish


@dataclass(frozen=True)
class PlacementView:
    """The search on the page Simulering.

    Attributes
    ----------
    wish
        What the fields say.
    asked
        What was asked for last, until somebody wants to see it no more.
    seed_problem
        What was typed as a seed is none.
    shows_frontier
        What each practice more adds is shown.
    """

    wish: Wish = field(default_factory=Wish)
    asked: Asked | None = None
    seed_problem: bool = False
    shows_frontier: bool = False


def wish_for(view: PlacementView, **changes: Any) -> PlacementView:
    """Return the view with other fields of ``Wish``.

    Quotas belong to their level, and what a move must be worth to its objective: another
    level has none, and another objective the usual worth.
    """
    if changes.get("level", view.wish.level) != view.wish.level:
        changes = {"quotas": (), **changes}
    objective = changes.get("objective", view.wish.objective)
    if objective != view.wish.objective:
        changes = {"move_cost": USUAL_MOVE_COST[objective], **changes}
    return replace(view, wish=replace(view.wish, **changes))


def set_quota(view: PlacementView, quota: Quota) -> PlacementView:
    """Return the view with the quota of an area, in place of an older one of it."""
    others = [one for one in view.wish.quotas if one.area_id != quota.area_id]
    return wish_for(view, quotas=(*others, quota))


def drop_quota(view: PlacementView, area_id: str) -> PlacementView:
    """Return the view without the quota of an area."""
    kept = tuple(one for one in view.wish.quotas if one.area_id != area_id)
    return wish_for(view, quotas=kept)


def type_seed(view: PlacementView, text: str) -> PlacementView:
    """Return the view with the seed that was typed, or with the problem that it is none."""
    seed = parse_seed(text)
    if seed is None:
        return replace(view, seed_problem=True)
    return replace(wish_for(view, seed=seed), seed_problem=False)


def ask(view: PlacementView, scenario: Scenario) -> PlacementView:
    """Return the view after the search was asked for."""
    return replace(view, asked=Asked(scenario, view.wish), shows_frontier=False)


def forget(view: PlacementView) -> PlacementView:
    """Return the view without an answer; the wish stays."""
    return replace(view, asked=None, shows_frontier=False)


def show_frontier(view: PlacementView, *, shows: bool) -> PlacementView:
    """Return the view with what each practice more adds shown, or not."""
    return replace(view, shows_frontier=shows)
