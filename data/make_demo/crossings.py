"""Where roads and ferries cross water: the real bridges and routes, positions approximate."""

from dataclasses import dataclass

LonLat = tuple[float, float]


@dataclass(frozen=True)
class Bridge:
    """A road bridge or causeway between two landmasses; ends as longitude, latitude."""

    name: str
    highway: str
    start_land: str
    start: LonLat
    end_land: str
    end: LonLat


@dataclass(frozen=True)
class Ferry:
    """A ferry between two harbours; ``via`` are points at sea. Land empty: outside the region."""

    name: str
    duration: str  # hh:mm
    start_land: str
    start: LonLat
    via: tuple[LonLat, ...]
    end_land: str
    end: LonLat


@dataclass(frozen=True)
class Motorway:
    """A motorway as the positions of its interchanges; ``bridge_leg`` counts from 0."""

    ref: str
    name: str
    interchanges: tuple[LonLat, ...]
    bridge_leg: int | None = None
    bridge_name: str = ""


BRIDGES = (
    Bridge(
        "Den gamle Lillebæltsbro", "secondary", "Jylland", (9.708, 55.522), "Fyn", (9.717, 55.509)
    ),
    Bridge(
        "Kong Christian X's Bro", "secondary", "Jylland", (9.781, 54.909), "Als", (9.788, 54.910)
    ),
    Bridge("Alssundbroen", "primary", "Jylland", (9.762, 54.925), "Als", (9.779, 54.921)),
    Bridge("Svendborgsundbroen", "primary", "Fyn", (10.602, 55.052), "Tåsinge", (10.603, 55.043)),
    Bridge("Siøsundbroen", "primary", "Tåsinge", (10.654, 54.970), "Siø", (10.677, 54.957)),
    Bridge("Langelandsbroen", "primary", "Siø", (10.700, 54.952), "Langeland", (10.711, 54.941)),
    Bridge("Rømødæmningen", "secondary", "Jylland", (8.660, 55.148), "Rømø", (8.562, 55.150)),
    Bridge("Thurødæmningen", "tertiary", "Fyn", (10.644, 55.056), "Thurø", (10.653, 55.049)),
)

FERRIES = (
    Ferry(
        "Svendborg - Ærøskøbing",
        "01:15",
        "Fyn",
        (10.612, 55.057),
        ((10.590, 55.043), (10.530, 55.020), (10.440, 54.920)),
        "Ærø",
        (10.412, 54.891),
    ),
    Ferry(
        "Faaborg - Søby",
        "01:00",
        "Fyn",
        (10.238, 55.094),
        ((10.215, 55.070), (10.205, 55.000)),
        "Ærø",
        (10.258, 54.942),
    ),
    Ferry(
        "Esbjerg - Fanø (Nordby)",
        "00:12",
        "Jylland",
        (8.440, 55.466),
        ((8.422, 55.460),),
        "Fanø",
        (8.404, 55.447),
    ),
    Ferry(
        "Bøjden - Fynshav",
        "00:50",
        "Fyn",
        (10.100, 55.105),
        ((10.060, 55.070),),
        "Als",
        (9.986, 54.994),
    ),
    # Tårs lies outside the region: the line ends at its harbour, without roads.
    Ferry(
        "Spodsbjerg - Tårs",
        "00:45",
        "Langeland",
        (10.830, 54.932),
        ((10.930, 54.910),),
        "",
        (11.026, 54.878),
    ),
)

MOTORWAYS = (
    Motorway(
        "E 20",
        "Vestmotorvejen",
        (
            (8.520, 55.500),
            (8.690, 55.490),
            (8.900, 55.497),
            (9.130, 55.497),
            (9.290, 55.498),
            (9.425, 55.520),
            (9.560, 55.545),
            (9.690, 55.532),
            (9.738, 55.523),
            (9.764, 55.515),
            (9.840, 55.490),
            (9.940, 55.440),
            (10.040, 55.388),
            (10.140, 55.373),
            (10.260, 55.356),
            (10.370, 55.345),
            (10.480, 55.350),
            (10.590, 55.344),
            (10.690, 55.340),
            (10.780, 55.325),
            (10.830, 55.302),
        ),
        8,
        "Den nye Lillebæltsbro",
    ),
    Motorway(
        "E 45",
        "Sønderjyske Motorvej",
        (
            (9.320, 54.835),
            (9.355, 54.930),
            (9.350, 55.030),
            (9.345, 55.120),
            (9.385, 55.235),
            (9.440, 55.350),
            (9.430, 55.450),
            (9.425, 55.520),
        ),
    ),
    Motorway(
        "E 45",
        "Østjyske Motorvej",
        ((9.560, 55.545), (9.560, 55.620), (9.500, 55.690), (9.500, 55.735), (9.570, 55.765)),
    ),
    Motorway(
        "Rute 9",
        "Svendborgmotorvejen",
        ((10.370, 55.345), (10.430, 55.290), (10.450, 55.230), (10.500, 55.165), (10.570, 55.100)),
    ),
    Motorway(
        "Rute 8",
        "Sønderborgmotorvejen",
        ((9.355, 54.930), (9.470, 54.945), (9.600, 54.945), (9.730, 54.930)),
    ),
)
