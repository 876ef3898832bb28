"""Write what a region's plan adds: projection, need, limits, areas, designations."""

from pathlib import Path

from shapely.geometry.base import BaseGeometry

from .decisions import DESIGNATIONS, KOMMUNE_LIMITS, PLANNING_AREAS, single_limits
from .kommuner import write_layer
from .practices import Practice
from .prospects import AGES, FIRST_YEAR, Projection, list_tasks, project, weigh_need
from .subareas import divide
from .write_tables import dotted, write_csv

DELIMITER = ";"


def write_plan(
    outlines: dict[str, BaseGeometry],
    register: list[Practice],
    names: dict[str, str],
    totals: dict[str, int],
    out: Path,
) -> None:
    """Write all files of the plan; names and totals (persons) by kommune code."""
    projection = project(totals)
    write_projection(projection, names, out / "projection.csv")
    write_need_weights(weigh_need(projection), names, out / "need_weights.csv")
    write_closing_limits(register, names, out / "closing_limits.csv")
    write_planning_areas(names, out / "planomraader.csv")
    areas = [({"id": key, "name": name}, shape) for key, (name, shape) in divide(outlines).items()]
    write_layer("delomraader", areas, out / "delomraader.geojson")
    write_designations(out / "designations.csv")
    write_tasks(list_tasks(projection), out / "transferred_tasks.csv")


def write_projection(projection: Projection, names: dict[str, str], path: Path) -> None:
    """Write the projection in the form of StatBank's tables: names, one number a row."""
    rows = [
        (names[code], age, FIRST_YEAR + year, int(persons[year, group]))
        for code, persons in projection.persons.items()
        for group, age in enumerate(AGES)
        for year in range(len(persons))
    ]
    write_csv(path, ("OMRÅDE", "ALDER", "TID", "INDHOLD"), rows, delimiter=DELIMITER)


def write_need_weights(weights: dict[str, float], names: dict[str, str], path: Path) -> None:
    """Write one factor a kommune, with decimal comma."""
    rows = [(names[code], f"{weight:.2f}".replace(".", ",")) for code, weight in weights.items()]
    write_csv(path, ("kommune", "vægt"), rows, delimiter=DELIMITER)


def write_closing_limits(register: list[Practice], names: dict[str, str], path: Path) -> None:
    """Write the limits of kommuner, then of single practices, with thousands dot."""
    rows = [("", names[code], dotted(limit)) for code, limit in KOMMUNE_LIMITS.items()]
    rows += [(number, "", dotted(limit)) for number, limit in single_limits(register).items()]
    write_csv(path, ("ydernummer", "kommune", "lukkegrænse"), rows, delimiter=DELIMITER)


def write_planning_areas(names: dict[str, str], path: Path) -> None:
    """Write the planning area of each kommune."""
    rows = [(names[code], area) for area, codes in PLANNING_AREAS.items() for code in codes]
    write_csv(path, ("kommune", "område"), rows, delimiter=DELIMITER)


def write_tasks(tasks: dict[str, tuple[str, int]], path: Path) -> None:
    """Write the transferred tasks; a blank age is everybody."""
    rows = [(name, ages, dotted(count)) for name, (ages, count) in tasks.items()]
    write_csv(path, ("opgave", "alder", "konsultationer pr. år"), rows, delimiter=DELIMITER)


def write_designations(path: Path) -> None:
    """Write the designated kommuner; nothing in a cell means that it has not ended."""
    header = (
        "Niveau",
        "Områdekode",
        "Fra",
        "Tidligste ophør",
        "Ophørt",
        "Grundlag",
        "Beslutning",
    )
    rows = [
        ("kommune", d.kommune_code, d.since, d.earliest_end, d.ended, d.basis, d.decision)
        for d in DESIGNATIONS
    ]
    write_csv(path, header, rows, delimiter=DELIMITER)
