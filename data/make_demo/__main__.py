"""Write the demo region's files: ``python -m data.make_demo [--out FOLDER]``."""

import argparse
import csv
from pathlib import Path

import numpy as np
import shapely

from . import coast, kommuner, people, places, postcodes, practices, ratios, streets, trunk, ways
from . import write_roads, write_tables
from .addresses import lay_addresses
from .geodesy import from_grid, generator, to_degrees, to_metres
from .network import build_network

DATA = Path(__file__).resolve().parent.parent

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


def generate(facts: Path, out: Path) -> dict[str, shapely.Geometry]:
    """Write all files of the demo; returns the kommuner's outlines in metres."""
    out.mkdir(parents=True, exist_ok=True)
    names, totals = read_kommuner(facts)
    masses = coast.read_land()
    land = coast.settled(masses)
    towns = places.read_towns(facts, land)
    outlines = kommuner.make_outlines(masses, towns)
    kommuner.write_outlines(outlines, names, out / "kommuner.geojson")
    settlements = towns + places.make_villages(towns, land, outlines)
    junctions = streets.lay_junctions(settlements, land)
    region = shapely.union_all(list(outlines.values()))
    network = build_network(settlements, junctions, land, region)
    ground = shapely.union_all(list(land.values()))
    finder = postcodes.PostcodeFinder(postcodes.post_towns(towns, land))
    roads = ways.build_ways(network, settlements, finder, ground)
    trunk.add_motorways(roads, network, ground)
    trunk.add_ferries(roads, network, land)
    addresses = lay_addresses(roads, settlements)
    write_roads.write_pbf(roads, addresses, out / "roads.osm.pbf")
    cells = people.settle(addresses, settlements, outlines, totals)
    south = to_degrees(from_grid(cells.corner))[:, 1]
    write_tables.write_population(
        cells, [False] * len(south), out / "population.csv", generator("census")
    )
    positions = skal_positions(facts, towns)
    capacity = practices.capacities_by_town(cells, towns, set(positions))
    write_tables.write_practices(
        practices.make_practices(capacity, towns, addresses), out / "practices.csv"
    )
    write_tables.write_towns(towns, names, out / "towns.csv")
    write_tables.write_skal_areas(facts, positions, out / "skal_areas.csv")
    return outlines


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
