"""What can be compared: the baseline, the scenario in the making, and the saved ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coverage.errors import LaegedaekningError
from coverage.scenario.actions import Scenario
from coverage.scenario_folder import SavedScenario
from coverage.ui.draft import NOTHING, Draft
from coverage.wording import Language, say

BASELINE, DRAFT = "baseline", "draft"
# So many are compared before anybody has chosen.
_AT_FIRST = 3


@dataclass(frozen=True)
class Offered:
    """A scenario that can be compared, under a name that no other one has.

    Attributes
    ----------
    variant_id
        ``BASELINE``, ``DRAFT`` or the file name.
    """

    variant_id: str
    name: str
    scenario: Scenario


@dataclass(frozen=True)
class LeftOut:
    """A saved scenario that cannot be compared, and why."""

    name: str
    problem: LaegedaekningError | None


def offered_variants(
    draft: Draft, saved: Sequence[SavedScenario], register_sha256: str, language: Language
) -> tuple[tuple[Offered, ...], tuple[LeftOut, ...]]:
    """Return what can be compared, the baseline first, and the saved scenarios that cannot.

    A scenario for another register is left out: it is to be carried over first. The
    draft is left out while it is empty or one of the saved ones.
    """
    found: list[tuple[str, str, Scenario]] = [
        (BASELINE, say("app.sammenlign.baseline", language), NOTHING)
    ]
    scenario = draft.scenario
    is_saved = any(one.scenario == scenario for one in saved)
    if scenario.actions and not is_saved and _is_for(scenario, register_sha256):
        name = scenario.name or say("app.simulering.list.unnamed", language)
        found.append((DRAFT, say("app.sammenlign.draft", language, name=name), scenario))
    left_out = []
    for one in saved:
        if one.scenario is None:
            left_out.append(LeftOut(one.file_name, one.problem))
        elif not _is_for(one.scenario, register_sha256):
            left_out.append(LeftOut(one.scenario.name, None))
        else:
            found.append((one.file_name, one.scenario.name, one.scenario))
    return _with_own_names(found), tuple(left_out)


def chosen_ids(offered: Sequence[Offered], chosen: Sequence[str] | None) -> tuple[str, ...]:
    """Return which of the offered scenarios are compared; at first the first ones."""
    known = [one.variant_id for one in offered if one.variant_id != BASELINE]
    if chosen is None:
        return tuple(known[:_AT_FIRST])
    return tuple(one for one in known if one in chosen)


def in_order(done: Sequence[Offered], reference: str) -> tuple[Offered, ...]:
    """Return what is compared, the reference first; the baseline is always among it."""
    first = by_id(done).get(reference, done[0])
    return (first, *(one for one in done if one != first))


def by_id(offered: Sequence[Offered]) -> Mapping[str, Offered]:
    """Return the offered scenarios by id."""
    return {one.variant_id: one for one in offered}


def _is_for(scenario: Scenario, register_sha256: str) -> bool:
    return scenario.register_sha256 in ("", register_sha256)


def _with_own_names(found: Sequence[tuple[str, str, Scenario]]) -> tuple[Offered, ...]:
    """Return them with a number on the later ones of a name: files can be copied by hand."""
    seen: set[str] = set()
    offered = []
    for variant_id, name, scenario in found:
        own, number = name, 1
        while own in seen:
            number += 1
            own = f"{name} ({number})"
        seen.add(own)
        offered.append(Offered(variant_id, own, scenario))
    return tuple(offered)
