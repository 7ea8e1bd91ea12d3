"""What is recorded, for how long, and who can see it: for everybody, in their language."""

from __future__ import annotations

from starlette.responses import Response

from promptguard.console.ways import Open, Visit, Way
from promptguard.notices.languages import language_of

SHAPE = "aaa@aaa.aa"
"""What is recorded of an e-mail address."""


def show(visit: Visit) -> Response:
    """The page, with what holds for this installation."""
    texts = language_of(visit.accept_language, visit.console.staff.languages, "recorded")
    words, kept = texts.recorded, visit.console.kept
    return visit.page(
        "recorded.html",
        language=texts.language,
        words=words,
        evidence=kept.evidence(words, texts.data_classes),
        sign_in=kept.sign_in(words),
        times=kept.times(words),
        earlier=words.looking_back(visit.console.earlier.terms.months),
        shapes=words.shapes.format_map({"shape": SHAPE}),
    )


WAYS = (Way("GET", "/what-is-recorded", Open.TO_ALL, show),)
