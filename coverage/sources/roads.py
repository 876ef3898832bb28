"""Roads, car ferries and addresses from an OpenStreetMap file, by pyosmium.

osmnx and pyrosm drop islands and ferries and need 15 times the time
(design measurements in docs/decisions/0003); they are not used for reading
files. A way is drivable if its class is in ``DRIVABLE`` and cars are not
forbidden on it; tracks, paths and car parks' aisles are not.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import osmium
import pandas as pd

from coverage.errors import EmptyTableError, UnreadableFileError
from coverage.sentences import Sentence, sentence
from coverage.sources.provenance import Provenance, refuse_web_page, stamp_file
from coverage.tables import ADDRESSES, Roads, check_table, empty_table
from coverage.units import LONLAT_EPSG, reproject

_ROLE = "roads"
SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz")

DRIVABLE = frozenset(
    {
        "motorway",
        "motorway_link",
        "trunk",
        "trunk_link",
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
        "living_street",
        "service",
        "road",
    }
)
_NO_SERVICE = frozenset({"parking_aisle", "emergency_access"})
_NO_HOMES = frozenset({"motorway", "motorway_link"})
FORBIDDEN = frozenset({"no", "private", "agricultural", "forestry", "military", "emergency"})
# The most specific tag decides, as everywhere in OpenStreetMap.
CAR_TAGS = ("motorcar", "motor_vehicle", "vehicle", "access")
_ALONG = frozenset({"yes", "1", "true"})
_AGAINST = frozenset({"-1", "reverse"})
_NODE_KEYS = ("addr:housenumber",)
_WAY_KEYS = ("highway", "route", "service", "oneway", "junction", *CAR_TAGS)


@dataclass(frozen=True)
class RoadFile:
    """What one road file gives.

    Attributes
    ----------
    roads
        Drivable roads and car ferries.
    addresses
        Table ADDRESSES: the file's address nodes (may be empty).
    provenance
        Counts ways.
    """

    roads: Roads
    addresses: pd.DataFrame
    provenance: Provenance


class _Collector:
    """Growing arrays of ways and addresses; one pass over a file fills them."""

    def __init__(self) -> None:
        self.refs = array("q")
        self.lons = array("d")
        self.lats = array("d")
        self.start = array("q", [0])
        self.direction = array("b")
        self.is_ferry = array("b")
        self.takes_homes = array("b")
        self.addresses: list[tuple[str, str, str, str, float, float]] = []
        self.dropped: dict[str, int] = {}
        self.ways_read = 0
        self.refs_outside = 0
        self.addresses_without_street = 0

    def drop(self, reason: str) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + 1

    def add_way(self, way: "osmium.osm.Way", tags: Mapping[str, str], *, ferry: bool) -> None:
        self.ways_read += 1
        reason = reason_to_drop(tags, ferry=ferry)
        if reason:
            self.drop(reason)
            return
        before = len(self.refs)
        for node in way.nodes:
            location = node.location
            if location.valid():
                self.refs.append(node.ref)
                self.lons.append(location.lon)
                self.lats.append(location.lat)
            else:
                self.refs_outside += 1
        if len(self.refs) - before < 2:  # noqa: PLR2004 - a line has two ends
            del self.refs[before:], self.lons[before:], self.lats[before:]
            self.drop("fewer than two nodes in the file")
            return
        self.start.append(len(self.refs))
        self.direction.append(0 if ferry else direction_of(tags))
        self.is_ferry.append(ferry)
        self.takes_homes.append(takes_homes(tags, ferry=ferry))

    def add_address(self, node: "osmium.osm.Node") -> None:
        tags = node.tags
        street = tags.get("addr:street") or tags.get("addr:place")
        if street:
            self.addresses.append(
                (
                    street,
                    tags["addr:housenumber"],
                    tags.get("addr:postcode") or "",
                    tags.get("addr:city") or "",
                    node.location.lon,
                    node.location.lat,
                )
            )
        else:
            self.addresses_without_street += 1


def read_roads(path: Path, *, as_of: date | None = None) -> RoadFile:
    """Return the drivable roads, car ferries and addresses of an OpenStreetMap file.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.bz2`` or ``.osm.gz``.

    Raises
    ------
    MissingFileError, UnreadableFileError, EmptyTableError
    """
    stamp = stamp_file(path, role=_ROLE)
    refuse_web_page(path, role=_ROLE)
    if not path.name.lower().endswith(SUFFIXES):
        raise UnreadableFileError(
            "The roads file is not an OpenStreetMap file",
            where=path.name,
            hint=sentence("Use a file that ends in {endings}.", endings=SUFFIXES),
        )
    found = _Collector()
    try:
        _collect(path, found)
    except (RuntimeError, ValueError) as failure:
        reason = str(failure).replace(str(path), path.name)
        raise UnreadableFileError(
            sentence("The roads file is truncated or of another kind ({reason})", reason=reason),
            where=path.name,
            hint="Download the file again and compare its size with the server's.",
        ) from None
    if not len(found.direction):
        raise EmptyTableError(
            sentence(
                "The roads file has no drivable road ({count} ways read)", count=found.ways_read
            ),
            where=path.name,
            hint="Use an extract with all highway ways.",
        )
    provenance = stamp.account(
        _ROLE,
        as_of=as_of,
        rows_read=found.ways_read,
        rows_kept=len(found.direction),
        dropped=dict(sorted(found.dropped.items())),
        notes=tuple(_notes(found)),
    )
    return RoadFile(_as_roads(found), _as_addresses(found, path.name), provenance)


def _notes(found: _Collector) -> Iterator[Sentence]:
    if found.addresses_without_street:
        yield sentence(
            "{count} address nodes without a street left out",
            count=found.addresses_without_street,
        )
    if found.refs_outside:
        yield sentence("{count} way nodes lie outside the extract", count=found.refs_outside)
    yield sentence("{count} address nodes", count=len(found.addresses))


def direction_of(tags: Mapping[str, str]) -> int:
    """Return 1 for one-way along the way, -1 for against it, 0 for both.

    Roundabouts and motorways are one-way by nature
    (OpenStreetMap wiki, Key:oneway, "implied").
    """
    oneway = tags.get("oneway")
    if oneway in _ALONG:
        return 1
    if oneway in _AGAINST:
        return -1
    implied = tags.get("junction") in {"roundabout", "circular"}
    implied = implied or tags.get("highway") == "motorway"
    return 1 if oneway is None and implied else 0


def takes_homes(tags: Mapping[str, str], *, ferry: bool) -> bool:
    """Return whether a home or practice may join the way: no motorway, no ferry."""
    return not ferry and tags.get("highway") not in _NO_HOMES


def reason_to_drop(tags: Mapping[str, str], *, ferry: bool) -> str:
    """Return why the way is no road or ferry for cars; an empty text for one that is."""
    if not ferry and tags.get("highway") not in DRIVABLE:
        return "not a road for cars"
    for key in CAR_TAGS:
        value = tags.get(key)
        if value is not None:
            if value in FORBIDDEN:
                return "closed to cars"
            break
    if not ferry and tags.get("service") in _NO_SERVICE:
        return "not a road for cars"
    return ""


def _collect(path: Path, found: _Collector) -> None:
    ferry_ways = _ferry_relation_ways(path)
    processor = osmium.FileProcessor(_osm_file(path)).with_locations("flex_mem")
    for thing in processor.with_filter(osmium.filter.KeyFilter("highway", "route", *_NODE_KEYS)):
        if isinstance(thing, osmium.osm.Node):
            if _NODE_KEYS[0] in thing.tags:
                found.add_address(thing)
        elif isinstance(thing, osmium.osm.Way):
            tags = _way_tags(thing)
            # A car rail line or bus route tagged on a way is no road and no ferry.
            ferry = "highway" not in tags and (
                tags.get("route") == "ferry" or thing.id in ferry_ways
            )
            if ferry or "highway" in tags:
                ferry_ways.discard(thing.id)
                found.add_way(thing, tags, ferry=ferry)
    if ferry_ways:
        for way in _ways_by_id(path, ferry_ways):
            found.add_way(way, _way_tags(way), ferry=True)


def _osm_file(path: Path) -> osmium.io.File:
    # osmium itself knows the suffixes in small letters only.
    name = path.name.lower()
    form = next(suffix for suffix in SUFFIXES if name.endswith(suffix))
    return osmium.io.File(str(path), form.removeprefix("."))


def _way_tags(way: "osmium.osm.Way") -> dict[str, str]:
    """Return the tags that matter here: copied once, because each look into the file's is slow."""
    tags = way.tags
    return {key: value for key in _WAY_KEYS if (value := tags.get(key)) is not None}


def _ferry_relation_ways(path: Path) -> set[int]:
    """Return the ways of ferry relations: the tag may sit on the relation alone."""
    ways: set[int] = set()
    relations = osmium.FileProcessor(_osm_file(path), osmium.osm.RELATION)
    for relation in relations.with_filter(osmium.filter.TagFilter(("route", "ferry"))):
        if isinstance(relation, osmium.osm.Relation):
            ways.update(member.ref for member in relation.members if member.type == "w")
    return ways


def _ways_by_id(path: Path, ids: set[int]) -> Iterator["osmium.osm.Way"]:
    # A third pass, only for files that need it: an IdFilter costs 1.4 GB on a country.
    entities = osmium.osm.NODE | osmium.osm.WAY
    for thing in osmium.FileProcessor(_osm_file(path), entities).with_locations("flex_mem"):
        if isinstance(thing, osmium.osm.Way) and thing.id in ids:
            yield thing


def _as_roads(found: _Collector) -> Roads:
    refs = np.frombuffer(found.refs, dtype=np.int64)
    ids, first, way_point = np.unique(refs, return_index=True, return_inverse=True)
    x_m, y_m = reproject(
        np.frombuffer(found.lons)[first],
        np.frombuffer(found.lats)[first],
        from_epsg=LONLAT_EPSG,
    )
    return Roads(
        point_x_m=x_m,
        point_y_m=y_m,
        point_osm_id=ids,
        way_point=way_point.astype(np.int32),
        way_start=np.array(found.start, dtype=np.int64),
        way_direction=np.array(found.direction, dtype=np.int8),
        way_is_ferry=np.array(found.is_ferry, dtype=np.bool_),
        way_takes_homes=np.array(found.takes_homes, dtype=np.bool_),
    )


def _as_addresses(found: _Collector, file_name: str) -> pd.DataFrame:
    if not found.addresses:
        return empty_table(ADDRESSES)
    street, number, postcode, town, lon, lat = zip(*found.addresses, strict=True)
    x_m, y_m = reproject(lon, lat, from_epsg=LONLAT_EPSG)
    table = pd.DataFrame(
        {
            "street": pd.Series(street, dtype="str"),
            "house_number": pd.Series(number, dtype="str"),
            "postcode": pd.Series(postcode, dtype="str"),
            "town": pd.Series(town, dtype="str"),
            "x_m": x_m,
            "y_m": y_m,
        }
    )
    return check_table(table, ADDRESSES, where=file_name)
