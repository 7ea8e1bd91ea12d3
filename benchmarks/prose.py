"""Prompts as staff write them, never the same twice, from a seeded generator.

Most sentences hold nothing sensitive. About one in twelve names a person, as office prose does, so that the names tier
has findings to redact and the figures hold that work too.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

_SENTENCES = (
    "The {adjective} {thing} for {team} still needs a {thing2} before {day}.",
    "Could you rewrite this {thing} so that {team} understands why the {thing2} is {adjective}?",
    "We compared the {adjective} {thing} with the {thing2} and saw no difference after {number} tries.",
    "Please keep the {thing} short, mention the {thing2} once, and leave the tone {adjective}.",
    "In our meeting on {day} {team} agreed that the {thing} is {adjective} enough for now.",
    "It takes about {number} minutes until the {thing} shows the {adjective} {thing2} again.",
    "List {number} reasons why a {thing} can be {adjective} although the {thing2} looks fine.",
    "What would you change in a {adjective} {thing} that {team} reads every {day}?",
    "The {thing} failed again, the {thing2} did not, and nobody in {team} knows what is {adjective} about it.",
    "Summarise the {thing} in {number} sentences and name the one {adjective} {thing2} that matters.",
    "Our {thing} grew by {number} percent, which makes the {adjective} {thing2} more urgent.",
)
_PERSON_SENTENCES = (
    "{person} from {team} asked whether the {adjective} {thing} can wait until {day}.",
    "I promised {person} a {adjective} {thing} with {number} examples.",
)
_WORDS = {
    "adjective": "careful early final honest late narrow open plain quarterly quiet rough simple slow steep thin",
    "thing": "agenda answer backlog brochure budget calendar chart checklist contract deployment diagram estimate",
    "thing2": "handover index invoice layout letter memo migration outline plan proposal query report review schedule",
    "team": "marketing finance support logistics engineering purchasing legal operations sales training",
    "day": "Monday Tuesday Wednesday Thursday Friday",
}
_GIVEN_NAMES = (
    "Amara Bettina Carlos Dariusz Elena Farid Greta Hannah Ivan Jane Kenji Lucia Marek Nadia Omar Priya Tomas"
)
_SURNAMES = "Abebe Berg Castellano Dvorak Eriksson Fontaine Gupta Hoffmann Ito Jansen Kowalski Lindqvist Moreau Porter"
_PERSON_SHARE = 1 / 12


class Prose:
    """Makes texts; the same seed gives the same texts in the same order."""

    def __init__(self, seed: int = 1) -> None:
        self._generator = random.Random(seed)
        self._words = {name: words.split() for name, words in _WORDS.items()}
        self._given_names = _GIVEN_NAMES.split()
        self._surnames = _SURNAMES.split()

    def text(self, size: int) -> str:
        """A text of exactly `size` characters, which are as many bytes."""
        sentences: list[str] = []
        length = 0
        while length < size:
            sentence = self._sentence()
            sentences.append(sentence)
            length += len(sentence) + 1
        return " ".join(sentences)[:size]

    def _sentence(self) -> str:
        pick = self._generator
        forms = _PERSON_SENTENCES if pick.random() < _PERSON_SHARE else _SENTENCES
        values = {name: pick.choice(words) for name, words in self._words.items()}
        person = f"{pick.choice(self._given_names)} {pick.choice(self._surnames)}"
        return pick.choice(forms).format(person=person, number=pick.randrange(2, 9999), **values)


def chat(*texts: str) -> bytes:
    """An OpenAI chat body; texts are the turns of user and assistant, the user's last."""
    first = len(texts) % 2  # an odd number of turns begins with the user
    roles = ("assistant", "user")
    messages = [{"role": roles[(number + first) % 2], "content": text} for number, text in enumerate(texts)]
    return json.dumps({"model": "gpt-5", "messages": messages}, ensure_ascii=False).encode()


def chats(prose: Prose, size: int, count: int) -> Sequence[bytes]:
    """Bodies with one fresh text each."""
    return [chat(prose.text(size)) for _ in range(count)]
