"""Made-up names: villages, streets, practices."""

import numpy as np


def _words(text: str) -> list[str]:
    return text.split()


_VILLAGE_HEADS = _words(
    "Abel Bjæ Brø Bukke Dals Drage Egs Elle Fjel Fræ Fugle Gamme Gejl Græs Gude Hage Halle Harre "
    "Hede Hjelme Hol Horne Hva Høns Ive Jern Kalve Kat Kejse Klinte Knud Krage Kvie Køl Lange Le "
    "Ly Lyst Løve Mad Mar Mejer Mul Myre Nør Nølle Odder Orme Pader Pile Pral Ramme Ravn Revs "
    "Ringe Rug Ræve Røj Sal Sejr Skal Skjold Skov Snog Spang Stav Sten Stub Sva Sæl Søn Taks "
    "Tang Tejl Tim Torn Tran Trold Tvær Tyre Ugle Ulve Vad Val Vej Vid Vol Væs Ørre Øst Åle"
)
_VILLAGE_TAILS = _words(
    "lundby balle bølling drup gårde holme hoved kilde kobbel krog kær lev løkke mark mose næs "
    "rød rup skov sted stofte tofte trup tved vad vang vig ønde"
)

_CENTRE_STREETS = _words(
    "Nørregade Søndergade Østergade Vestergade Storegade Algade Torvegade Kirkegade Skolegade "
    "Jernbanegade Havnegade Kongensgade Dronningensgade Adelgade Bredgade Slotsgade Møllegade "
    "Smedegade Brogade Klostergade Grønnegade Skomagergade Bagergade Vindegade Overgade Nedergade "
    "Ramsherred Fiskergade Korsgade Stationsvej Ringvej Parkvej Engvej Strandvej Skovvej Bakkevej"
)
_STREET_HEADS = _words(
    "Ahorn Akacie Anemone Asters Bellis Birke Blomme Blåbær Brombær Bøge Cypres Dahlia Drossel "
    "Due Ege Elme Enebær Erantis Falke Finke Fasan Fyrre Gran Gøge Hassel Hejre Hindbær Hyben "
    "Hyacint Hyld Jasmin Kastanie Kirsebær Klokke Kløver Kornblomst Krokus Lavendel Lilje Linde "
    "Lyng Lærke Løvefod Magnolie Mejse Mirabel Nattergale Nellike Okse Oliven Pile Poppel Primula "
    "Pæon Ravne Ribs Rose Rønne Salvie Slåen Snerle Solbær Solsikke Solsort Spurve Stær Svale "
    "Syren Timian Tjørne Tulipan Uglen Valmue Valnød Vibe Vildrose Violer Vinter Æble Ærenpris "
    "Bakke Bæk Dal Eng Gade Grus Have Hede Høj Kær Klint Kratt Lund Mark Mølle Mose Ager Sand "
    "Skov Skrænt Sten Tang Tofte Vang Vænge Teglværks Mejeri Smedje Gartner Rugmarks Hvede Byg"
)
_STREET_TAILS = ("vej", "vænget", "parken", "stræde", "allé", "lunden", "toften", "krogen")
_ROAD_TAILS = ("vej", "gårdsvej", "skovvej", "bækvej", "markvej", "højvej", "mosevej", "engvej")

FIRST_NAMES = _words(
    "Agnete Anker Asta Bertel Birthe Bodil Dagmar Ebbe Ejler Ellen Esben Frode Gerda Gorm Grete "
    "Gudrun Halfdan Hjalmar Inger Jytte Karna Kjeld Laust Magda Mads Niels Oda Palle Ragna Rigmor "
    "Sigrid Svend Tove Ulla Valdemar Verner Vita Åge"
)
SURNAMES = _words(
    "Bakkelund Birkedrage Blåhøj Brandlod Duelund Egekvist Fuglsbo Granbæk Havtorn Hestkær "
    "Hvidtjørn Klokkeris Kornmod Krageskov Langtoft Lærkesang Mosevang Myrtekær Nattergal Nordo "
    "Pilevad Regnbro Rævebjerg Sandtop Skovblik Snebær Solhverv Stenurt Stormgård Svalebo Tangmark "
    "Uglebro Vibehøj Vildkær Vindhøst Ågren"
)


def _products(heads: list[str], tails: list[str] | tuple[str, ...]) -> list[str]:
    return [head + tail for head in heads for tail in tails]


_STREETS = _products(_STREET_HEADS, _STREET_TAILS)
_ROADS = _products(_VILLAGE_HEADS, _ROAD_TAILS)


def village_names(count: int, taken: set[str], rng: np.random.Generator) -> list[str]:
    """``count`` different made-up village names, none of them in ``taken``."""
    pool = [name for name in _products(_VILLAGE_HEADS, _VILLAGE_TAILS) if name not in taken]
    order = rng.permutation(len(pool))
    if count > len(pool):
        raise ValueError(f"{count} village names asked for, {len(pool)} can be made")
    return [pool[int(k)] for k in order[:count]]


class StreetNames:
    """Deals out street names, each once within a postcode."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._centre: dict[str, list[str]] = {}
        self._streets: dict[str, list[str]] = {}
        self._roads: dict[str, list[str]] = {}

    def _deal(self, dealt: dict[str, list[str]], key: str, pool: list[str]) -> str:
        if key not in dealt:
            order = self._rng.permutation(len(pool))
            dealt[key] = [pool[int(k)] for k in order]
        names = dealt[key]
        return names.pop() if names else ""

    def town_street(self, postcode: str, *, central: bool) -> str:
        """Deal a street's name; the well-known ones first in the middle of a town."""
        if central:
            name = self._deal(self._centre, postcode, _CENTRE_STREETS)
            if name:
                return name
        name = self._deal(self._streets, postcode, _STREETS)
        if not name:
            raise ValueError(f"no street names left in {postcode}")
        return name

    def country_road(self, postcode: str) -> str:
        """Deal a country road's name."""
        name = self._deal(self._roads, postcode, _ROADS)
        if not name:
            raise ValueError(f"no road names left in {postcode}")
        return name
