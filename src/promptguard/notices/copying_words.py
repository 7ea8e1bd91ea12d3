"""The words before a person's own text with placeholders, in a notice."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.notices.texts import Names, Text, Texts


class CopyingWords(Texts):
    """The text with placeholders in a notice. English where a language's file has none."""

    text: Annotated[Text, Names(())] = Field(
        default="Your text with placeholders. You can send it instead:",
        description="Before the text with placeholders, with which the notice ends.",
    )
    on_page: Annotated[Text, Names(())] = Field(
        default="Your text with placeholders stands on that page. You can send it instead.",
        description="Behind the link, where the text is too long for the notice.",
    )
