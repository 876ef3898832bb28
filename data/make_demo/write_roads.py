"""Write roads, ferries and addresses as an OpenStreetMap PBF file, the same bytes each time."""

from pathlib import Path

import numpy as np
import osmium
import osmium.osm.mutable as osm

from .addresses import Address
from .geodesy import FloatArray, to_degrees
from .ways import Roads, Way

FIRST_ADDRESS_ID = 1_000_000_001
FIRST_ROAD_NODE_ID = 1_000_001
FIRST_WAY_ID = 1_001


def way_tags(way: Way) -> dict[str, str]:
    """OpenStreetMap tags of a way."""
    tags = {"highway": way.highway} if way.highway else {}
    if way.name:
        tags["name"] = way.name
    if way.oneway:
        tags["oneway"] = "yes"
    return tags | dict(way.extra)


def _place_order(xy: FloatArray) -> FloatArray:
    """Key that keeps neighbours together on file: 8 km squares, then west to east."""
    squares = np.floor(xy / 8000)
    return np.asarray(squares[:, 1] * 1e6 + squares[:, 0] * 1e3, dtype=np.float64)


def write_pbf(roads: Roads, addresses: list[Address], path: Path) -> None:
    """Write the file: road nodes, address nodes, then ways, each sorted by id."""
    lonlat = to_degrees(np.array(roads.xy)).round(7).tolist()
    middle = np.array([roads.xy[way.nodes[0]] for way in roads.ways])
    order = np.argsort(_place_order(middle), kind="stable").tolist()
    ids: dict[int, int] = {}
    for k in order:
        for node in roads.ways[k].nodes:
            ids.setdefault(node, FIRST_ROAD_NODE_ID + len(ids))
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    try:
        for node, number in ids.items():
            writer.add_node(osm.Node(id=number, location=tuple(lonlat[node])))
        _write_addresses(writer, addresses)
        for number, k in enumerate(order):
            way = roads.ways[k]
            nodes = [ids[node] for node in way.nodes]
            writer.add_way(osm.Way(id=FIRST_WAY_ID + number, nodes=nodes, tags=way_tags(way)))
    finally:
        writer.close()


def _write_addresses(writer: osmium.SimpleWriter, addresses: list[Address]) -> None:
    lonlat = to_degrees([(a.x_m, a.y_m) for a in addresses]).round(6).tolist()
    for k, (address, location) in enumerate(zip(addresses, lonlat, strict=True)):
        tags = {
            "addr:street": address.street,
            "addr:housenumber": address.number,
            "addr:postcode": address.postcode,
            "addr:city": address.city,
            "addr:country": "DK",
        }
        writer.add_node(osm.Node(id=FIRST_ADDRESS_ID + k, location=tuple(location), tags=tags))
