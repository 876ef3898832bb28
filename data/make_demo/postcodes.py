"""Postcodes of the region: real codes and post towns, positions approximate.

A street takes the nearest post town on its own landmass, so the borders between postcodes
are made up while the codes and names are real.
"""

from dataclasses import dataclass

import numpy as np
from shapely.geometry import Point, Polygon

from .geodesy import FloatArray, to_metres
from .places import Place

# Post town named as a town of the facts: postcode, post town, town
_AT_TOWNS = """
5300 Kerteminde|5330 Munkebo|5400 Bogense|5450 Otterup|5471 Søndersø|5463 Harndrup
5464 Brenderup Fyn=Brenderup|5491 Blommenslyst|5492 Vissenbjerg|5500 Middelfart|5540 Ullerslev
5550 Langeskov|5560 Aarup|5580 Nørre Aaby|5591 Gelsted|5592 Ejby|5600 Faaborg|5610 Assens
5620 Glamsbjerg|5672 Broby=Nørre Broby|5683 Haarby|5690 Tommerup|5700 Svendborg|5750 Ringe
5762 Vester Skerninge=Vester-Skerninge|5771 Stenstrup|5772 Kværndrup|5792 Årslev|5800 Nyborg
5853 Ørbæk|5856 Ryslinge|5874 Hesselager|5900 Rudkøbing|5932 Humble|5935 Bagenkop
5953 Tranekær|5960 Marstal|5970 Ærøskøbing|5985 Søby Ærø=Søby|5000 Odense C=Odense
5700 Svendborg=Thurø By|5700 Svendborg=Troense
6000 Kolding|6040 Egtved|6070 Christiansfeld|6091 Bjert|6100 Haderslev|6200 Aabenraa
6230 Rødekro|6240 Løgumkloster|6261 Bredebro|6270 Tønder|6280 Højer|6300 Gråsten|6310 Broager
6330 Padborg|6340 Kruså|6360 Tinglev|6372 Bylderup-Bov|6400 Sønderborg|6400 Sønderborg=Dybbøl
6430 Nordborg|6440 Augustenborg|6470 Sydals=Tandslet|6500 Vojens|6510 Gram|6520 Toftlund
6580 Vamdrup|6600 Vejen|6622 Bække|6623 Vorbasse|6630 Rødding|6640 Lunderskov|6650 Brørup
6670 Holsted|6690 Gørding|6700 Esbjerg|6720 Fanø=Nordby|6731 Tjæreborg|6740 Bramming
6753 Agerbæk|6760 Ribe|6771 Gredstedbro|6780 Skærbæk|6792 Rømø=Havneby|6800 Varde
6823 Ansager|6830 Nørre Nebel|6840 Oksbøl|6851 Janderup Vestj=Janderup|6855 Outrup
6857 Blåvand|6862 Tistrup|6870 Ølgod|7000 Fredericia|7080 Børkop|7100 Vejle|7182 Bredsten
7190 Billund|7200 Grindsted|7250 Hejnsvig|7260 Sønder Omme=Sdr. Omme|7300 Jelling|7323 Give
"""

# postcode, post town, longitude, latitude (approximate)
_ELSEWHERE = (
    ("5200", "Odense V", 10.325, 55.392),
    ("5210", "Odense NV", 10.335, 55.413),
    ("5220", "Odense SØ", 10.450, 55.372),
    ("5230", "Odense M", 10.395, 55.372),
    ("5240", "Odense NØ", 10.435, 55.410),
    ("5250", "Odense SV", 10.335, 55.362),
    ("5260", "Odense S", 10.405, 55.345),
    ("5270", "Odense N", 10.385, 55.438),
    ("5290", "Marslev", 10.515, 55.392),
    ("5370", "Mesinge", 10.640, 55.500),
    ("5390", "Martofte", 10.665, 55.550),
    ("5462", "Morud", 10.190, 55.443),
    ("5631", "Ebberup", 9.985, 55.253),
    ("5642", "Millinge", 10.210, 55.135),
    ("5881", "Skårup Fyn", 10.690, 55.088),
    ("5884", "Gudme", 10.710, 55.150),
    ("6051", "Almind", 9.480, 55.560),
    ("6064", "Jordrup", 9.310, 55.545),
    ("6094", "Hejls", 9.600, 55.380),
    ("6320", "Egernsund", 9.605, 54.905),
    ("6392", "Bolderslev", 9.285, 54.985),
    ("6470", "Sydals", 9.960, 54.890),
    ("6534", "Agerskov", 9.125, 55.130),
    ("6541", "Bevtoft", 9.215, 55.195),
    ("6560", "Sommersted", 9.310, 55.320),
    ("6621", "Gesten", 9.180, 55.530),
    ("6682", "Hovborg", 8.940, 55.605),
    ("6705", "Esbjerg Ø", 8.490, 55.485),
    ("6710", "Esbjerg V", 8.400, 55.505),
    ("6715", "Esbjerg N", 8.455, 55.520),
    ("6752", "Glejbjerg", 8.830, 55.550),
    ("6818", "Årre", 8.650, 55.615),
    ("6852", "Billum", 8.335, 55.620),
    ("6854", "Henne", 8.240, 55.730),
    ("7120", "Vejle Øst", 9.600, 55.715),
    ("7173", "Vonge", 9.400, 55.865),
    ("7183", "Randbøl", 9.265, 55.690),
    ("7184", "Vandel", 9.210, 55.705),
    ("7321", "Gadbjerg", 9.330, 55.770),
)


@dataclass(frozen=True)
class PostTown:
    """One post town: where it lies and on which landmass."""

    postcode: str
    city: str
    x_m: float
    y_m: float
    land: str


def post_towns(towns: list[Place], land: dict[str, Polygon]) -> list[PostTown]:
    """All post towns; raises ValueError if one names a town that is not in the facts."""
    by_name = {town.name: town for town in towns}
    result = []
    for entry in (e for line in _AT_TOWNS.strip().splitlines() for e in line.split("|")):
        label, _, at = entry.partition("=")
        postcode, city = label.split(" ", 1)
        town = by_name.get(at or city)
        if town is None:
            raise ValueError(f"postcodes: {entry!r} names no town")
        result.append(PostTown(postcode, city, town.x_m, town.y_m, town.land))
    for postcode, city, lon, lat in _ELSEWHERE:
        x_m, y_m = to_metres((lon, lat))[0]
        point = Point(x_m, y_m)
        nearest = min(land, key=lambda name: float(land[name].distance(point)))
        result.append(PostTown(postcode, city, x_m, y_m, nearest))
    return result


class PostcodeFinder:
    """Finds the nearest post town on a landmass."""

    def __init__(self, posts: list[PostTown]) -> None:
        self._posts: dict[str, list[PostTown]] = {}
        for post in posts:
            self._posts.setdefault(post.land, []).append(post)
        self._posts["Siø"] = self._posts["Langeland"]
        self._xy: dict[str, FloatArray] = {
            name: np.array([(post.x_m, post.y_m) for post in there])
            for name, there in self._posts.items()
        }

    def nearest(self, x_m: float, y_m: float, land: str) -> PostTown:
        """Find the post town of a point on a landmass."""
        xy = self._xy[land]
        return self._posts[land][int(np.argmin((xy[:, 0] - x_m) ** 2 + (xy[:, 1] - y_m) ** 2))]
