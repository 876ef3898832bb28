"""A scenario: what a planner would do to the practices, as a list of actions.

Actions are values and do nothing by themselves: ``resolve`` says what they make
of a register, ``apply`` measures it, ``check`` names the rules they touch.
"""

from dataclasses import dataclass

# The longest texts that are kept, as of judgements: a name fits a heading, a note a page.
MAX_NAME_LENGTH = 100
MAX_NOTE_LENGTH = 2_000
MAX_ACTIONS = 500


@dataclass(frozen=True, kw_only=True)
class Open:
    """A new practice.

    Attributes
    ----------
    site_id
        Names the practice within the scenario (``K1``); never an ydernummer in use.
    name
        As it is shown; may be empty.
    x_m, y_m
        EPSG:25832.
    capacities
        Whole or half, above 0.
    intake_open
        It takes new patients.
    clinic_form
        One of ``tables.CLINIC_FORMS``.
    owner
        Who would hold the ydernummer; empty where nobody knows.
    note
        Why, in the planner's own words.
    """

    site_id: str
    x_m: float
    y_m: float
    capacities: float
    name: str = ""
    intake_open: bool = True
    clinic_form: str = "unknown"
    owner: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenSatellite:
    """A second address of a practice: the same ydernummer, list and doctors.

    No source found says that a satellite is a choice of its own, so that it
    changes no distance; it is counted, and its distance to the main address judged.
    """

    ydernummer: str
    x_m: float
    y_m: float
    address: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Close:
    """The practice closes for good; its patients remain in its area (``takeover``)."""

    ydernummer: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Move:
    """The practice moves, with its list and doctors."""

    ydernummer: str
    x_m: float
    y_m: float
    address: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Resize:
    """The practice has so many capacities from now on."""

    ydernummer: str
    capacities: float
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SetIntake:
    """The practice opens or closes its list."""

    ydernummer: str
    intake_open: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Retire:
    """The eldest doctors of a practice stop, and nobody takes over.

    Attributes
    ----------
    doctors
        How many. If none is left the practice closes.
    capacities
        How much capacity ends with them; None for their even share of the practice's.
    """

    ydernummer: str
    doctors: int = 1
    capacities: float | None = None
    note: str = ""


Action = Open | OpenSatellite | Close | Move | Resize | SetIntake | Retire
# Kind, as files and messages name it -> the action.
KINDS: dict[str, type[Action]] = {
    "open": Open,
    "open_satellite": OpenSatellite,
    "close": Close,
    "move": Move,
    "resize": Resize,
    "set_intake": SetIntake,
    "retire": Retire,
}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A named list of actions on one register.

    Attributes
    ----------
    name, note
        The planner's own words.
    actions
        In the order in which they are carried out.
    register_sha256
        Digest of the register file that the actions were made for; empty where unknown.
    """

    name: str
    note: str = ""
    actions: tuple[Action, ...] = ()
    register_sha256: str = ""


def kind_of(action: Action) -> str:
    """Return the action's kind, a key of ``KINDS``."""
    return next(kind for kind, action_type in KINDS.items() if isinstance(action, action_type))


def subject_of(action: Action) -> str:
    """Return the practice that the action is about: its ydernummer or site id."""
    return action.site_id if isinstance(action, Open) else action.ydernummer
