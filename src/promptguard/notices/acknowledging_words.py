"""The words about the document that people acknowledge: in a notice and on the page that it leads to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.notices.texts import Names, Text, Texts


class AcknowledgingWords(Texts):
    """How to acknowledge the company's document. English where a language's file has none."""

    title: Annotated[Text, Names(())] = Field(
        default="Please read this first",
        description="Heading of the notice.",
    )
    opening: Annotated[Text, Names(("tool", "why"))] = Field(
        default="Nothing was sent to {tool} yet. {why}",
        description="That nothing was sent yet, and why.",
    )
    page: Annotated[Text, Names(())] = Field(
        default="What to do: open the link below, read it, press the button there, and send your message again.",
        description="What to do where the notice has a link.",
    )
    contact: Annotated[Text, Names(("contact",))] = Field(
        default="What to do: ask {contact} where you can acknowledge it.",
        description="What to do where it has none.",
    )
    heading: Annotated[Text, Names(())] = Field(
        default="Read and acknowledge",
        description="On the page that the notice leads to: heading.",
    )
    version: Annotated[Text, Names(("document", "version"))] = Field(
        default="{document}, version {version}",
        description="Which document, in which version.",
    )
    address: Annotated[Text, Names(("address",))] = Field(
        default="The document stands at {address}. Read it there.",
        description="Where it stands, for one that is no file.",
    )
    soon: Annotated[Text, Names(("date",))] = Field(
        default="You acknowledged this before. That lapses on {date}: you can do it again now.",
        description="It lapses soon.",
    )
    lapses: Annotated[Text, Names(("date",))] = Field(
        default="Your acknowledgement of the company's policy lapses on {date}.",
        description="The reminder before it lapses.",
    )
    renew: Annotated[Text, Names(("link",))] = Field(
        default="You can do it again now: {link}",
        description="Where to acknowledge it again.",
    )
    link: Annotated[Text, Names(("link",))] = Field(
        default="Read it and acknowledge it here: {link}",
        description="Before the link in the notice.",
    )
    agree: Annotated[Text, Names(())] = Field(
        default="I have read this, and I will follow it",
        description="The button.",
    )
    done: Annotated[Text, Names(())] = Field(
        default="You have acknowledged this. Now send your message again.",
        description="It was acknowledged.",
    )
    again: Annotated[Text, Names(())] = Field(
        default="The document has changed meanwhile. Read it again.",
        description="The document has changed since the page was shown.",
    )
