"""Names of persons from many cultures, in the forms in which people write them."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass

_POOLS: dict[str, tuple[str, str]] = {
    "US": (
        "Ashley Brandon Brittany Caleb Cheryl Darnell Deborah Dustin Gretchen Jermaine Kayla Keisha Lamar Marcus Megan "
        "Rodney Shawna Todd Travis Whitney Wyatt Ebony Latoya Hunter",
        "Abernathy Boudreaux Calloway Dunbar Fairchild Gaines Hargrove Ketchum Langley Mayfield Pickett Ransom Stovall "
        "Tillman Vickers Whitaker Yarbrough Rhodes Bledsoe Crenshaw",
    ),
    "GB": (
        "Alistair Bronwen Callum Dafydd Eilidh Fiona Gareth Gemma Hamish Imogen Isla Nigel Oonagh Phillipa Rhys Rupert "
        "Siobhan Tamsin Trevor Una",
        "Abbott Bickerstaff Cholmondeley Entwistle Fairweather Gallacher Heathcote Llewellyn MacAllister Ogilvie "
        "Pemberton Ramsbottom Shuttleworth Thistlethwaite Tregenza Whittle Wrigley O'Driscoll",
    ),
    "DE": (
        "Annegret Bernd Dörte Friederike Gunnar Heike Jochen Jürgen Katrin Lennart Maike Norbert Ottilie "
        "Rüdiger Sabine "
        "Silke Thorsten Uwe Wiebke Wolfgang",
        "Achterberg Bäumler Dettmann Eichhorst Fröhlich Grünewald Hülsmann Kirchgässner Köster Ludewig "
        "Müller-Lüdenscheid "
        "Niemöller Oberländer Pfeiffer Rössler Schäuffele Trautwein Vogelsang Weidenbach Zöllner",
    ),
    "FR": (
        "Amélie Baptiste Capucine Clémence Didier Élodie Fabrice Gaëlle Honoré Jean-Luc Joëlle Loïc "
        "Marie-Claude Maëlys "
        "Océane Pascal Sandrine Solène Thibault Yannick",
        "Beauchêne Castaing Delorme Fauconnier Gauthier Hébrard Jacquemin Lefebvre Le Goff Marchand Noirot Olivier "
        "Perrichon Quéméneur Rousselot Sauvageot Tessier Vaillancourt d'Aubigny de la Tour",
    ),
    "ES": (
        "Almudena Begoña Curro Estefanía Gonzalo Guadalupe Iñaki Íñigo Jimena José María Leire Macarena "
        "Nuria Pilar Rocío "
        "Sergio Txema Valentín Xavier Yolanda",
        "Aguirre Barrientos Cabezas Domínguez Echeverría Fuentes Galdós Hinojosa Ibáñez Jurado Lizarraga Muñoz Nogales "
        "Ochoa Peñalver Quiroga Requena Sepúlveda Urrutia Zamorano",
    ),
    "IT": (
        "Achille Beatrice Carmela Cosimo Domenico Edoardo Fiammetta Ginevra Graziella Ilaria Loredana Matteo Niccolò "
        "Ornella Pasquale Rosaria Salvatore Tiziana Ugo Zeno",
        "Accorsi Barbagallo Cattaneo D'Amico De Santis Esposito Fumagalli Giannattasio Iacobucci Lo Cascio Mastroianni "
        "Nardelli Orefice Pellegrino Quattrocchi Rinaldi Scognamiglio Tedeschi Venturini Zanetti",
    ),
    "NL": (
        "Aafke Bart Coen Dirkje Femke Floris Gijs Hanneke Ineke Jelle Joost Karlijn Lieke Maarten Nienke Pieter Roos "
        "Sjoerd Teun Wouter",
        "Boogaard Dijkstra Elzinga Groeneveld Hoekstra Kuipers Meijer Oosterhuis Postma Schaap Terpstra Uitterhoeve "
        "van Beek van den Berg van der Velde de Vries ter Horst Wiersma Zijlstra Zwart",
    ),
    "DK": (
        "Anders Birgitte Bodil Frederikke Gitte Henning Inge Jeppe Karsten Kirsten Lærke Mads Mette Niels Ole Preben "
        "Rikke Signe Søren Troels",
        "Abildgaard Bech Christoffersen Dahlgaard Elkjær Frandsen Gravesen Højgaard Ipsen Jørgensen Kjeldsen "
        "Lindegaard "
        "Mølgaard Nørskov Overgaard Poulsen Rønne Skovgaard Thygesen Østergaard",
    ),
    "PL": (
        "Agnieszka Bartosz Dorota Grzegorz Jadwiga Krzysztof Łukasz Małgorzata Paweł Zbigniew",
        "Brzęczyk Chmielewska Dąbrowski Jabłońska Kaczmarczyk Mazur Nowicka Sikora Wójcik Żurawski",
    ),
    "TR": (
        "Aylin Burak Ceren Emre Fatma Hakan Mehmet Özlem Serkan Yıldız",
        "Akgün Bozkurt Çelik Demirtaş Erdoğmuş Güneş Karaca Öztürk Şahin Yalçınkaya",
    ),
    "IN": (
        "Aishwarya Bhavesh Deepika Farhan Gayatri Harpreet Ishaan Lakshmi Manoj Pooja Raghavan Sunita Tanvi Venkatesh",
        "Agarwal Banerjee Chaudhuri Deshpande Iyer Kulkarni Menon Nambiar Patil Raghunathan Sengupta Thakkar Upadhyay",
    ),
    "CN": (
        "Bingwen Chunhua Guiying Haoran Jianguo Lihua Meiling Qiang Ruoxi Weimin Xiaoyan Yutong Zihan",
        "Cao Deng Feng Guo Hsieh Kwok Liang Ouyang Qiu Shen Tang Xu Yao Zheng",
    ),
    "JP": (
        "Akihiro Chiyo Daisuke Fumiko Haruka Kaori Masashi Noriko Ryota Satoshi Yuko",
        "Fujimoto Hashimoto Ishikawa Kuroda Matsuzaki Nishimura Ogawa Sakamoto Takeda Yoshida",
    ),
    "NG": (
        "Adaeze Babatunde Chinedu Emeka Folasade Ifeoma Kelechi Ngozi Olumide Temitope Uchenna Yewande",
        "Adeyemi Balogun Chukwu Eze Ibekwe Lawal Nwachukwu Obaseki Okonjo Okoro Olatunji Udoh",
    ),
    "SA": (
        "Abdulrahman Bushra Faisal Hanan Jamila Khalid Layla Mahmoud Nasser Rania Samira Tariq Yusuf Zainab",
        "Al-Harbi Al-Qahtani Bakri El-Masry Farouk Haddad Ibn Saud Khoury Mansour Nasrallah Sabbagh Tahan",
    ),
    "RU": (
        "Anatoly Ekaterina Fyodor Galina Igor Lyudmila Maksim Nadezhda Oksana Sergei Svetlana Yevgeny",
        "Bogdanov Chernyshevskaya Dolgorukov Fedorova Gromov Kuznetsova Lebedev Morozova Petrenko Shevchuk Tarasova",
    ),
    "BR": (
        "Adriana Caetano Fabíola Gilberto Janaína João Luiza Márcio Rafaela Thiago Vitória Wagner",
        "Albuquerque Barbosa Cavalcanti Drummond Figueiredo Guimarães Magalhães Nogueira Pessoa Teixeira Vasconcelos",
    ),
    "KR": (
        "Eun-ji Hye-jin Ji-hoon Min-seo Seo-yeon Sung-min Tae-hyun Yoo-jung",
        "Ahn Bae Choi Hwang Jeong Kwon Noh Seo Yoon",
    ),
    "VN": (
        "Anh Bích Dũng Hương Khánh Linh Ngọc Phương Quỳnh Thảo Tuấn",
        "Bùi Đặng Dương Hoàng Huỳnh Lê Nguyễn Phạm Trần Võ Vũ",
    ),
}
_TWO_WORDS = re.compile(r"(?<!\S)(?:van den|van der|van|de la|de|De|ter|Le|Lo|Ibn|José) \S+")
_LOCAL_SHARE = 0.55
"""How often somebody has a name of the country that the text comes from."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    first: str
    last: str

    @property
    def full(self) -> str:
        """As in a signature."""
        return f"{self.first} {self.last}"

    def mailbox(self, generator: random.Random) -> str:
        """The part of an e-mail address before the `@`."""
        first, last = plain(self.first), plain(self.last)
        return generator.choice(
            [f"{first}.{last}", f"{first[0]}.{last}", f"{first[0]}{last}", f"{last}{generator.randint(1, 99)}",
             f"{first}_{last}", f"{first}{last[0]}", f"{first}.{last}+{generator.choice(['news', 'work', 'shop'])}"]
        )  # fmt: skip


def make_person(generator: random.Random, country: str) -> Person:
    """A person as one meets them in a country."""
    pool = country if country in _POOLS and generator.random() < _LOCAL_SHARE else generator.choice(sorted(_POOLS))
    first, last = (_names(names) for names in _POOLS[pool])
    return Person(generator.choice(first), generator.choice(last))


def plain(name: str) -> str:
    """A name as it stands in an address: small ASCII letters."""
    for special, letters in {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "oe",
        "æ": "ae",
        "ł": "l",
        "đ": "d",
        "ı": "i",
    }.items():
        name = name.replace(special, letters).replace(special.upper(), letters)
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", ascii_only.lower())


def _names(text: str) -> list[str]:
    pairs = _TWO_WORDS.findall(text)
    return pairs + _TWO_WORDS.sub(" ", text).split()
