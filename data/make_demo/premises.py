"""Made-up premises: whether a practice's are accessible, and second addresses (satellites)."""

from dataclasses import replace

import numpy as np

from .addresses import Address
from .geodesy import generator
from .places import Place
from .practices import Practice

ACCESSIBLE_SHARE = 0.78
NOT_REPORTED = 5  # practices whose register row says nothing about access

# Towns without a practice that a larger practice near by visits on some days of the week.
SATELLITE_TOWNS = (
    "Agerbæk",
    "Kværndrup",
    "Hesselager",
    "Høruphav",
    "Bylderup-Bov",
    "Bredebro",
    "Havneby",
)
HOST_CAPACITIES = 2.0  # a practice of fewer is not away two days a week


def add_premises(
    practices: list[Practice], towns: list[Place], addresses: list[Address]
) -> list[Practice]:
    """Return the register with access and satellites; nothing else is changed."""
    accessible = _accessible(len(practices))
    satellites = _satellites(practices, towns, addresses)
    return [
        replace(practice, accessible=access, satellite=satellites.get(practice.ydernummer, ""))
        for practice, access in zip(practices, accessible, strict=True)
    ]


def _accessible(count: int) -> list[bool | None]:
    rng = generator("accessible premises")
    accessible: list[bool | None] = (rng.random(count) < ACCESSIBLE_SHARE).tolist()
    for k in rng.choice(count, NOT_REPORTED, replace=False).tolist():
        accessible[k] = None
    return accessible


def _satellites(
    practices: list[Practice], towns: list[Place], addresses: list[Address]
) -> dict[str, str]:
    """Ydernummer of each town's nearest larger practice -> a house in the middle of the town."""
    rng = generator("satellites")
    at = {(a.postcode, f"{a.street} {a.number}"): (a.x_m, a.y_m) for a in addresses}
    hosts = [
        p
        for p in practices
        if p.capacities >= HOST_CAPACITIES
        and p.form != "Regionsklinik"
        and (p.postcode, p.address) in at
    ]
    sites = np.array([at[p.postcode, p.address] for p in hosts])
    place = {town.name: k for k, town in enumerate(towns)}
    satellites: dict[str, str] = {}
    for name in SATELLITE_TOWNS:
        town = towns[place[name]]
        order = np.argsort(np.hypot(sites[:, 0] - town.x_m, sites[:, 1] - town.y_m), kind="stable")
        host = next(
            hosts[k].ydernummer for k in order.tolist() if hosts[k].ydernummer not in satellites
        )
        houses = [a for a in addresses if a.place == place[name]]
        houses.sort(key=lambda a: float(np.hypot(a.x_m - town.x_m, a.y_m - town.y_m)))
        house = houses[int(rng.integers(max(1, len(houses) // 4)))]
        satellites[host] = f"{house.street} {house.number}, {house.postcode} {house.city}"
    return satellites
