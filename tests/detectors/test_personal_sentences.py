"""Sentences that speak of somebody, and sentences that do not."""

from __future__ import annotations

import pytest

from promptguard.detectors.personal_sentences import speak_of_persons, speaks_of_person


def _speaks(sentence: str, *languages: str) -> bool:
    """`sentence` marks the place with brackets."""
    start, end = sentence.index("["), sentence.index("]")
    return speaks_of_person(sentence.replace("[", "").replace("]", ""), start, end - 1, languages)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("My sister has a shop in [Lyon].", "en"),
        ("She went to [Lyon] last week", "en"),
        ("The tenant returned from [Lyon] and complained.", "en"),
        ("I'm in [Lyon] until Friday.", "en"),
        ("Who's coming to [Lyon] with me?", "en"),
        ("Their supplier has a depot near [Lyon].", "en"),
        ("Parcel for [Lyon], call +33 6 12 34 56 78 first", "en"),
        ("Parcel for [Lyon], mail front.desk@firma.test", "en"),
        ("born: 12.03.1984, [Lyon]", "en"),
        ("* 12.03.1984 in [Lyon]", "de"),
        ("Die Kundin zieht nach [Lyon].", "de"),
        ("Ich bin ab Montag in [Lyon].", "de"),
        ("Ma voisine part pour [Lyon].", "fr"),
        ("Mi hermana vuelve de [Lyon].", "es"),
        ("La cliente arriva da [Lyon] domani.", "it"),
        ("Mijn collega is in [Lyon].", "nl"),
        ("Min svigermor flytter fra [Lyon].", "da"),
        ("A minha vizinha foi a [Lyon].", "pt"),
    ],
)
def test_speaks_of_a_person(sentence: str, language: str) -> None:
    assert _speaks(sentence, language)
    assert _speaks(sentence)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Plan a trip to [Lyon].", "en"),
        ("Which pass do I need for trains in [Lyon]?", "en"),
        ("I need help with a market study of [Lyon].", "en"),
        ("Give me five facts about [Lyon].", "en"),
        ("My sister is fine. Which museums are in [Lyon]?", "en"),
        ("Which museums are in [Lyon]? My sister is fine.", "en"),
        ("Revenue in [Lyon] from 2019-2024: 12,500", "en"),
        ("Welches Ticket brauche ich in [Lyon]?", "de"),
        ("Ich brauche einen Reiseplan für [Lyon].", "de"),
        ("Que puis-je voir à [Lyon] ?", "fr"),
        ("¿Qué puedo ver en [Lyon]?", "es"),
        ("Cosa posso vedere a [Lyon]?", "it"),
        ("Wat moet ik zien in [Lyon]?", "nl"),
        ("Hvad skal jeg se i [Lyon]?", "da"),
        ("O que posso ver em [Lyon]?", "pt"),
    ],
)
def test_speaks_of_nobody(sentence: str, language: str) -> None:
    assert not _speaks(sentence, language)


def test_an_abbreviation_ends_no_sentence() -> None:
    assert _speaks("The parcel of Mrs. Example went to [Lyon].", "en")


def test_a_language_of_which_nothing_is_known_is_any() -> None:
    assert _speaks("Mijn collega is in [Lyon].", "ca")
    assert not _speaks("Plan a trip to [Lyon].", "ca")


@pytest.mark.parametrize("around", ["", "No news. " * 200])
def test_many_places_are_judged_as_each_alone(around: str) -> None:
    text = f"{around}My sister is in Lyon. Turin is a town! Which trains go to Oslo?\n\nShe left Riga{around}"
    places = [(text.index(each), text.index(each) + len(each)) for each in ("Lyon", "Turin", "Oslo", "Riga")]
    assert speak_of_persons(text, places, ("en",)) == [True, False, False, True]
    assert [speaks_of_person(text, *place, ("en",)) for place in places] == [True, False, False, True]
