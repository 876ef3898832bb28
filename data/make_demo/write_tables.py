"""Write the demo's tables: population grid, practice register, towns, skal-areas."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from .people import Cells
from .places import Place
from .practices import Practice

_CENSUS_HEADER = """
GRD_ID,T,M,F,Y_LT15,Y_1564,Y_GE65,EMP,NAT,EU_OTH,OTH,SAME,CHG_IN,CHG_OUT,
LAND_SURFACE,POPULATED,CNTR_ID
"""
CENSUS_HEADER = _CENSUS_HEADER.replace("\n", "").split(",")
_REGISTER_HEADER = """
Ydernr;Praksisnavn;Adresse;Postnr;By;Kapaciteter;Tilmeldte gruppe 1-sikrede;Tilgang;
Praksisform;Lægers fødselsår;Handicapadgang;Satellitadresse
"""
REGISTER_HEADER = _REGISTER_HEADER.replace("\n", "").split(";")

NOT_AVAILABLE = -9999
UNALLOCATED_PERSONS = 412
ACCESS = {True: "Ja", False: "Nej", None: ""}
SMALL_CELL = 4  # persons; below, the number in work is not given


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    end: str = "\n",
) -> None:
    """Write a table as UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end)
        writer.writerow(header)
        writer.writerows(rows)


def _census_row(
    identity: str, persons: int, shares: Sequence[float], land: float, country: str
) -> list[object]:
    """One census row from the shares of (men, under 15, over 64, working, other, EU, moved)."""
    men, young, old, working, other, eu, moved = shares

    def part(share: float) -> int:
        return round(persons * share)

    born_abroad, born_eu = part(other), part(eu)
    moved_in, moved_out = part(moved), part(moved * 0.15)
    small = persons < SMALL_CELL
    return [
        identity,
        persons,
        part(men),
        part(1 - men),
        part(young),
        part(1 - young - old),
        part(old),
        NOT_AVAILABLE if small else part(working),
        persons - born_abroad - born_eu,
        born_eu,
        born_abroad,
        persons - moved_in - moved_out,
        moved_in,
        moved_out,
        f"{land:.6f}".rstrip("0").rstrip("."),
        1,
        country,
    ]


def write_population(
    cells: Cells, german: Sequence[bool], path: Path, rng: np.random.Generator
) -> None:
    """Write the grid in the form of Eurostat's census 2021 file, version 3.

    As in the real file the parts need not add up to the total, and one row holds the people
    without a cell.
    """
    urban = cells.urban_share
    count = len(urban)
    old = np.clip(0.235 - 0.06 * urban + rng.normal(0, 0.05, count), 0.03, 0.6)
    young = np.clip(0.165 + rng.normal(0, 0.03, count), 0.02, 0.35)
    men = np.clip(0.515 - 0.02 * urban + rng.normal(0, 0.02, count), 0.4, 0.6)
    working = (1 - young - old) * 0.74
    other = np.clip(0.02 + 0.06 * urban + rng.normal(0, 0.01, count), 0, 0.3)
    abroad = np.clip(0.03 + rng.normal(0, 0.01, count), 0, 0.2)
    moved = np.clip(0.09 + rng.normal(0, 0.02, count), 0, 0.3)
    shares = np.column_stack([men, young, old, working, other, abroad, moved]).tolist()
    order = np.lexsort((cells.corner[:, 0], cells.corner[:, 1])).tolist()
    rows = [
        _census_row(
            f"CRS3035RES1000mN{cells.corner[k, 1]}E{cells.corner[k, 0]}",
            int(cells.persons[k]),
            shares[k],
            float(cells.land_share[k]),
            "DE-DK" if german[k] else "DK",
        )
        for k in order
    ]
    mean = (0.5, 0.16, 0.2, 0.48, 0.1, 0.05, 0.12)
    last = _census_row("DK_unallocated", UNALLOCATED_PERSONS, mean, 0.0, "DK")
    write_csv(path, CENSUS_HEADER, [*rows, last])


def dotted(number: int) -> str:
    """Write a whole number with Danish thousands dots."""
    return f"{number:,}".replace(",", ".")


def write_practices(practices: list[Practice], path: Path) -> None:
    """Write the register as a region exports it: ``;``, decimal comma, thousands dot, CRLF."""
    rows = [
        (
            p.ydernummer,
            p.name,
            p.address,
            p.postcode,
            p.city,
            f"{p.capacities:g}".replace(".", ","),
            dotted(p.listed_persons),
            "Lukket" if p.closed else "Åben",
            p.form,
            ",".join(str(year) for year in p.birth_years),
            ACCESS[p.accessible],
            p.satellite,
        )
        for p in practices
    ]
    write_csv(path, REGISTER_HEADER, rows, delimiter=";", end="\r\n")


def write_towns(towns: list[Place], kommune_names: dict[str, str], path: Path) -> None:
    """Write the towns of the facts with the corrected populations."""
    header = ("town", "kommune_code", "kommune", "lat", "lon", "population", "population_source")
    rows = [
        (
            t.name,
            t.kommune_code,
            kommune_names[t.kommune_code],
            f"{t.lat:.5f}",
            f"{t.lon:.5f}",
            t.population,
            t.source,
        )
        for t in towns
    ]
    write_csv(path, header, rows)


def write_skal_areas(
    facts: Path, positions: dict[str, tuple[str, float, float]], path: Path
) -> None:
    """Write the skal-areas of the facts, with kommune code and position of each."""
    header = ("kommune", "area", "includes", "or_area", "or_kommune", "kommune_code", "lat", "lon")
    with (facts / "skal_areas_syddanmark.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (*(row[column] for column in header[:5]), code, f"{lat:.5f}", f"{lon:.5f}")
            for row in csv.DictReader(file)
            for code, lat, lon in (positions[row["area"]],)
        ]
    write_csv(path, header, rows)
