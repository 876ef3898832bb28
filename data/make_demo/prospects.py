"""Made-up prospects: each kommune's people until 2040 by age, and their need of a doctor."""

from dataclasses import dataclass

import numpy as np

from .geodesy import FloatArray, generator

FIRST_YEAR, LAST_YEAR = 2026, 2040
AGES = ("0-14 år", "15-64 år", "65-79 år", "80+ år")

# Change of an age group's share a year; those of working age are what is left.
_YOUNG_CHANGE, _OLDER_CHANGE, _OLDEST_CHANGE = -0.003, 0.006, 0.028
_FADING = 0.985  # of a year's growth is left the year after: trends do not last

# A doctor's work for a person of each age group beside the mean person's: rough guesses, as
# are the prospects below.
_WORK = np.array([0.80, 0.90, 1.35, 1.65])


@dataclass(frozen=True)
class Prospect:
    """A kommune in the first year: growth a year and age groups, in percent of its people.

    ``illness_pct`` is the need that its ages do not explain.
    """

    growth_pct: float
    young_pct: float
    older_pct: float
    oldest_pct: float
    illness_pct: float


PROSPECTS = {
    "0410": Prospect(0.66, 16.0, 17.0, 6.3, -3.0),  # Middelfart
    "0420": Prospect(-0.15, 15.0, 18.8, 6.8, 2.0),  # Assens
    "0430": Prospect(-0.05, 15.0, 19.3, 7.0, 0.0),  # Faaborg-Midtfyn
    "0440": Prospect(0.05, 15.0, 19.2, 7.4, -1.0),  # Kerteminde
    "0450": Prospect(0.15, 15.0, 18.8, 7.2, 2.0),  # Nyborg
    "0461": Prospect(0.72, 15.3, 12.6, 4.6, 0.0),  # Odense
    "0479": Prospect(0.20, 14.8, 18.0, 7.0, 0.0),  # Svendborg
    "0480": Prospect(-0.12, 15.0, 18.7, 6.6, 1.0),  # Nordfyns
    "0482": Prospect(-0.85, 11.2, 24.5, 10.0, 4.0),  # Langeland
    "0492": Prospect(-0.75, 11.0, 26.0, 10.4, 2.0),  # Ærø
    "0510": Prospect(-0.15, 15.6, 17.6, 6.6, 2.0),  # Haderslev
    "0530": Prospect(0.40, 17.2, 15.2, 5.5, -4.0),  # Billund
    "0540": Prospect(0.02, 14.6, 18.2, 7.0, 2.0),  # Sønderborg
    "0550": Prospect(-0.55, 14.2, 19.4, 7.3, 5.0),  # Tønder
    "0561": Prospect(0.08, 16.0, 15.6, 5.6, 2.0),  # Esbjerg
    "0563": Prospect(-0.35, 13.0, 23.4, 8.0, -5.0),  # Fanø
    "0573": Prospect(-0.20, 16.3, 17.1, 6.2, 0.0),  # Varde
    "0575": Prospect(-0.05, 16.8, 16.2, 6.0, 1.0),  # Vejen
    "0580": Prospect(-0.12, 15.5, 17.7, 6.7, 3.0),  # Aabenraa
    "0607": Prospect(0.55, 16.4, 15.2, 5.8, 3.0),  # Fredericia
    "0621": Prospect(0.66, 16.5, 15.0, 5.4, -1.0),  # Kolding
    "0630": Prospect(0.90, 17.4, 14.6, 5.2, -4.0),  # Vejle
}


@dataclass(frozen=True)
class Projection:
    """Persons of each kommune: shape (years, ages), years from ``FIRST_YEAR``."""

    persons: dict[str, FloatArray]


def project(totals: dict[str, int]) -> Projection:
    """Project every kommune from about its total of today; whole persons.

    Raises KeyError for a kommune without a prospect.
    """
    rng = generator("projection")
    return Projection({code: _persons(totals[code], PROSPECTS[code], rng) for code in totals})


def _persons(total: int, prospect: Prospect, rng: np.random.Generator) -> FloatArray:
    year = np.arange(LAST_YEAR - FIRST_YEAR + 1)
    growth = prospect.growth_pct / 100 * _FADING ** year[1:] + rng.normal(0, 0.0004, len(year) - 1)
    start = total * rng.uniform(0.997, 1.003)
    people = start * np.concatenate([[1.0], np.cumprod(1 + growth)])
    pace = rng.uniform(0.9, 1.1)
    young = prospect.young_pct / 100 * (1 + _YOUNG_CHANGE * pace * year)
    older = prospect.older_pct / 100 * (1 + _OLDER_CHANGE * pace * year)
    oldest = prospect.oldest_pct / 100 * (1 + _OLDEST_CHANGE * pace * year)
    shares = np.column_stack([young, 1 - young - older - oldest, older, oldest])
    rounded: FloatArray = np.round(people[:, None] * shares)
    return rounded


def weigh_need(projection: Projection) -> dict[str, float]:
    """Need of a kommune's people in the first year beside the region's mean, two decimals."""
    first = {code: persons[0] for code, persons in projection.persons.items()}
    need = {
        code: float(ages @ _WORK) / float(ages.sum()) * (1 + PROSPECTS[code].illness_pct / 100)
        for code, ages in first.items()
    }
    people = np.array([ages.sum() for ages in first.values()])
    mean = float(np.average(list(need.values()), weights=people))
    return {code: round(each / mean, 2) for code, each in need.items()}


@dataclass(frozen=True)
class Task:
    """A task that moves to general practice: its ages (all if none) and consultations a person."""

    name: str
    ages: str
    per_person: float


TASKS = (
    Task("Kontrol af KOL", "65+", 0.62),
    Task("Kontrol af type 2-diabetes", "65+", 0.85),
    Task("Opfølgning efter kræftforløb", "", 0.11),
    Task("Osteoporose: udredning og kontrol", "80+", 0.70),
    Task("Let til moderat psykisk sygdom", "15-64", 0.24),
    Task("Børn med astma", "0-14", 0.18),
)
_HUNDRED = 100


def list_tasks(projection: Projection) -> dict[str, tuple[str, int]]:
    """Consultations of each task in the first year, in hundreds, and the ages it is for."""
    rng = generator("tasks")
    people = np.sum([persons[0] for persons in projection.persons.values()], axis=0)
    held = {"": slice(None), "0-14": slice(0, 1), "15-64": slice(1, 2), "65+": slice(2, None)}
    held["80+"] = slice(3, None)
    tasks = {}
    for task in TASKS:
        consultations = people[held[task.ages]].sum() * task.per_person * rng.uniform(0.9, 1.1)
        tasks[task.name] = (task.ages, round(consultations / _HUNDRED) * _HUNDRED)
    return tasks
