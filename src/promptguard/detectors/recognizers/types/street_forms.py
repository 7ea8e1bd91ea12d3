"""How streets are written: kind of street, name and house number, in the order of each language.

Sources: USPS Publication 28 (appendix C1, street suffixes), Royal Mail's Programmers' Guide to PAF, DIN 5008, La Poste
SNA NF Z10-011, Correos' and Poste Italiane's addressing guides, NEN 5825, the Danish Adressebekendtgørelse.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreetForm:
    """Regexes for the streets of one group of languages."""

    prefilter: str
    """Cheap, and part of every match of the others."""
    sure: str
    """What is hardly ever anything but a street with a house number."""
    unsure: str
    """What is one where more of an address follows, or words before it say so."""
    not_after: str = ""
    """Words after which it is none; they end in `$`."""


_ABBREVIATION = r"(?:St|Ste|Sta|Sto|Mt|Ft|Pt|Dr|Dra|Prof|Gen|Gral|Sgt|Cap|Ing|Hnos|\p{Lu}{1,2})\."
_CAPITALISED = rf"(?:{_ABBREVIATION}|\p{{Lu}}[\p{{L}}\d'’\-]*+)"
_END = r"(?![\w%€$°]|[.,:/-]\d|[ ]?(?:%|€|km\b|cm\b|mm\b|kg\b|am\b|pm\b|Uhr\b|Euro\b))"

# --- English: 221B Baker Street

_ENGLISH_NUMBER = (
    r"(?<![\w.,:/#$€£+*=-])(?!(?=(?:19|20)\d\d[ ])(?<=\b(?:[Ii]n|[Ss]ince|[Ff]rom|of|until|by)[ ]))"
    r"(?:\d{1,6}[ ](?=\d{1,5}[ ]))?(?:\d{1,6}(?:[ ]?[-\u2013/][ ]?\d{1,5})?[A-Za-z]?|One|Two)"
)
_ENGLISH_NOT_AFTER = (
    r"\b(?:Figure|Fig\.|Table|Chapter|Section|Page|Route|Step|Version|Level|Lesson|Part|Day|Week|Episode|Season"
    r"|Question|Exercise|Item|Top|Article|Windows|Q\d|[Tt]he)[ ]$"
)
_ENGLISH_OFTEN = r"(?:Way|Court|Circle|Trail|Place|Grove|Gardens|Loop|Row|Close|Square)"
"""Kinds of street that are trusted after a number of three digits or more: `9 Great Way` may be anything."""
_ENGLISH_LOWER_CASE = (
    r"(?<![\w.,:/#$€£+*=-])(?!(?:19|20)\d\d[ ])\d{3,5}[ ](?:(?!of|the|in|on|to|and|a|for|per|with|from|is|are"
    r"|was|gb|tb|mb"
    r"|hard|disk|usb|external|ssd|flash|test|thumb|block|miles?|meters?|people|users?|words?|feet|ft)"
    r"[a-z'’]{2,15}[ ]){1,3}(?:street|avenue|boulevard|blvd|lane|road|terrace|crescent|drive|ave|rd|ln|dr)(?!\w"
    r"|[ ]of\b)"
)
_ENGLISH_NAME = (
    rf"(?:(?:[NSEW]|[NS][EW]|North|South|East|West)\.?[ ])?"
    rf"(?:(?:{_CAPITALISED}|\d{{1,3}}(?:st|nd|rd|th)|of|the|and|de|la|del|van|von)[ ]){{0,3}}"
    rf"(?:{_CAPITALISED}|\d{{1,3}}(?:st|nd|rd|th))"
)
_ENGLISH_SURE = (
    r"(?:Street|STREET|street|St\b\.?|ST\b\.?|Avenue|AVENUE|avenue|Ave\b\.?|AVE\b\.?|Road|ROAD|road|Rd\b\.?|RD\b\.?"
    r"|Lane|LANE|lane|Ln\b\.?|LN\b\.?|Drive|DRIVE|drive|Dr\b\.?|DR\b\.?|Boulevard|BOULEVARD|boulevard|Blvd\b\.?|BLVD\b\.?"
    r"|Terrace|TERRACE|Crescent|CRESCENT|Cres\b\.?|Parkway|PARKWAY|Pkwy\b\.?|PKWY\b|Highway|HIGHWAY|Hwy\b\.?|Mews"
    r"|Ct\b\.?|CT\b\.?|Cir\b\.?|Pl\b\.?|Sq\b\.?|Ter\b\.?|Gdns\b\.?|Turnpike|Tpke\b)"
)
_ENGLISH_UNSURE = (
    r"(?:Alley|Annex|Arcade|Bayou|Beach|Bend|Bluffs?|Bottom|Branch|Bridge|Broadway|Brooks?|Burgs?|Bypass|Camp|Canyon"
    r"|Cape|Causeway|Center|Centers|Centre|Chase|Circles?|Cliffs?|Close|Club|Common|Commons|Corners?|Course|Courts?|Coves?"
    r"|Creek|Crest|Croft|Crossing|Crossroads?|Curve|Dale|Dam|Divide|Drives|Embankment|Esplanade|Estates?|Expressway"
    r"|Extensions?|Falls?|Ferry|Fields?|Flats?|Fords?|Forest|Forges?|Forks?|Fort|Freeway|Gardens?|Gate|Gateway|Glens?"
    r"|Greens?|Groves?|Harbors?|Haven|Heights|Hills?|Hollow|Inlet|Islands?|Isle|Junctions?|Keys?|Knolls?|Lakes?|Landing"
    r"|Lights?|Loaf|Locks?|Lodge|Loop|Mall|Manors?|Meadows?|Mills?|Mission|Motorway|Mount|Mountains?|Neck|Orchard|Oval"
    r"|Overpass|Parade|Parks?|Parkways|Pass|Passage|Path|Pike|Pines?|Place|Plains?|Plaza|Points?|Ports?|Prairie|Quay"
    r"|Radial|Ramp|Ranch|Rapids?|Rest|Ridges?|Rise|River|Roads|Route|Row|Rue|Run|Shoals?|Shores?|Skyway|Springs?|Spurs?"
    r"|Squares?|Station|Strand|Stravenue|Stream|Streets|Summit|Throughway|Trace|Track|Trafficway|Trails?|Tunnel"
    r"|Underpass|Unions?|Vale|Valleys?|Via|Viaduct|Views?|Villages?|Villas|Ville|Vista|Walks?|Wall|Ways?|Wells?|Wharf)"
)
_ENGLISH_ROUTE = (
    r"(?:County[ ](?:Road|Rd\.?)|State[ ](?:Route|Road|Highway)|US[ ](?:Highway|Hwy)|Highway|Hwy|FM"
    r"|Rural[ ]Route)[ ]\d{1,4}"
)
_NO_SUFFIX = (
    r"(?![\w’'-]|[ ](?:map|maps|trip|trips|test|safety|works?|rage|block|blocks|shoes?|smart|wise|food|view|art|fighter"
    r"|Journal|Fighter|View|Map|Bank|Team)\b)"
)
_ENGLISH_DIRECTION = r"(?:[ ](?:[NSEW]|[NS][EW]|North|South|East|West)\b\.?)?"

# --- German: Hauptstraße 12a

_GERMAN_NUMBER = rf"[ ]?(?:Nr\.?[ ])?\d{{1,4}}(?:[ ]?[a-zA-Z](?!\w))?(?:[ ]?[-\u2013/+][ ]?\d{{1,4}}[a-z]?)?{_END}"
_NUMBER_AHEAD = r"(?=\p{Lu}[^\n\d]{2,70}\d)"
"""A capital, and a number on the same line: saves trying every word."""
_GERMAN_START = rf"(?<![\w.-]){_NUMBER_AHEAD}"
_GERMAN_FIRST = r"(?:(?:\p{Lu}[\p{L}.]*[ -]){0,4})"
_GERMAN_NO_STREET = (
    r"(?!(?:Um|Heim|Aus|Rück|Lösungs|Lern|Rechts|Dienst|Flucht|See|Luft|Hin|Arbeits|Park|Sitz|Steh|Stell|Spiel"
    r"|Ausbildungs|Studien|Speicher|Tabellen|Liege|Camping|Golf|Listen|Start|Lager|Kita|Fenster|Schlaf|Wohn|Bau|Fuß"
    r"|Rast|Bahn|Ess|Studienplatz|Keine?|Mit|Fein|Fest|Ein)(?:weg|platz|damm|wall)[ ])"
)
_GERMAN_SURE = (
    rf"{_GERMAN_START}{_GERMAN_NO_STREET}{_GERMAN_FIRST}"
    r"(?:\p{Lu}?[\p{L}-]*(?:straße|strasse|str\.|gasse|allee|chaussee|promenade|ufer|damm|weg|platz|gässchen|stieg)"
    r"|(?<=\p{L}[ -])(?:Straße|Strasse|Str\.|STRASSE|STR\.|Allee|Gasse|Chaussee|Ufer|Damm|Weg|Platz))"
)
_GERMAN_UNSURE = (
    rf"{_GERMAN_START}(?:{_GERMAN_FIRST}\p{{Lu}}[\p{{L}}-]*(?:ring|markt|hof|berg|tor|park|wall|graben|steig|pfad|winkel|kamp"
    r"|brücke|garten|feld|wiese|wiesen|siedlung|höhe|grund|zeile|twiete)"
    r"|(?:Am|An[ ]de[rnm]|Im|In[ ]de[rn]|Auf[ ]de[rnm]|Zu[mr]|Unter[ ]den|Hinter[ ]de[rmn]|Vor[ ]de[rm]|Bei[ ]der|Beim"
    r"|Alte[r]?|Neue[r]?|Hohe[r]?)[ ](?:\p{Lu}[\p{L}-]+[ ]?){1,3})"
)

# --- French: 12 bis, rue de la Paix

_FRENCH_NUMBER = (
    r"(?<![\w.,:/#$€£+*=-])(?:\d{1,6}[ ](?=\d{1,4}[ ,]))?\d{1,4}(?:[ ]?[-/][ ]?\d{1,4})?"
    r"(?:[ ]?(?:bis|ter|quater|[A-Da-d])\b)?,?[ ]"
)
_FRENCH_PARTICLE = r"(?:(?:de|du|des|la|le|les|et|à|aux?|sur|en|sous|lès|dit)[ ]|[dl]['’])"
_FRENCH_NAME = (
    rf"{_FRENCH_PARTICLE}{{0,3}}(?:{_ABBREVIATION}|\p{{L}}[\w'’\-]*)"
    rf"(?:[ ]{_FRENCH_PARTICLE}{{0,3}}{_CAPITALISED}){{0,5}}"
)
_FRENCH_SURE = (
    r"(?i:rue|avenue|av\.|ave\.?|boulevard|bd\.?|bvd\.?|blvd\.?|impasse|allées?|quai|faubourg|fbg\.?|chemin|ruelle"
    r"|rond-point|venelle|sentier|chaussée)"
)
_FRENCH_UNSURE = (
    r"(?i:place|pl\.|cours|route|rte\.?|square|passage|esplanade|villa|cité|résidence|lotissement|hameau|montée|côte"
    r"|voie|traverse|promenade|lieu-dit)"
)

# --- Spanish and Portuguese: Calle Mayor 5, 2º B

_IBERIAN_NUMBER = (
    rf"(?:,?[ ](?:n\.?[ºo°]\.?[ ]?|núm\.?[ ]|número[ ]|#[ ]?|No\.?[ ])?\d{{1,5}}"
    rf"(?:[ ]?[A-Z](?![\w])|[ ]?-[ ]?\d{{1,4}}|[ ]bis)?{_END}|,?[ ]s/n\b)"
)
_IBERIAN_PARTICLE = r"(?:(?:de|del|la|las|los|el|do|da|dos|das|e|y|i|d['’])[ ]?)"
_IBERIAN_NAME = rf"{_IBERIAN_PARTICLE}{{0,3}}(?:{_CAPITALISED}(?:[ ]{_IBERIAN_PARTICLE}{{0,3}}{_CAPITALISED}){{0,5}})"
_IBERIAN_SURE = (
    r"(?<!\w)(?:(?i:calle|avenida|avda\.?|avd\.?|travesía|callejón|rambla|glorieta|carrer|rúa|rua|travessa|praça"
    r"|avinguda|carretera|ctra\.?|passeig|calzada)|C/|C\.|Cl\.|Av\.|Pza\.|Pº|P\.º|R\.)[ ]?"
)
_IBERIAN_UNSURE = (
    r"(?<!\w)(?i:plaza|plaça|paseo|camino|ronda|vía|urbanización|urb\.|cuesta|pasaje|largo|estrada|alameda|bulevar"
    r"|boulevard|barrio|polígono|parque)[ ]"
)
_COLOMBIAN = (
    r"(?<!\w)(?i:calle|carrera|cra\.?|kra\.?|cl\.?|transversal|diagonal)[ ]\d{1,3}[A-Z]?[ ]?(?:#|No?\.?"
    r"|n[º°])[ ]?\d{1,3}[A-Z]?[ ]?-[ ]?\d{1,3}\b"
)

# --- Italian: Via Roma, 10

_ITALIAN_NUMBER = (
    rf"(?:,?[ ](?:n\.?[°º]?[ ]?|civico[ ])?\d{{1,4}}(?:[ ]?/[ ]?\w{{1,3}}|[ ]?[a-zA-Z](?!\w)|[ ]bis)?{_END}|,?[ ]snc\b)"
)
_ITALIAN_PARTICLE = (
    r"(?:(?:d[aei]|del|dello|della|dei|degli|delle|di|e|al|alla|ai|san|santa)[ ]|(?:d|dell|all|sant)['’])"
)
_ITALIAN_NAME = (
    rf"(?i:{_ITALIAN_PARTICLE}){{0,3}}(?:{_CAPITALISED}|\d{{1,2}}(?=[ ]\p{{Lu}}))"
    rf"(?:[ ](?i:{_ITALIAN_PARTICLE}){{0,2}}{_CAPITALISED}){{0,5}}"
)
_ITALIAN_SURE = (
    r"(?<!\w)(?:Via|VIA|(?i:viale|v\.le|piazza|p\.zza|piazzale|p\.le|corso|c\.so|vicolo|lungotevere|lungarno|lungomare"
    r"|contrada|piazzetta|stradella))[ ]"
)
_ITALIAN_UNSURE = (
    r"(?<!\w)(?:via|(?i:largo|strada|borgo|salita|galleria|vico|calle|fondamenta|località|loc\.|frazione|fraz\.))[ ]"
)

# --- Dutch: Kerkstraat 12-III

_DUTCH_NUMBER = (
    rf"[ ]\d{{1,5}}(?:[ ]?[-/]?[ ]?(?:[a-zA-Z]|[IVX]{{1,4}}|hs|huis|bis|rood|zwart)(?!\w)|-\d{{1,4}})?{_END}"
)
_DUTCH_FIRST = (
    rf"(?<![\w.-])(?:van[ ](?:de[nr]?[ ])?)?{_NUMBER_AHEAD}(?:(?:\p{{Lu}}[\p{{L}}.'’-]*+|van|de|den|der|het|'t"
    rf"|’t|ten|ter|op)[ ]){{0,4}}"
)
_DUTCH_SURE = (
    rf"{_DUTCH_FIRST}(?:\p{{Lu}}[\p{{L}}'’-]*(?:straat|laan|plein|gracht|kade|singel|dijk|steeg|plantsoen|dreef|burgwal"
    r"|straatweg|voorhout)|(?<=\p{L}[ ])(?:Laan|Plein|Gracht|Singel|Dijk|Kade|Voorhout|laan|straat|plein|gracht"
    r"|singel|kade))"
)
_DUTCH_UNSURE = (
    rf"{_DUTCH_FIRST}\p{{Lu}}[\p{{L}}'’-]*(?:hof|pad|baan|markt|wal|haven|park|erf|akker|veld|kamp|ring|weide|donk|oord|berg"
    r"|dam|brink|hoek|horst|werf|zoom|poort|bos|boulevard)"
)

# --- Danish, Norwegian, Swedish, Finnish: Nørregade 5, 2. tv

_NORDIC_NUMBER = rf"[ ]\d{{1,4}}(?:[ ]?[A-Za-z](?!\w))?(?:[ ]?-[ ]?\d{{1,4}})?{_END}"
_NORDIC_FIRST = rf"(?<![\w.-]){_NUMBER_AHEAD}(?:\p{{Lu}}[\p{{L}}.'’-]*+[ ]){{0,4}}"
_NORDIC_SURE = (
    rf"{_NORDIC_FIRST}(?:\p{{Lu}}[\p{{L}}-]*(?:gade|vej|stræde|torv|plads|vænget|gatan|vägen|gränd|veien|vegen|gata|katu|kuja"
    r"|gården|strædet|gaden|vejen|torget|\p{L}{3}all[eé])"
    r"|(?<=\p{L}[ ])(?:Gade|Vej|Allé|Alle|Boulevard|Plads|Torv|gade|vej|vei|plass|gata|gate|väg|allé))"
)
_NORDIC_UNSURE = (
    rf"{_NORDIC_FIRST}\p{{Lu}}[\p{{L}}-]*(?:allé|alle|stien|bakken|krogen|parken|haven|toften|engen|marken|vangen|lunden|skoven"
    r"|gate|gaten|vei|väg|tie|polku|haugen|åsen|plass|plassen|stigen|boulevard|brygge|kaj|vænge)"
)

# --- Polish, Hungarian, Czech: ul. Długa 5/12

_EASTERN = (
    rf"(?<!\w)(?:(?i:ul|al|pl|os)\.|(?i:ulica|aleja|plac|osiedle))[ ](?:{_CAPITALISED}[ ]|\d{{1,2}}[ ]){{1,4}}"
    rf"\d{{1,4}}[a-zA-Z]?(?:[ ]?/[ ]?\d{{1,4}}[a-z]?)?{_END}"
    rf"|(?<![\w-]){_NUMBER_AHEAD}(?:{_CAPITALISED}[ ]){{1,3}}(?:utca|u\.|út|útja|tér|tere|körút|krt\.|rkp\."
    rf"|sétány|köz|náměstí|nám\.|ulice)"
    rf"[ ]\d{{1,4}}\.?(?:/[A-Za-z\d]{{1,3}})?{_END}"
)

# --- Boxes; military addresses (USPS Publication 28, section 238)

_MILITARY = (
    r"(?i:(?:(?:PSC|CMR|UNIT|OMC)[ ]\d{1,5},?[ ]{1,2}Box[ ]\d{1,5}|(?:USNS|USNV|USCGC|USS)[ ][\p{L}'’\- ]{2,30}?)"
    r"[ ]?,?(?:[ ]|\r?\n[ \t>|*?]{0,16})(?:APO|FPO|DPO)[ ,]{1,2}A[AEP][ ,]{1,2}\d{5}(?:-\d{4})?)(?!\w)"
)
_BOX = (
    r"(?<!\w)(?:(?i:P\.?[ ]?O\.?[ ]?Box|Post[ ]Office[ ]Box|GPO[ ]Box|Locked[ ]Bag|Private[ ]Bag|Postfach"
    r"|Apartado(?:[ ]de[ ]Correos)?|Apdo\.?|Caixa[ ]Postal|Casella[ ]Postale|Postbus|Postboks|Boîte[ ]postale)"
    r"[ ]{0,2}(?:\#|n[º°]\.?|Nr\.?|No\.?)?[ ]?[A-Z]?\d{1,3}(?:[ ]?\d{2,3}){0,2})(?![\w-]|[.,]\d)"
)
_SHORT_BOX = r"(?<![\w.])(?:B\.?P\.?|C\.?P\.?|CS)[ ]\d{2,5}(?![\w/%-]|[.,]\d)"

_FLAT = r"(?<!\w)(?i:apt|apartment|suite|ste|flat)\.?[ ]#?\d{1,5}[A-Za-z]?(?![\w-]|[.,]\d)"
"""An address of which only this and the town are known."""

# --- Whatever stands after "address" and the like

_ADDRESS_WORD = (
    r"(?i:\b(?:address(?:[ ]is|[ ]was)?|adresse(?:[ ]est|[ ]ist|[ ]er)?|anschrift|dirección(?:[ ]es)?|domicilio"
    r"|indirizzo(?:[ ]è)?|adres(?:[ ]is)?|(?:live[sd]?|living|resid(?:e|es"
    r"|ing))[ ]at))[ \t]{0,2}:?[ \t]{0,2}\n?[ \t]{0,4}"
)
_SUFFIX = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|terrace|close|square|gardens"
    r"|crescent|grove|row|hill|park)"
)
_AFTER_ADDRESS_WORD = (
    rf"{_ADDRESS_WORD}(?P<value>(?:\d{{1,6}}[ ])?\d{{1,6}}[A-Za-z]?,?[ ](?:{_CAPITALISED}(?:[ ]{_CAPITALISED}){{0,4}}"
    rf"|(?i:(?:[\p{{L}}'’.\-]{{1,20}}[ ]){{1,3}}{_SUFFIX})\b)|(?:{_CAPITALISED}[ ]){{1,4}}\d{{1,5}}[ ]?[a-zA-Z]?(?!\w))"
)

STREET_FORMS: dict[str, StreetForm] = {
    "en": StreetForm(
        prefilter=(
            rf"(?:\d[A-Za-z]?|\b(?:One|Two))[ ][\w.'’ \-]{{1,60}}[ ](?:{_ENGLISH_SURE}|{_ENGLISH_UNSURE})\b"
            rf"|\d[ ]{_ENGLISH_ROUTE}|\bcorner[ ]of[ ]"
            r"|\d{3}[ ][a-z'’ ]{2,45}[ ](?:street|avenue|boulevard|blvd|lane|road|terrace|crescent|drive|ave|rd"
            r"|ln|dr)\b"
        ),
        sure=(
            rf"{_ENGLISH_NUMBER},?[ ](?:{_ENGLISH_ROUTE}|{_ENGLISH_NAME}[ ]{_ENGLISH_SURE}{_ENGLISH_DIRECTION})"
            rf"{_NO_SUFFIX}"
            rf"|(?:the[ ])?corner[ ]of[ ]{_ENGLISH_NAME}(?:[ ](?:and|&)[ ]){_ENGLISH_NAME}{_NO_SUFFIX}"
            rf"|(?=\d{{3}})(?!(?:19|20)\d\d[ ]){_ENGLISH_NUMBER},?[ ]{_ENGLISH_NAME}[ ]{_ENGLISH_OFTEN}{_NO_SUFFIX}"
            rf"|{_ENGLISH_LOWER_CASE}"
        ),
        unsure=rf"{_ENGLISH_NUMBER},?[ ]{_ENGLISH_NAME}[ ]{_ENGLISH_UNSURE}{_ENGLISH_DIRECTION}{_NO_SUFFIX}",
        not_after=_ENGLISH_NOT_AFTER,
    ),
    "de": StreetForm(
        prefilter=(
            r"(?:(?i:straße|strasse|str\.|gasse|allee|chaussee|promenade|ufer|damm|weg|platz|gässchen|stieg)"
            r"|(?:ring|markt|hof|berg|tor|park|wall|graben|steig|pfad|winkel|kamp|brücke|garten|feld|wiesen?|siedlung|höhe"
            r"|grund|zeile|twiete)"
            r"|\b(?:Am|An[ ]de[rnm]|Im|In[ ]de[rn]|Auf[ ]de[rnm]|Zu[mr]|Unter[ ]den|Hinter[ ]de[rmn]|Vor[ ]de[rm]"
            r"|Bei[ ]der|Beim|Alter?|Neuer?|Hoher?)[ ]\p{Lu}[\p{L} \-]{2,40})[ ]?(?:Nr\.?[ ])?\d"
        ),
        sure=_GERMAN_SURE + _GERMAN_NUMBER,
        unsure=_GERMAN_UNSURE + _GERMAN_NUMBER,
    ),
    "fr": StreetForm(
        prefilter=rf"\d(?:[ ]?(?:bis|ter|quater|[A-Da-d]))?,?[ ](?:{_FRENCH_SURE}|{_FRENCH_UNSURE})[ ]",
        sure=(
            rf"{_FRENCH_NUMBER}(?:{_FRENCH_SURE}[ ]{_FRENCH_NAME}"
            rf"|{_FRENCH_UNSURE}[ ](?:du|des|de[ ]la|de|d['’]|de[ ]l['’])[ ]?(?=\p{{Lu}}){_FRENCH_NAME})"
        ),
        unsure=rf"{_FRENCH_NUMBER}{_FRENCH_UNSURE}[ ](?=[^\n,;.]{{0,20}}?\b\p{{Lu}}){_FRENCH_NAME}",
    ),
    "es": StreetForm(
        prefilter=rf"(?:{_IBERIAN_SURE}|{_IBERIAN_UNSURE})[\w.,'’ \-]{{1,60}}(?:\d|s/n|#)|{_COLOMBIAN}",
        sure=(
            rf"{_IBERIAN_SURE}{_IBERIAN_NAME}{_IBERIAN_NUMBER}|{_COLOMBIAN}"
            rf"|{_IBERIAN_UNSURE}(?=(?:de|del|da|do|dos|das)[ ]){_IBERIAN_NAME}{_IBERIAN_NUMBER}"
        ),
        unsure=rf"{_IBERIAN_UNSURE}{_IBERIAN_NAME}{_IBERIAN_NUMBER}",
    ),
    "it": StreetForm(
        prefilter=(
            rf"(?:{_ITALIAN_SURE}|{_ITALIAN_UNSURE})[\w.,'’ \-]{{1,60}}(?:,?[ ](?:n\.?[°º]?[ ]?|civico[ ])?\d|snc)"
        ),
        sure=_ITALIAN_SURE + _ITALIAN_NAME + _ITALIAN_NUMBER,
        unsure=_ITALIAN_UNSURE + _ITALIAN_NAME + _ITALIAN_NUMBER,
    ),
    "nl": StreetForm(
        prefilter=(
            r"(?i:straat|laan|plein|gracht|kade|singel|dijk|steeg|plantsoen|dreef|burgwal|weg|voorhout|hof|pad|baan|markt|wal|haven"
            r"|park|erf|akker|veld|kamp|ring|weide|donk|oord|berg|dam|brink|hoek|horst|werf|zoom|poort|bos"
            r"|boulevard)[ ]\d"
        ),
        sure=_DUTCH_SURE + _DUTCH_NUMBER,
        unsure=_DUTCH_UNSURE + _DUTCH_NUMBER,
    ),
    "da": StreetForm(
        prefilter=(
            r"(?i:gade|vej|stræde|torv|plads|vænget|gatan|vägen|gränd|veien|vegen|gata|katu|kuja|gården|strædet|gaden"
            r"|vejen|torget|allé|alle|boulevard|vei|plass|gate|väg|stien|bakken|krogen|parken|haven|toften|engen|marken"
            r"|vangen|lunden|skoven|gaten|tie|polku|haugen|åsen|plassen|stigen|brygge|kaj|vænge)[ ]\d"
        ),
        sure=_NORDIC_SURE + _NORDIC_NUMBER,
        unsure=_NORDIC_UNSURE + _NORDIC_NUMBER,
    ),
    "pl": StreetForm(
        prefilter=(
            r"(?:\b(?i:ul|al|pl|os)\.|\b(?i:ulica|aleja|plac|osiedle))[ ][\w.\- ]{2,60}\d"
            r"|(?:utca|u\.|út|útja|tér|tere|körút|krt\.|rkp\.|sétány|köz|náměstí|nám\.|ulice)[ ]\d"
        ),
        sure=_EASTERN,
        unsure="",
    ),
    "box": StreetForm(
        prefilter=(
            r"(?i)\b(?:P\.?[ ]?O\.?[ ]?Box|Post[ ]Office[ ]Box|GPO[ ]Box|Locked[ ]Bag|Private[ ]Bag|Postfach"
            r"|Apartado|Apdo"
            r"|Caixa[ ]Postal|Casella[ ]Postale|Postbus|Postboks|Boîte[ ]postale|[AFD]PO[ ,]{1,2}A[AEP])\b"
            r"|\b(?-i:B\.?P\.?|C\.?P\.?|CS)[ ]\d|\b(?:apt|apartment|suite|ste|flat)\.?[ ]#?\d"
        ),
        sure=f"{_MILITARY}|{_BOX}",
        unsure=f"{_SHORT_BOX}|{_FLAT}",
    ),
    "labelled": StreetForm(
        prefilter=_ADDRESS_WORD + r"(?:\d|\p{Lu})",
        sure=_AFTER_ADDRESS_WORD,
        unsure="",
    ),
}
"""By ISO 639-1 code of the group's best-known language; boxes and labelled addresses are alike in all."""
