"""Write the demo region's files: ``python -m data.make_demo [--out FOLDER]``."""

import argparse
import csv
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from . import (
    coast,
    kommuner,
    people,
    places,
    postcodes,
    practices,
    premises,
    ratios,
    streets,
    trunk,
    ways,
    write_plan,
    write_roads,
    write_tables,
)
from .addresses import lay_addresses
from .geodesy import generator
from .network import build_network

DATA = Path(__file__).resolve().parent.parent

BEYOND_OUTLINE_M = 80.0

# A skal-area that is a district of Odense and no town of its own: kommune, lat, lon.
DISTRICTS = {"Vollsmose Sundhedscenter": ("0461", 55.4080, 10.4250)}


def read_kommuner(facts: Path) -> tuple[dict[str, str], dict[str, int]]:
    """Names and 2011 populations of Region Syddanmark's kommuner, by code."""
    with (facts / "kommuner.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["region_code"] == "1083"]
    names = {row["kommune_code"]: row["name"] for row in rows}
    return names, {row["kommune_code"]: int(row["population_2011_grid"]) for row in rows}


def skal_positions(facts: Path, towns: list[places.Place]) -> dict[str, tuple[str, float, float]]:
    """Kommune code and position of every skal-area, by its name."""
    known = {town.name: (town.kommune_code, town.lat, town.lon) for town in towns} | DISTRICTS
    with (facts / "skal_areas_syddanmark.csv").open(encoding="utf-8", newline="") as file:
        return {row["area"]: known[row["area"]] for row in csv.DictReader(file)}


def generate(facts: Path, out: Path) -> dict[str, BaseGeometry]:
    """Write all files of the demo; returns the kommuner's outlines in metres."""
    out.mkdir(parents=True, exist_ok=True)
    names, totals = read_kommuner(facts)
    masses = coast.read_land()
    land = coast.settled(masses)
    towns = places.read_towns(facts, land)
    outlines = kommuner.make_outlines(masses, towns)
    settlements = towns + places.make_villages(towns, land, outlines)
    roads = make_roads(settlements, towns, land, outlines)
    addresses = lay_addresses(roads, settlements)
    cells = people.settle(addresses, settlements, outlines, totals)
    german = people.on_border(cells, coast.border_in_metres()).tolist()
    positions = skal_positions(facts, towns)
    capacity = practices.capacities_by_town(cells, towns, set(positions))
    register = practices.make_practices(capacity, towns, addresses)
    register = premises.add_premises(register, towns, addresses)
    kommuner.write_outlines(outlines, names, out / "kommuner.geojson")
    write_roads.write_pbf(roads, addresses, out / "roads.osm.pbf")
    write_tables.write_population(cells, german, out / "population.csv", generator("census"))
    write_tables.write_practices(register, out / "practices.csv")
    write_tables.write_towns(towns, names, out / "towns.csv")
    write_tables.write_skal_areas(facts, positions, out / "skal_areas.csv")
    write_plan.write_plan(outlines, register, names, totals, out)
    return outlines


def make_roads(
    settlements: list[places.Place],
    towns: list[places.Place],
    land: dict[str, Polygon],
    outlines: dict[str, BaseGeometry],
) -> ways.Roads:
    """All ways of the region: streets, country roads, bridges, motorways, ferries."""
    junctions = streets.lay_junctions(settlements, land)
    region = shapely.union_all(list(outlines.values()))
    # The outlines are simplified, the coast is not: allow roads a little beyond the former.
    ground = shapely.union_all(list(land.values())).intersection(region.buffer(BEYOND_OUTLINE_M))
    network = build_network(settlements, junctions, land, ground)
    finder = postcodes.PostcodeFinder(postcodes.post_towns(towns, land))
    roads = ways.build_ways(network, settlements, finder, ground)
    trunk.add_motorways(roads, network, ground)
    trunk.add_ferries(roads, network)
    return roads


def report(out: Path) -> None:
    """Print sizes and the detour table of the files written."""
    for path in sorted(out.iterdir()):
        print(f"{path.name:20} {path.stat().st_size / 1e6:6.2f} MB")
    sampled = ratios.sample_ratios(ratios.read_roads(out / "roads.osm.pbf"))
    for (low, high), sample, goal in zip(ratios.BANDS_M, sampled, ratios.TARGET, strict=True):
        found = " ".join(f"{value:.2f}" for value in ratios.summary(sample))
        aim = " ".join(f"{value:.2f}" for value in goal)
        print(f"{low / 1000:g}-{high / 1000:g} km: {found} (aim {aim}; {len(sample)} pairs)")


def main() -> None:
    """Read the arguments, generate, report."""
    parser = argparse.ArgumentParser(prog="python -m data.make_demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=DATA / "demo")
    parser.add_argument("--facts", type=Path, default=DATA / "facts")
    parser.add_argument("--real-kommuner", type=Path, help="GeoJSON to compare the outlines with")
    parser.add_argument("--quiet", action="store_true", help="write the files, print nothing")
    arguments = parser.parse_args()
    outlines = generate(arguments.facts, arguments.out)
    if not arguments.quiet:
        report(arguments.out)
    if arguments.real_kommuner:
        shares = kommuner.overlap(outlines, arguments.real_kommuner)
        print(f"overlap with the real kommuner: {np.mean(list(shares.values())):.3f} on average")


if __name__ == "__main__":
    main()
