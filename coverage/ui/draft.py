"""The scenario that a visitor works on, with what was undone: frozen, and pure functions.

Undo and redo go through lists of actions. What a scenario is called is no step: an undo
after a saving must not give it back an older name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coverage.scenario.actions import Action, Open, Scenario, subject_of
from coverage.scenario_folder import scenario_file_name

# New practices are N1, N2 …: never an ydernummer, which are digits.
_SITE_ID = re.compile(r"N(\d{1,6})")
_MAX_STEPS = 100
# The scenario that every visit begins with.
NOTHING = Scenario(name="")


@dataclass(frozen=True)
class NewSite:
    """A place for a new practice: EPSG:25832, and what it is called, empty if nothing."""

    x_m: float
    y_m: float
    name: str = ""


@dataclass(frozen=True)
class NewPractice:
    """What the next new practice is like; see ``scenario.actions.Open``."""

    capacities: float = 1.0
    intake_open: bool = True
    clinic_form: str = "unknown"
    name: str = ""
    owner: str = ""


@dataclass(frozen=True)
class Draft:
    """A scenario in the making.

    Attributes
    ----------
    scenario
        As it is now; its name may still be blank.
    saved
        As it was last saved or loaded; None if never.
    done, undone
        What undo and redo lead to, the next one last.
    next_number
        Of the next new practice; never used again.
    """

    scenario: Scenario = NOTHING
    saved: Scenario | None = None
    done: tuple[Scenario, ...] = ()
    undone: tuple[Scenario, ...] = ()
    next_number: int = 1

    @property
    def is_saved(self) -> bool:
        """Nothing would be lost: it is as it was saved, or there is nothing in it."""
        nothing = not self.scenario.actions and self.saved is None
        return nothing or self.scenario == self.saved


def add_actions(draft: Draft, actions: Sequence[Action], register_sha256: str) -> Draft:
    """Return the draft with more actions, which are one step to undo.

    Parameters
    ----------
    register_sha256
        Of the register that they were made for.
    """
    scenario = replace(
        draft.scenario,
        actions=(*draft.scenario.actions, *actions),
        register_sha256=register_sha256,
    )
    return _step(draft, scenario)


def open_sites(
    draft: Draft, sites: Sequence[NewSite], like: NewPractice, register_sha256: str
) -> Draft:
    """Return the draft with a new practice at every site, all of them one step to undo.

    A site's own name wins over that of ``like``.
    """
    opened = [
        Open(
            site_id=f"N{draft.next_number + position}",
            x_m=site.x_m,
            y_m=site.y_m,
            capacities=like.capacities,
            name=like.name or site.name,
            intake_open=like.intake_open,
            clinic_form=like.clinic_form,
            owner=like.owner,
        )
        for position, site in enumerate(sites)
    ]
    numbered = replace(draft, next_number=draft.next_number + len(opened))
    return add_actions(numbered, opened, register_sha256)


def add_found(draft: Draft, actions: Sequence[Action], register_sha256: str) -> Draft:
    """Return the draft with actions that a search found, one step to undo.

    New practices get the draft's own numbers: a candidate's id could stand for another place.
    """
    added: list[Action] = []
    number = draft.next_number
    for action in actions:
        if isinstance(action, Open):
            added.append(replace(action, site_id=f"N{number}"))
            number += 1
        else:
            added.append(action)
    return add_actions(replace(draft, next_number=number), added, register_sha256)


def remove_action(draft: Draft, number: int) -> Draft:
    """Return the draft without an action (from 1); without a new practice goes all about it."""
    actions = draft.scenario.actions
    if not 1 <= number <= len(actions):
        return draft
    gone = actions[number - 1]
    opened = gone.site_id if isinstance(gone, Open) else None
    kept = tuple(
        action
        for position, action in enumerate(actions, start=1)
        if position != number and subject_of(action) != opened
    )
    return _step(draft, replace(draft.scenario, actions=kept))


def note_action(draft: Draft, number: int, note: str) -> Draft:
    """Return the draft with another note on an action (from 1)."""
    actions = list(draft.scenario.actions)
    if not 1 <= number <= len(actions) or actions[number - 1].note == note:
        return draft
    actions[number - 1] = replace(actions[number - 1], note=note)
    return _step(draft, replace(draft.scenario, actions=tuple(actions)))


def clear_actions(draft: Draft) -> Draft:
    """Return the draft without actions; an undo brings them back."""
    if not draft.scenario.actions:
        return draft
    return _step(draft, replace(draft.scenario, actions=()))


def undo(draft: Draft) -> Draft:
    """Return the draft before its last step."""
    if not draft.done:
        return draft
    *done, earlier = draft.done
    undone = (*draft.undone, draft.scenario)
    return replace(draft, scenario=earlier, done=tuple(done), undone=undone)


def redo(draft: Draft) -> Draft:
    """Return the draft after the step that was undone last."""
    if not draft.undone:
        return draft
    *undone, later = draft.undone
    return replace(draft, scenario=later, done=(*draft.done, draft.scenario), undone=tuple(undone))


def name_scenario(draft: Draft, name: str, note: str) -> Draft:
    """Return the draft under another name and note, its earlier and later steps too."""
    now = draft.scenario

    def renamed(one: Scenario) -> Scenario:
        same = (one.name, one.note) == (now.name, now.note)
        return replace(one, name=name, note=note) if same else one

    return replace(
        draft,
        scenario=renamed(now),
        done=tuple(map(renamed, draft.done)),
        undone=tuple(map(renamed, draft.undone)),
    )


def load_scenario(draft: Draft, scenario: Scenario, *, is_saved: bool) -> Draft:
    """Return the draft with another scenario in place of its own, which an undo brings back.

    Parameters
    ----------
    is_saved
        It is in the study's folder; an uploaded one is not.
    """
    stepped = _step(draft, scenario)
    return replace(
        stepped,
        saved=scenario if is_saved else None,
        next_number=max(draft.next_number, _next_number(scenario.actions)),
    )


def begin_anew(draft: Draft) -> Draft:
    """Return an empty draft without a name; an undo brings the old one back."""
    if draft.scenario == NOTHING:
        return draft
    return replace(_step(draft, NOTHING), saved=None)


def carry_over(draft: Draft, register_sha256: str) -> Draft:
    """Return the draft for another register, each action on the same ydernummer there."""
    return _step(draft, replace(draft.scenario, register_sha256=register_sha256))


def mark_saved(draft: Draft, scenario: Scenario) -> Draft:
    """Return the draft after it was saved as a scenario with its texts cleaned."""
    renamed = name_scenario(draft, scenario.name, scenario.note)
    return replace(renamed, scenario=scenario, saved=scenario)


def forget_saved(draft: Draft, file_name: str) -> Draft:
    """Return the draft after a file was deleted: if it was its own, it is not saved any more."""
    own = draft.saved is not None and scenario_file_name(draft.saved.name) == file_name
    return replace(draft, saved=None) if own else draft


def is_for_register(draft: Draft, register_sha256: str) -> bool:
    """Return whether the actions were made for a register, or for none yet."""
    return draft.scenario.register_sha256 in ("", register_sha256)


def _step(draft: Draft, scenario: Scenario) -> Draft:
    done = (*draft.done, draft.scenario)[-_MAX_STEPS:]
    return replace(draft, scenario=scenario, done=done, undone=())


def _next_number(actions: Sequence[Action]) -> int:
    found = (_SITE_ID.fullmatch(subject_of(action)) for action in actions)
    return 1 + max((int(match[1]) for match in found if match), default=0)
