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
from coverage.sentences import said, sentence
from coverage.wording import say

_WHERE = "placement request"
_HINT = "Loosen one of these conditions, or add candidates."
# Conditions whose rows are counted when they give; of the others the amount is.
_COUNTED = {
    "forced_in": sentence("forced sites that would have to go"),
    "forced_out": sentence("ruled-out sites that would have to be allowed"),
    "apart": sentence("pairs of practices nearer than asked for"),
    "skal": sentence("skal-areas without a practice"),
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
        told = sentence("{problems:; }", problems=tuple(problems))
        raise PlacementError(told, where=_WHERE, hint=_HINT)
    if _is_plain(conditions) or not _is_infeasible(_solve(conditions, watch)):
        return
    raise PlacementError(
        sentence(
            "No set of sites meets all conditions together; {who}",
            who=_who_must_give(conditions, watch),
        ),
        where=_WHERE,
        hint=_HINT,
    )


def _is_plain(conditions: Conditions) -> bool:
    """Return whether counting alone decides: no condition binds two sites together."""
    return not (
        len(conditions.areas) > 1 or conditions.near.nnz or conditions.serve or conditions.movers
    )


def _in_capacities(halves: "int | np.integer") -> str:
    number = float(halves * HALF)
    if number == 1:
        return sentence("{number:g} capacity", number=number)
    return sentence("{number:g} capacities", number=number)


def _totals(request: PlacementRequest, conditions: Conditions) -> Iterator[str]:
    total = _in_capacities(conditions.halves)
    usable = int((~conditions.barred).sum())
    if not conditions.candidates:
        yield sentence("the total is {total}, and there are 0 candidates", total=total)
        return
    if not usable:
        yield sentence(
            "the total is {total}, and 0 of the {count} candidates are left",
            total=total,
            count=conditions.candidates,
        )
        return
    if not conditions.most_sites:
        yield sentence(
            "the total is {total}, and one practice must have {least:g}",
            total=total,
            least=request.least_capacities,
        )
        return
    yield from _room(conditions, usable)
    forced = int(conditions.forced.sum())
    if forced > conditions.most_sites:
        yield sentence(
            "{forced} sites are forced in, and at most {most} may open",
            forced=forced,
            most=conditions.most_sites,
        )
    if forced * conditions.least > conditions.halves:
        yield sentence(
            "{forced} forced sites of at least {least} need {needed}, the total is {total}",
            forced=forced,
            least=_in_capacities(conditions.least),
            needed=_in_capacities(forced * conditions.least),
            total=total,
        )


def _room(conditions: Conditions, usable: int) -> Iterator[str]:
    sites = min(conditions.most_sites, usable)
    if conditions.halves > sites * conditions.most:
        values = {
            "total": _in_capacities(conditions.halves),
            "sites": sites,
            "most": _in_capacities(conditions.most),
            "held": _in_capacities(sites * conditions.most),
        }
        if sites == conditions.most_sites:
            yield sentence(
                "the total is {total}, and {sites} practices of at most {most} hold {held}",
                **values,
            )
        else:
            yield sentence(
                "the total is {total}, and {sites} candidates of at most {most} hold {held}",
                **values,
            )


def _area_quotas(conditions: Conditions) -> Iterator[str]:
    total = _in_capacities(conditions.halves)
    at_hand = np.bincount(conditions.area[~conditions.barred], minlength=len(conditions.areas))
    forced = np.bincount(conditions.area[conditions.forced], minlength=len(conditions.areas))
    least = conditions.area_least.sum()
    if least > conditions.halves:
        yield sentence(
            "the areas' least quotas sum to {least}, the total is {total}",
            least=_in_capacities(least),
            total=total,
        )
    most = conditions.area_most[:-1].sum()
    if len(conditions.areas) > 1 and not at_hand[-1] and most < conditions.halves:
        yield sentence(
            "the areas' most quotas sum to {most}, the total is {total}, "
            "and no candidate lies elsewhere",
            most=_in_capacities(most),
            total=total,
        )
    for number, area in enumerate(conditions.areas[:-1]):
        low, high = conditions.area_least[number], conditions.area_most[number]
        held = at_hand[number] * conditions.most
        if low > held:
            yield _area_holds_less(area, low, int(at_hand[number]), held)
        if low > 0 and high < conditions.least:
            yield sentence(
                "area {area} needs {low} and may have {high}; a practice has at least {least}",
                area=area,
                low=_in_capacities(low),
                high=_in_capacities(high),
                least=_in_capacities(conditions.least),
            )
        if forced[number] * conditions.least > high:
            yield sentence(
                "area {area} may have {high}; its {forced} forced sites have at least {least}",
                area=area,
                high=_in_capacities(high),
                forced=int(forced[number]),
                least=_in_capacities(forced[number] * conditions.least),
            )


def _area_holds_less(
    area: str, low: "int | np.integer", at_hand: int, held: "int | np.integer"
) -> str:
    values = {
        "area": area,
        "low": _in_capacities(low),
        "count": at_hand,
        "held": _in_capacities(held),
    }
    if at_hand == 1:
        return sentence(
            "area {area} needs {low}; its {count} candidate holds at most {held}", **values
        )
    return sentence("area {area} needs {low}; its {count} candidates hold at most {held}", **values)


def _forced(
    request: PlacementRequest, conditions: Conditions, candidates: Candidates
) -> Iterator[str]:
    names = candidates.table["site_id"].to_numpy(object)
    for place in np.flatnonzero(conditions.forced & conditions.beside_fixed):
        yield sentence(
            "'{site_id}' is forced in and less than {apart_m:,.0f} m from a practice that stays",
            site_id=names[place],
            apart_m=request.apart_m,
        )
    first, second = conditions.near.nonzero()
    is_forced = np.append(conditions.forced, np.zeros(conditions.movers, dtype=np.bool_))
    held = (first < second) & is_forced[first] & is_forced[second]
    for one, other in zip(first[held], second[held], strict=True):
        yield sentence(
            "'{one}' and '{other}' are forced in and less than {apart_m:,.0f} m from each other",
            one=names[one],
            other=names[other],
            apart_m=request.apart_m,
        )


def _skal(conditions: Conditions) -> Iterator[str]:
    is_usable = np.append(~conditions.barred, np.ones(conditions.movers, dtype=np.bool_))
    for group, name in zip(conditions.serve, conditions.serve_names, strict=True):
        if not is_usable[group].any():
            yield sentence(
                "the skal-area {name} needs 1 site, and 0 candidates count for it", name=name
            )
    # Where nobody moves, each skal-area takes a site of its own: no place is in two.
    without_mover = sum(bool((group < conditions.candidates).all()) for group in conditions.serve)
    if without_mover > conditions.most_sites + conditions.movers:
        yield sentence(
            "{count} skal-areas need a site each, and at most {most} may open",
            count=without_mover,
            most=conditions.most_sites,
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
        names = tuple(
            said(family, say(f"placement.family.{family}", "da"))
            for family in FAMILIES
            if _has_rows(conditions, family)
        )
        return sentence("several of these must give at once: {names}", names=names)
    parts = tuple(_how_much(conditions, family, watch) for family in able)
    return sentence("one of these must give: {parts:, or }", parts=parts)


def _has_rows(conditions: Conditions, family: str) -> bool:
    _, rows = write_conditions(conditions, Program(), move_worth=0.0)
    return family in rows.rows


def _how_much(conditions: Conditions, family: str, watch: Watch) -> str:
    amount = -_solve(conditions, watch, waived=family, slack=True).value
    if family == "practices":
        needed = conditions.most_sites + round(amount)
        return sentence(
            "at least {needed} practices are needed, at most {most} may open",
            needed=needed,
            most=conditions.most_sites,
        )
    if family == "capacities":
        return sentence(
            "the total: it is {total}, and the nearest that the others allow is {off} away",
            total=_in_capacities(conditions.halves),
            off=_in_capacities(round(amount)),
        )
    if family == "quotas":
        return sentence(
            "the quotas, which would be missed by {off}", off=_in_capacities(round(amount))
        )
    return sentence("{what}: {count}", what=_COUNTED[family], count=round(amount))
