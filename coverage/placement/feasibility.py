"""Why a request cannot be met: with both numbers, before anything is searched.

First what counting alone shows, all of it. If nothing is wrong there and still no set of sites
meets all conditions together, the families of conditions are waived one by one: each whose
waiving helps could give, and by how much is worked out with the others kept.
"""

from collections.abc import Iterator

import numpy as np

from coverage.errors import PlacementError
from coverage.placement.candidates import Candidates
from coverage.placement.conditions import Conditions
from coverage.placement.program import FAMILIES, ConditionRows, write_conditions
from coverage.placement.request import HALF, PlacementRequest, Watch
from coverage.placement.solver import INF, Program, Rows, Solved, stack

_WHERE = "placement request"
_HINT = "Loosen one of these conditions, or add candidates."
# Conditions whose rows are counted when they give; of the others the amount is.
_COUNTED = {
    "forced_in": "forced sites that would have to go",
    "forced_out": "ruled-out sites that would have to be allowed",
    "apart": "pairs of practices nearer than asked for",
    "skal": "skal-areas without a practice",
}


def check_feasible(
    request: PlacementRequest, conditions: Conditions, candidates: Candidates, watch: Watch
) -> None:
    """Raise if no set of sites can meet the conditions.

    Raises
    ------
    PlacementError
        With all reasons that counting shows, or with the families of conditions of which
        one must give.
    """
    problems = [
        *_totals(request, conditions),
        *_area_quotas(conditions),
        *_forced(request, conditions, candidates),
        *_skal(conditions),
    ]
    if problems:
        raise PlacementError("; ".join(problems), where=_WHERE, hint=_HINT)
    if _is_plain(conditions) or not _is_infeasible(_solve(conditions, watch)):
        return
    raise PlacementError(
        f"No set of sites meets all conditions together; {_who_must_give(conditions, watch)}",
        where=_WHERE,
        hint=_HINT,
    )


def _is_plain(conditions: Conditions) -> bool:
    """Return whether counting alone decides: no condition binds two sites together."""
    return not (
        len(conditions.areas) > 1 or conditions.near.nnz or conditions.serve or conditions.movers
    )


def _in_capacities(halves: "int | np.integer") -> str:
    number = halves * HALF
    return f"{number:g} {'capacity' if number == 1 else 'capacities'}"


def _totals(request: PlacementRequest, conditions: Conditions) -> Iterator[str]:
    total = _in_capacities(conditions.halves)
    usable = int((~conditions.barred).sum())
    if not conditions.candidates:
        yield f"the total is {total}, and there are 0 candidates"
        return
    if not usable:
        yield f"the total is {total}, and 0 of the {conditions.candidates} candidates are left"
        return
    if not conditions.most_sites:
        yield f"the total is {total}, and one practice must have {request.least_capacities:g}"
        return
    sites = min(conditions.most_sites, usable)
    if conditions.halves > sites * conditions.most:
        what = "practices" if sites == conditions.most_sites else "candidates"
        yield (
            f"the total is {total}, and {sites} {what} of at most "
            f"{_in_capacities(conditions.most)} hold {_in_capacities(sites * conditions.most)}"
        )
    forced = int(conditions.forced.sum())
    if forced > conditions.most_sites:
        yield f"{forced} sites are forced in, and at most {conditions.most_sites} may open"
    if forced * conditions.least > conditions.halves:
        yield (
            f"{forced} forced sites of at least {_in_capacities(conditions.least)} need "
            f"{_in_capacities(forced * conditions.least)}, the total is {total}"
        )


def _area_quotas(conditions: Conditions) -> Iterator[str]:
    total = _in_capacities(conditions.halves)
    usable = ~conditions.barred
    at_hand = np.bincount(conditions.area[usable], minlength=len(conditions.areas))
    forced = np.bincount(conditions.area[conditions.forced], minlength=len(conditions.areas))
    least = conditions.area_least.sum()
    if least > conditions.halves:
        yield f"the areas' least quotas sum to {_in_capacities(least)}, the total is {total}"
    has_rest = bool(at_hand[-1])
    most = conditions.area_most[:-1].sum()
    if len(conditions.areas) > 1 and not has_rest and most < conditions.halves:
        yield (
            f"the areas' most quotas sum to {_in_capacities(most)}, the total is {total}, "
            f"and no candidate lies elsewhere"
        )
    for number, area in enumerate(conditions.areas[:-1]):
        low, high = conditions.area_least[number], conditions.area_most[number]
        held = at_hand[number] * conditions.most
        if low > held:
            is_one = int(at_hand[number]) == 1
            holding = "candidate holds" if is_one else "candidates hold"
            yield (
                f"area {area} needs {_in_capacities(low)}; "
                f"its {at_hand[number]} {holding} at most {_in_capacities(held)}"
            )
        if low > 0 and high < conditions.least:
            yield (
                f"area {area} needs {_in_capacities(low)} and may have "
                f"{_in_capacities(high)}; a practice has at least "
                f"{_in_capacities(conditions.least)}"
            )
        if forced[number] * conditions.least > high:
            yield (
                f"area {area} may have {_in_capacities(high)}; its {forced[number]} "
                f"forced sites have at least {_in_capacities(forced[number] * conditions.least)}"
            )


def _forced(
    request: PlacementRequest, conditions: Conditions, candidates: Candidates
) -> Iterator[str]:
    names = candidates.table["site_id"].to_numpy(object)
    for place in np.flatnonzero(conditions.forced & conditions.beside_fixed):
        yield (
            f"'{names[place]}' is forced in and less than {request.apart_m:,.0f} m "
            f"from a practice that stays"
        )
    first, second = conditions.near.nonzero()
    is_forced = np.append(conditions.forced, np.zeros(conditions.movers, dtype=np.bool_))
    held = (first < second) & is_forced[first] & is_forced[second]
    for one, other in zip(first[held], second[held], strict=True):
        yield (
            f"'{names[one]}' and '{names[other]}' are forced in and less than "
            f"{request.apart_m:,.0f} m from each other"
        )


def _skal(conditions: Conditions) -> Iterator[str]:
    is_usable = np.append(~conditions.barred, np.ones(conditions.movers, dtype=np.bool_))
    for group, name in zip(conditions.serve, conditions.serve_names, strict=True):
        if not is_usable[group].any():
            yield f"the skal-area {name} needs 1 site, and 0 candidates count for it"
    # Where nobody moves, each skal-area takes a site of its own: no place is in two.
    without_mover = sum(bool((group < conditions.candidates).all()) for group in conditions.serve)
    if without_mover > conditions.most_sites + conditions.movers:
        yield (
            f"{without_mover} skal-areas need a site each, and at most "
            f"{conditions.most_sites} may open"
        )


def _solve(
    conditions: Conditions, watch: Watch, *, waived: str | None = None, slack: bool = False
) -> Solved:
    """Solve for any draft, one family left out; with slack, broken as little as possible."""
    program = Program()
    _, rows = write_conditions(conditions, program, move_worth=0.0)
    kept = {name: parts for name, parts in rows.rows.items() if name != waived}
    program.add_rows(ConditionRows(kept).all())
    broken = stack(rows.rows.get(waived or "", []))
    if slack and waived:
        program.add_rows(_with_slack(broken, program, counted=waived in _COUNTED))
    return program.load().solve(watch)


def _with_slack(rows: Rows, program: Program, *, counted: bool) -> Rows:
    """Return the rows with columns that they may be broken by, at a cost."""
    count = len(rows.low)
    high = 1.0 if counted else INF
    over, under = (
        program.add_columns(count, high=high, worth=-1.0, whole=counted) for _ in range(2)
    )
    ends = np.repeat(rows.start[1:], 2)
    extra = np.column_stack([over, under]).ravel()
    size = np.tile([-1.0, 1.0], count)
    return Rows(
        rows.low,
        rows.high,
        rows.start + 2 * np.arange(count + 1),
        np.insert(rows.column, ends, extra),
        np.insert(rows.coefficient, ends, size),
    )


def _is_infeasible(solved: Solved) -> bool:
    return solved.state == "infeasible"


def _who_must_give(conditions: Conditions, watch: Watch) -> str:
    """Return the families of which one must give, each with how much, or those together."""
    able = [
        family
        for family in FAMILIES
        if _has_rows(conditions, family)
        and not _is_infeasible(_solve(conditions, watch, waived=family))
    ]
    if not able:
        names = ", ".join(family for family in FAMILIES if _has_rows(conditions, family))
        return f"several of these must give at once: {names}"
    parts = [_how_much(conditions, family, watch) for family in able]
    return "one of these must give: " + ", or ".join(parts)


def _has_rows(conditions: Conditions, family: str) -> bool:
    _, rows = write_conditions(conditions, Program(), move_worth=0.0)
    return family in rows.rows


def _how_much(conditions: Conditions, family: str, watch: Watch) -> str:
    amount = -_solve(conditions, watch, waived=family, slack=True).value
    if family == "practices":
        needed = conditions.most_sites + round(amount)
        return f"at least {needed} practices are needed, at most {conditions.most_sites} may open"
    if family == "capacities":
        return (
            f"the total: it is {_in_capacities(conditions.halves)}, and the nearest that the "
            f"others allow is {_in_capacities(round(amount))} away"
        )
    if family == "quotas":
        return f"the quotas, which would be missed by {_in_capacities(round(amount))}"
    return f"{_COUNTED[family]}: {round(amount)}"
