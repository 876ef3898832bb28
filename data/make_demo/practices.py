"""Made-up practices: how many capacities a town gets, how they are split, who works there."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from .addresses import Address
from .geodesy import FloatArray, from_grid, generator, nearest
from .names import FIRST_NAMES, SURNAMES
from .people import Cells
from .places import Place

PERSONS_PER_CAPACITY = 1625.0
SMALLEST_DEMAND = 2300.0  # a town outside the skal-areas gets a practice from here on
CLOSED_SHARE = 2 / 3
OVER_60_SHARE = 0.25
NEWEST_BIRTH_YEAR_OVER_60 = 1965  # as of 2026
FIRST_YDERNUMMER = 81_013

# Skal-areas left without a practice, so that the demo has places with a problem.
EMPTY_AREAS = frozenset(
    {
        "Sdr. Omme",
        "Nørre Nebel",
        "Felsted",
        "Bredsten",  # nobody
        "Bylderup-Bov",
        "Agerbæk",
        "Kværndrup",
        "Hesselager",
        "Høruphav",
        "Bredebro",  # partner has
    }
)
# Kommuner with fewer doctors than people would give them.
SHORT_OF_DOCTORS = {"0482": 0.80, "0550": 0.86, "0573": 0.86, "0530": 0.90, "0580": 0.93}

# Landmasses joined by road count as one when people look for a town.
_JOINED = {"Als": "Jylland", "Rømø": "Jylland", "Ærø": "Ærø", "Fanø": "Fanø", "Jylland": "Jylland"}

# Clinic forms and their shares, for one doctor's practices and for larger ones.
_FORMS_OF_ONE = {
    "Solopraksis": 0.88,
    "Delepraksis": 0.05,
    "Regionsklinik": 0.04,
    "Udbudsklinik": 0.03,
}
_FORMS_OF_MORE = {
    "Kompagniskab": 0.72,
    "Samarbejdspraksis": 0.17,
    "Delepraksis": 0.05,
    "Regionsklinik": 0.03,
    "Udbudsklinik": 0.03,
}

HALF = 0.5
_SIZES = (1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 2.5)
WHOLE_FROM = 3.0  # larger towns get whole capacities
HALF_ALONE = 0.3  # share of left-over halves that stay a practice of their own


@dataclass(frozen=True)
class Practice:
    """One row of the register."""

    ydernummer: str
    name: str
    address: str
    postcode: str
    city: str
    capacities: float
    listed_persons: int
    closed: bool
    form: str
    birth_years: tuple[int, ...]
    accessible: bool | None = None
    satellite: str = ""


def _main_land(land: str) -> str:
    return _JOINED.get(land, "Fyn")


def _demand(cells: Cells, towns: list[Place], chosen: list[int]) -> FloatArray:
    """People nearest to each chosen town, without crossing water where no bridge is."""
    xy = from_grid(cells.corner + 500.0)
    demand = np.zeros(len(towns))
    lands = np.array([_main_land(name) for name in cells.land])
    for name in ("Jylland", "Fyn", "Ærø", "Fanø"):
        here = [k for k in chosen if _main_land(towns[k].land) == name]
        tree = cKDTree([(towns[k].x_m, towns[k].y_m) for k in here])
        inside = lands == name
        _, closest = nearest(tree, xy[inside])
        demand[here] += np.bincount(closest, cells.persons[inside], minlength=len(here))
    return demand


def capacities_by_town(cells: Cells, towns: list[Place], skal: set[str]) -> dict[int, float]:
    """Capacities of each town that has a practice, in halves."""
    candidates = [k for k, t in enumerate(towns) if t.name not in EMPTY_AREAS]
    demand = _demand(cells, towns, candidates)
    chosen = [k for k in candidates if towns[k].name in skal or demand[k] >= SMALLEST_DEMAND]
    demand = _demand(cells, towns, chosen)
    return {
        k: _capacities(demand[k] * SHORT_OF_DOCTORS.get(towns[k].kommune_code, 1.0)) for k in chosen
    }


def _capacities(persons: float) -> float:
    """Capacities for so many persons: at least one, in halves where few."""
    exact = persons / PERSONS_PER_CAPACITY
    return float(round(exact)) if exact >= WHOLE_FROM else max(round(exact * 2) / 2, 1.0)


def _split(capacities: float, rng: np.random.Generator) -> list[float]:
    """Split a town's capacities into practices of one to five."""
    sizes: list[float] = []
    left = capacities
    while left > 0:
        size = min(_SIZES[int(rng.integers(len(_SIZES)))], left)
        if left - size == HALF and rng.random() > HALF_ALONE:
            size = left
        sizes.append(size)
        left -= size
    return sizes


def _form(capacities: float, rng: np.random.Generator) -> str:
    if capacities == HALF:
        return "Delepraksis"
    shares = _FORMS_OF_ONE if capacities <= 1 else _FORMS_OF_MORE
    return str(rng.choice(list(shares), p=list(shares.values())))


def _name(form: str, number: int, rng: np.random.Generator) -> str:
    """Make a name that nobody will take for a real clinic's."""
    first = FIRST_NAMES[int(rng.integers(len(FIRST_NAMES)))]
    one, two = (SURNAMES[int(k)] for k in rng.choice(len(SURNAMES), 2, replace=False))
    if form in ("Regionsklinik", "Udbudsklinik"):
        return f"{form} {one} (demo)"
    if form == "Solopraksis":
        return f"Læge {first} {one}"
    pattern = ("Lægerne {} & {}", "Lægehuset {}-{}", "Lægeklinikken {} og {}")[number % 3]
    return pattern.format(one, two)


def _listed(*, closed: bool, capacities: float, rng: np.random.Generator) -> int:
    mean, spread, low, high = (1655, 45, 1590, 1750) if closed else (1490, 65, 1380, 1595)
    return round(float(np.clip(rng.normal(mean, spread), low, high)) * capacities)


def _birth_years(
    forms: list[str], capacities: list[float], rng: np.random.Generator
) -> list[tuple[int, ...]]:
    """Birth years of the doctors; regions' own clinics list none."""
    count = [
        0 if form == "Regionsklinik" else int(np.ceil(size)) + (form == "Delepraksis")
        for form, size in zip(forms, capacities, strict=True)
    ]
    over_60 = np.zeros(sum(count), dtype=bool)
    over_60[: round(OVER_60_SHARE * sum(count))] = True
    rng.shuffle(over_60)
    old = rng.integers(1955, NEWEST_BIRTH_YEAR_OVER_60 + 1, sum(count))
    young = rng.integers(NEWEST_BIRTH_YEAR_OVER_60 + 1, 1991, sum(count))
    years = iter(np.where(over_60, old, young).tolist())
    return [tuple(sorted(next(years) for _ in range(n))) for n in count]


def _by_place(addresses: list[Address]) -> dict[int, list[Address]]:
    houses: dict[int, list[Address]] = {}
    for address in addresses:
        houses.setdefault(address.place, []).append(address)
    return houses


def _pick_houses(
    here: list[Address], town: Place, count: int, rng: np.random.Generator
) -> list[Address]:
    """Different houses of a town, those near its middle first."""
    away = np.array([np.hypot(a.x_m - town.x_m, a.y_m - town.y_m) for a in here])
    weight = np.exp(-2.0 * away / away.max())
    picks = rng.choice(len(here), count, replace=False, p=weight / weight.sum())
    return [here[int(k)] for k in picks]


def make_practices(
    capacities: dict[int, float], towns: list[Place], addresses: list[Address]
) -> list[Practice]:
    """Make the register, ordered by ydernummer, which follow kommune and town."""
    rng = generator("practices")
    houses = _by_place(addresses)
    sites: list[tuple[Address, float]] = []
    for at, total in capacities.items():
        sizes = _split(total, rng)
        picked = _pick_houses(houses[at], towns[at], len(sizes), rng)
        sites += list(zip(picked, sizes, strict=True))
    forms = [_form(size, rng) for _, size in sites]
    closed = rng.permutation(np.arange(len(sites)) < round(CLOSED_SHARE * len(sites)))
    years = _birth_years(forms, [size for _, size in sites], rng)
    numbers = FIRST_YDERNUMMER + np.cumsum(rng.integers(60, 160, len(sites)))
    names = _different_names(forms, rng)
    practices = [
        Practice(
            f"{int(numbers[k]):06d}",
            names[k],
            f"{house.street} {house.number}",
            house.postcode,
            house.city,
            size,
            _listed(closed=bool(closed[k]), capacities=size, rng=rng),
            bool(closed[k]),
            forms[k],
            years[k],
        )
        for k, (house, size) in enumerate(sites)
    ]
    return _with_loose_addresses(practices, addresses)


def _different_names(forms: list[str], rng: np.random.Generator) -> list[str]:
    names: list[str] = []
    for form in forms:
        name = _name(form, len(names), rng)
        while name in names:
            name = _name(form, len(names), rng)
        names.append(name)
    return names


def _with_loose_addresses(practices: list[Practice], addresses: list[Address]) -> list[Practice]:
    """Give two practices addresses that match only without the letter, or by street alone."""
    known = {(a.postcode, f"{a.street} {a.number}") for a in addresses}
    plain = [k for k, p in enumerate(practices) if p.address[-1].isdigit()]
    first, second = plain[len(plain) // 3], plain[2 * len(plain) // 3]
    street = practices[second].address.rsplit(" ", 1)[0]
    loose = {first: f"{practices[first].address}C", second: f"{street} 997"}
    if any((practices[k].postcode, text) in known for k, text in loose.items()):
        raise ValueError("practices: a loose address exists")
    return [
        Practice(**{**vars(p), "address": loose[k]}) if k in loose else p
        for k, p in enumerate(practices)
    ]
