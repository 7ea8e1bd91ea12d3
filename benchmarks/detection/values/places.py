"""Addresses in the form of each country, and telephone numbers in the forms in which people write them."""

from __future__ import annotations

import random
import re
import string

from benchmarks.detection.values.people import make_person

_STREETS = {
    "US": (
        "Alder Creek|Bayberry|Chestnut Ridge|Dogwood|Eagle Pass|Fox Hollow|Harvest Moon|Juniper|Kingfisher|"
        "Maple Grove|Old Mill|Pecan|Quail Run|Sycamore|Timberline|W 14th|NE 82nd|Martin Luther King Jr"
    ),
    "GB": (
        "Abbey|Bramble|Church|Dovecote|Elm|Foxglove|Gasworks|High|Ivy House|Jubilee|Kiln|Lavender|Mill|"
        "North Parade|Orchard|Priory|Quarry|Station|Tannery|Windmill"
    ),
    "DE": (
        "Ahornweg|Am Stadtgraben|Bahnhofstraße|Birkenallee|Brunnengasse|Friedrich-Ebert-Str.|Gartenstraße|"
        "Goethestr.|Hinter den Höfen|Kirchplatz|Lindenweg|Mühlenstraße|Neue Gasse|Rosenthaler Straße|"
        "Schulstr.|Unter den Eichen|Zum Sportplatz"
    ),
    "FR": (
        "rue des Lilas|avenue Jean Jaurès|boulevard de la République|place du Marché|chemin des Vignes|"
        "impasse du Moulin|rue Victor Hugo|allée des Tilleuls|quai de la Loire|rue de l'Église|"
        "cours Gambetta|rue du Faubourg Saint-Antoine"
    ),
    "ES": (
        "Calle de la Palma|Calle Mayor|Avenida de la Constitución|Plaza del Carmen|Paseo de los Olmos|"
        "C/ Alcalá|Travesía del Horno|Carrer de Balmes|Ronda de Segovia|Calle San Sebastián|Avda. del Puerto"
    ),
    "IT": (
        "Via Garibaldi|Via dei Mille|Corso Vittorio Emanuele II|Piazza Dante|Viale delle Rose|"
        "Via San Giorgio|Vicolo del Forno|Largo Augusto|Via Monte Bianco|Strada Provinciale|Via XX Settembre"
    ),
    "NL": (
        "Dorpsstraat|Kerkplein|Prinsengracht|Lange Voorhout|Molenweg|Beukenlaan|Stationsweg|Van Speijkstraat|"
        "Oude Haven|Schoolpad|Burgemeester de Jongstraat|Nieuwezijds"
    ),
    "DK": (
        "Nørregade|Vesterbrogade|Søndergade|Skovvej|Møllevangen|Strandvejen|Kirkestien|Ågade|Rosenvænget|"
        "Tværgade|Birkealle|Havnegade"
    ),
}
_CITIES = {
    "US": (
        "Bakersfield CA 93301|Chattanooga TN 37402|Duluth MN 55802|Eugene OR 97401|Fargo ND 58102|"
        "Grand Rapids MI 49503|Huntsville AL 35801|Ithaca NY 14850|Joplin MO 64801|Lubbock TX 79401|"
        "Macon GA 31201|Natchez MS 39120|Pueblo CO 81003|Roanoke VA 24011|Spokane WA 99201|Tulsa OK 74103|"
        "Waco TX 76701|Yuma AZ 85364"
    ),
    "GB": (
        "Aberystwyth SY23 2AX|Barnsley S70 2TA|Carlisle CA3 8JZ|Dundee DD1 4BG|Exeter EX4 3SB|"
        "Falmouth TR11 3QA|Grimsby DN31 1UY|Hove BN3 2AF|Inverness IV2 3BW|Kettering NN16 8JN|"
        "Lewisham SE13 6LG|Newport NP20 1GE|Oldham OL1 1QN|Paisley PA1 1DD|Stockport SK1 3TA|Wrexham LL11 1AY"
    ),
    "DE": (
        "26603 Aurich|91522 Ansbach|53111 Bonn|38100 Braunschweig|03046 Cottbus|64283 Darmstadt|99084 Erfurt|"
        "24937 Flensburg|02826 Görlitz|20095 Hamburg|76131 Karlsruhe|54290 Trier|89073 Ulm|97070 Würzburg|"
        "08056 Zwickau"
    ),
    "FR": (
        "80000 Amiens|49000 Angers|64100 Bayonne|29200 Brest|14000 Caen|21000 Dijon|38000 Grenoble|"
        "72000 Le Mans|87000 Limoges|57000 Metz|44000 Nantes|30000 Nîmes|66000 Perpignan|51100 Reims|"
        "10000 Troyes"
    ),
    "ES": (
        "02001 Albacete|06002 Badajoz|48001 Bilbao|09003 Burgos|10003 Cáceres|14001 Córdoba|18001 Granada|"
        "21001 Huelva|23001 Jaén|24001 León|26001 Logroño|29005 Málaga|36201 Vigo|50001 Zaragoza"
    ),
    "IT": (
        "15121 Alessandria|60121 Ancona|70121 Bari|24121 Bergamo|40121 Bologna|25121 Brescia|09124 Cagliari|"
        "95124 Catania|44121 Ferrara|16121 Genova|98121 Messina|41121 Modena|35121 Padova|37121 Verona"
    ),
    "NL": (
        "1811 AB Alkmaar|3811 BN Amersfoort|6811 CG Arnhem|4811 DJ Breda|2611 EK Delft|7411 KL Deventer|"
        "5611 EM Eindhoven|7511 JN Enschede|9711 LP Groningen|2011 RC Haarlem|8911 DN Leeuwarden|"
        "6211 CR Maastricht|8011 PK Zwolle"
    ),
    "DK": (
        "9000 Aalborg|6200 Aabenraa|6700 Esbjerg|7000 Fredericia|3000 Helsingør|7400 Herning|8700 Horsens|"
        "6000 Kolding|4700 Næstved|5000 Odense C|8900 Randers|4000 Roskilde|8600 Silkeborg|7100 Vejle"
    ),
}
_PHONES = {
    "US": (
        "(A) B-####|A-B-####|A.B.####|+1 A B ####|+1-A-B-####|1-A-B-####|AB####|+1AB####|A B ####|(A)B-####|"
        "A-B-#### ext. ###|001-A-B-####"
    ),
    "GB": (
        "07700 D#####|07D## ######|+44 7D## ######|020 7### ####|(020) 8### ####|0161 4## ####|01273 5#####|"
        "+44 (0)20 7### ####|+44161 2######|0044 7D## ######|0113-2##-####"
    ),
    "DE": (
        "0171 #######|+49 160 #######|030 2#######|(089) 5#######|0341/9######|+49 (0)40 3#######|"
        "0049 221 9######|0151-2#######|+4917########|07251 9####|0511 - 3## ## ##"
    ),
    "FR": (
        "06 ## ## ## ##|07 5# ## ## ##|01.4#.##.##.##|+33 6 ## ## ## ##|+33 (0)1 4# ## ## ##|"
        "0033 4 7# ## ## ##|06########|02-4#-##-##-##|+336########"
    ),
    "ES": (
        "6## ### ###|6######## |+34 6## ## ## ##|91 5## ## ##|93 4## ## ##|+34 95# ### ###|0034 6########|"
        "6##-###-###|952 2# ## ##"
    ),
    "IT": (
        "347 #######|+39 338 #######|02 4######|06 5#######|+39 06 6#######|0039 349 #######|333-#######|"
        "051 2## ###|328.###.####|+3934########"
    ),
    "NL": (
        "06-1#######|06 2# ## ## ##|+31 6 1#######|020-6######|+31 (0)30 2## ## ##|0031 6 4#######|"
        "010 4## ## ##|063#######|+3165#######"
    ),
    "DK": "20 ## ## ##|+45 31 ## ## ##|2#######|+4540######|51 ### ###|0045 26 ## ## ##|33-##-##-##|(+45) 86 ## ## ##",
    "IN": "+91 98### #####|+91-99########|098########|+91 80 4### ####",
    "CH": "+41 79 ### ## ##|044 2## ## ##|0041 31 3## ## ##",
    "SE": "+46 70 ### ## ##|08-5## ### ##|073-### ## ##",
    "AU": "+61 4## ### ###|(02) 9### ####|0412 ### ###",
}
_US_AREAS = (
    "212", "213", "305", "312", "404", "415", "469", "503", "512", "602", "617", "646", "702", "713", "718", "720",
    "808", "816", "917", "931",
)  # fmt: skip
"""Area codes in service."""

_FOREIGN_SHARE = 0.15
"""How often a number is one of another country."""
_GB_SUFFIX = ("Road", "Street", "Lane", "Close", "Avenue", "Terrace", "Mews", "Crescent")
_US_SUFFIX = ("St", "Street", "Ave", "Avenue", "Blvd", "Dr", "Drive", "Ln", "Rd", "Court", "Pkwy", "Way")


def street(generator: random.Random, country: str) -> str:
    """A street with house number."""
    name, number = generator.choice(_STREETS[country].split("|")), generator.randint(1, 189)
    match country:
        case "US":
            unit = generator.choice(["", "", "", f", Apt {number % 40 + 1}", f" Unit {number % 9 + 1}B", f" #{number}"])
            return f"{generator.randint(11, 9899)} {name} {generator.choice(_US_SUFFIX)}{unit}"
        case "GB":
            flat = generator.choice(["", "", "", f"Flat {number % 12 + 1}, ", "The Old Barn, "])
            return f"{flat}{number} {name} {generator.choice(_GB_SUFFIX)}"
        case "FR":
            return f"{number}{generator.choice(['', '', ' bis', ' ter'])}{generator.choice([' ', ', '])}{name}"
        case "ES":
            floor = generator.choice(["", "", ", 3.º B", ", bajo dcha."])
            return f"{name}{generator.choice([', ', ' ', ', n.º '])}{number}{floor}"
        case "IT":
            return f"{name}{generator.choice([', ', ' ', ' n. '])}{number}{generator.choice(['', '', '/A', '/bis'])}"
        case "DK":
            return f"{name} {number}{generator.choice(['', '', ', 2. tv', ', st. th', 'B'])}"
        case _:
            return f"{name} {number}{generator.choice(['', '', 'a', 'b', '-3'])}"


def city(generator: random.Random, country: str) -> str:
    """The name of a town."""
    return _parts(generator, country)[1]


def postcode(generator: random.Random, country: str) -> str:
    """A postcode or ZIP code."""
    return _parts(generator, country)[0]


def address(generator: random.Random, country: str, *, lines: bool = False) -> str:
    """Street, postcode and town, on one line or on two."""
    code, town, state = _parts(generator, country)
    between = "\n" if lines else generator.choice([", ", ", ", " "])
    match country:
        case "US":
            tail = f"{town}, {state} {code}"
        case "GB":
            tail = f"{town}{between if lines else generator.choice([', ', ' '])}{code}"
        case "IT":
            tail = f"{code} {town}"
        case _:
            tail = f"{code} {town}"
    return f"{street(generator, country)}{between}{tail}"


def phone(generator: random.Random, country: str) -> str:
    """A telephone number, now and then one of another country."""
    if country not in _PHONES or generator.random() < _FOREIGN_SHARE:
        country = generator.choice(sorted(_PHONES))
    form = generator.choice(_PHONES[country].split("|")).strip()
    form = form.replace("A", generator.choice(_US_AREAS))
    # Exchanges 555 are for fiction: what is said there is no one's number.
    form = form.replace("B", f"{generator.choice('23467')}{generator.randint(10, 99)}")
    form = form.replace("D", generator.choice("4578"))
    return re.sub("#", lambda _: generator.choice(string.digits), form)


def email_domain(generator: random.Random, country: str) -> str:
    """A mail domain: a big provider's, or a small company's of the country."""
    top = {"US": "com", "GB": "co.uk", "DK": "dk"}.get(country, country.lower())
    firm = re.sub(r"[^a-z]", "", make_person(generator, country).last.lower()) or "nordwind"
    return generator.choice(
        ["gmail.com", "outlook.com", "yahoo.com", "icloud.com", "proton.me", f"{firm}-group.{top}", f"{firm}.{top}",
         f"mail.{firm}labs.io", f"{firm}.consulting"]
    )  # fmt: skip


def _parts(generator: random.Random, country: str) -> tuple[str, str, str]:
    """Postcode, town, and the state in the US."""
    entry = generator.choice(_CITIES[country].split("|"))
    match country:
        case "US":
            town, state, code = entry.rsplit(" ", 2)
            return code, town, state
        case "GB":
            town, code = entry.split(" ", 1)
            return code, town, ""
        case "NL":
            digits, letters, town = entry.split(" ", 2)
            return f"{digits} {letters}", town, ""
        case _:
            code, town = entry.split(" ", 1)
            return code, town, ""
