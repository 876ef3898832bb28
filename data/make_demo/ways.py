"""Turn the network into ways with names, classes, shapes and one-way streets."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from .crossings import BRIDGES
from .geodesy import FloatArray, generator
from .names import StreetNames
from .network import RANKS, Network, lengths_m
from .places import Place
from .postcodes import PostcodeFinder, PostTown
from .streets import Street, name_runs

MINOR_BEND = 0.115
MAIN_BEND = 0.02
STREET_BEND = 0.2
EXTRA_BENDS_M = (450, 1100)  # longer roads bend once more
ONE_WAY_TOWN = 5_000
ONE_WAY_SHARE = 0.5
SIGNPOST_TOWN = 1_500
SIGNPOSTED_RANKS = 2  # primary and secondary roads are called after a town


@dataclass(frozen=True)
class Way:
    """One way: positions in ``Roads.xy``, class, name and what OpenStreetMap would tag."""

    nodes: tuple[int, ...]
    highway: str  # empty for a ferry
    name: str = ""
    oneway: bool = False
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NamedRoad:
    """A stretch along which houses stand: positions in ``Roads.xy`` and its post town."""

    nodes: tuple[int, ...]
    name: str
    post: PostTown
    place: int  # -1 in the country
    land: str


@dataclass
class Roads:
    """All positions (metres) and ways; grows while motorways and ferries are added."""

    xy: list[tuple[float, float]]
    ways: list[Way] = field(default_factory=list)
    named: list[NamedRoad] = field(default_factory=list)

    def add_nodes(self, points: FloatArray) -> tuple[int, ...]:
        """Append positions and return their numbers."""
        first = len(self.xy)
        self.xy.extend((float(x), float(y)) for x, y in points)
        return tuple(range(first, len(self.xy)))


def build_ways(
    network: Network, places: list[Place], finder: PostcodeFinder, ground: BaseGeometry
) -> Roads:
    """Ways of the ordinary roads, in a fixed order: streets, then country roads, bridges."""
    roads = Roads([(float(x), float(y)) for x, y in network.xy])
    names = StreetNames(generator("street names"))
    via = [roads.add_nodes(points) for points in _bends(network, ground)]
    _add_streets(roads, network, places, finder, names, via)
    _add_country(roads, network, places, finder, names, via)
    roads.ways[:] = keep_strongly_connected(roads.ways, len(roads.xy))
    return roads


def _add_streets(
    roads: Roads,
    network: Network,
    places: list[Place],
    finder: PostcodeFinder,
    names: StreetNames,
    via: list[tuple[int, ...]],
) -> None:
    inside = network.street >= 0
    pairs, direction = network.edges[inside], network.street[inside]
    number = {
        (u, v): int(k)
        for (u, v), k in zip(pairs.tolist(), np.flatnonzero(inside).tolist(), strict=True)
    }
    rng = generator("one-way")
    for street in name_runs(network.xy, network.place, pairs, direction, places):
        land = places[street.place].land
        x_m, y_m = network.xy[list(street.nodes)].mean(axis=0)
        post = finder.nearest(x_m, y_m, land)
        name = names.town_street(post.postcode, central=street.central)
        steps = [number[pair] for pair in pairwise(street.nodes)]
        parts = _by_class(steps, name, network, via)
        nodes = parts[0].nodes[:1] + tuple(node for part in parts for node in part.nodes[1:])
        roads.named.append(NamedRoad(nodes, name, post, street.place, land))
        if _wants_one_way(street, places, rng):
            parts = [replace(part, oneway=part.highway == "residential") for part in parts]
        roads.ways += parts


def _wants_one_way(street: Street, places: list[Place], rng: np.random.Generator) -> bool:
    draw = float(rng.random())
    large = places[street.place].population >= ONE_WAY_TOWN
    return large and street.central and street.direction == 0 and draw < ONE_WAY_SHARE


def _by_class(
    steps: list[int], name: str, network: Network, via: list[tuple[int, ...]]
) -> list[Way]:
    """Cut a street, given as its edges in order, where its class changes."""
    ways: list[Way] = []
    for k in steps:
        u, v = network.edges[k].tolist()
        level = int(network.rank[k])
        highway = RANKS[level][1] if level >= 0 else "residential"
        if ways and ways[-1].highway == highway:
            ways[-1] = replace(ways[-1], nodes=(*ways[-1].nodes, *via[k], v))
        else:
            ways.append(Way((u, *via[k], v), highway, name))
    return ways


def _bends(network: Network, ground: BaseGeometry) -> list[FloatArray]:
    """Positions between the two ends of each edge; none where the bend would leave land."""
    rng = generator("bends")
    length = lengths_m(network.xy, network.edges)
    street, main = network.street >= 0, network.rank >= 0
    bend = np.where(main, MAIN_BEND, np.where(street, STREET_BEND, MINOR_BEND))
    straight = (network.bridge >= 0) | (street & main)
    first = rng.normal(0, 1, len(length)) * bend
    second = rng.normal(0, 0.5, len(length)) * bend
    inner: list[FloatArray] = []
    for k, (u, v) in enumerate(network.edges.tolist()):
        count = int(not straight[k])
        count += count * sum(int(length[k] > limit) for limit in EXTRA_BENDS_M)
        t = (np.arange(count) + 1) / (count + 1)
        along = network.xy[v] - network.xy[u]
        across = np.array([-along[1], along[0]])
        side = first[k] * np.sin(np.pi * t) + second[k] * np.sin(2 * np.pi * t)
        inner.append(network.xy[u] + t[:, None] * along + side[:, None] * across)
    lines = [
        shapely.LineString(np.vstack([network.xy[u], points, network.xy[v]]))
        for (u, v), points in zip(network.edges.tolist(), inner, strict=True)
    ]
    shapely.prepare(ground)
    dry = shapely.contains(ground, lines)
    return [points if ok else points[:0] for points, ok in zip(inner, dry, strict=True)]


def _add_country(
    roads: Roads,
    network: Network,
    places: list[Place],
    finder: PostcodeFinder,
    names: StreetNames,
    via: list[tuple[int, ...]],
) -> None:
    signposts = [p for p in places if p.source != "made up" and p.population >= SIGNPOST_TOWN]
    towns = cKDTree([(p.x_m, p.y_m) for p in signposts])
    for k in np.flatnonzero(network.street < 0).tolist():
        u, v = network.edges[k].tolist()
        level, span = int(network.rank[k]), int(network.bridge[k])
        if span >= 0:
            bridge = BRIDGES[span]
            roads.ways.append(Way((u, v), bridge.highway, bridge.name, extra=(("bridge", "yes"),)))
            continue
        x_m, y_m = (network.xy[u] + network.xy[v]) / 2
        land = network.land[u]
        post = finder.nearest(x_m, y_m, land)
        if 0 <= level < SIGNPOSTED_RANKS:
            name = f"{signposts[int(np.asarray(towns.query((x_m, y_m), k=2)[1])[1])].name}vej"
        else:
            name = names.country_road(post.postcode)
        nodes = (u, *via[k], v)
        roads.ways.append(Way(nodes, RANKS[level][1] if level >= 0 else "unclassified", name))
        roads.named.append(NamedRoad(nodes, name, post, -1, land))


def _strong_part(ways: list[Way], count: int) -> tuple[list[bool], bool]:
    """Whether each way's ends can reach each other both ways, and whether all can."""
    steps = [(u, v, way.oneway) for way in ways for u, v in pairwise(way.nodes)]
    forth = np.array([(u, v) for u, v, _ in steps] + [(v, u) for u, v, one in steps if not one])
    matrix = csr_array((np.ones(len(forth)), (forth[:, 0], forth[:, 1])), shape=(count, count))
    label = connected_components(matrix, directed=True, connection="strong")[1]
    fine = [len({int(label[n]) for n in way.nodes}) == 1 for way in ways]
    return fine, all(fine)


def keep_strongly_connected(ways: list[Way], count: int) -> list[Way]:
    """Open one-way streets both ways where a house could otherwise not be left or reached."""
    while True:
        fine, done = _strong_part(ways, count)
        if done:
            return ways
        ways = [
            way if ok else replace(way, oneway=False) for way, ok in zip(ways, fine, strict=True)
        ]
