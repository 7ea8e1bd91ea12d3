"""The words of the page that a notice leads to: what happened to a request, a mistake, a question, an incident."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.notices.texts import Names, Text, Texts


class StaffWords(Texts):
    """The page “What happened to my prompt?”. English where a language's file has none."""

    link: Annotated[Text, Names(("link",))] = Field(
        default="What happened, a mistake, a question: {link}",
        description="The last paragraph of a notice with a link.",
    )
    title: Annotated[Text, Names(())] = Field(default="What happened to my prompt?", description="Heading.")
    closed: Annotated[Text, Names(())] = Field(
        default=(
            "This link shows what happened to one request to an AI tool. It is opened once, within an hour, and then "
            "works for a day in this browser."
        ),
        description="On a link that was not opened yet.",
    )
    open: Annotated[Text, Names(())] = Field(default="Show what happened", description="The button that opens it.")
    gone: Annotated[Text, Names(("contact",))] = Field(
        default=(
            "This link shows nothing any more: it is too old, or was opened in another browser. Ask {contact}, and "
            "name the decision, which stands in the notice."
        ),
        description="On a link that does not hold, whatever the reason.",
    )
    busy: Annotated[Text, Names(())] = Field(
        default="Too much was asked from here. Wait a minute, and try again.", description="After too many requests."
    )
    when: Annotated[Text, Names(("time", "tool", "decision_id"))] = Field(
        default="{time}, to {tool}. Decision {decision_id}.", description="When, and to which tool."
    )
    unsent: Annotated[Text, Names(())] = Field(default="Nothing of it was sent.", description="It was stopped.")
    waiting: Annotated[Text, Names(())] = Field(
        default="Nothing of it was sent: it needs a reason first.", description="It was held for a reason."
    )
    replaced: Annotated[Text, Names(())] = Field(
        default=(
            "It was sent with what is said below replaced by placeholders. The service did not get the values; in the "
            "answer they are put back for you."
        ),
        description="It was sent with values replaced.",
    )
    sent: Annotated[Text, Names(())] = Field(default="It was sent as it is.", description="It was sent.")
    found: Annotated[Text, Names(())] = Field(default="What was found", description="Heading.")
    nothing: Annotated[Text, Names(())] = Field(default="Nothing.", description="Nothing was found.")
    kept_back: Annotated[Text, Names(())] = Field(default="not sent", description="What became of a finding: stopped.")
    exchanged: Annotated[Text, Names(())] = Field(
        default="replaced by a placeholder", description="What became of a finding: replaced."
    )
    left: Annotated[Text, Names(())] = Field(default="sent", description="What became of a finding: it was sent.")
    next: Annotated[Text, Names(())] = Field(default="What to do next", description="Heading.")
    nothing_to_do: Annotated[Text, Names(())] = Field(
        default="Nothing. Work on as you did.", description="Where nothing has to be done."
    )
    to_acknowledge: Annotated[Text, Names(())] = Field(
        default="Read the document below, press the button under it, and send your message again.",
        description="Where the company's document has to be acknowledged first.",
    )
    to_justify: Annotated[Text, Names(())] = Field(
        default="To have it sent all the same, give your reason below, and send your message again.",
        description="Where a reason has to be given first.",
    )
    to_ask: Annotated[Text, Names(())] = Field(
        default="Do not send it again as it is. If you need it, or think that this is a mistake, say so below.",
        description="Where it was stopped for where it went, or by an order, and for nothing in it.",
    )
    text: Annotated[Text, Names(())] = Field(
        default="Your text with placeholders", description="Heading, over the redacted text."
    )
    text_sealed: Annotated[Text, Names(())] = Field(
        default=(
            "It is kept for an hour at most, encrypted. The key stands in your link alone: nobody else can read it, "
            "the server neither."
        ),
        description="How the redacted text is kept.",
    )
    text_gone: Annotated[Text, Names(())] = Field(
        default="It is not kept any more, or there was none.", description="Where there is no redacted text."
    )
    files: Annotated[Text, Names(())] = Field(default="The files", description="Before the names of files.")
    tell: Annotated[Text, Names(())] = Field(default="Tell security", description="Heading, over the forms.")
    false_alarm: Annotated[Text, Names(())] = Field(
        default="A false alarm: what was found is harmless", description="A report."
    )
    missed: Annotated[Text, Names(())] = Field(
        default="Something was missed, and should not have been sent", description="A report."
    )
    question: Annotated[Text, Names(())] = Field(default="I have a question", description="A question to security.")
    ask: Annotated[Text, Names(())] = Field(
        default="Ask security", description="Heading, and button, of the form for a question."
    )
    ask_how: Annotated[Text, Names(())] = Field(
        default="Security reads your question and this decision, and of your text nothing, unless you add it.",
        description="What goes with a question.",
    )
    ask_words: Annotated[Text, Names(())] = Field(
        default="Your question. Leave the values out: what is found is masked before it is kept.",
        description="Label of the field for a question.",
    )
    add_text: Annotated[Text, Names(())] = Field(
        default="Add my text with placeholders", description="Label of the box that adds the redacted text."
    )
    text_added: Annotated[Text, Names(())] = Field(
        default="You added your text with placeholders.", description="With a question to which it was added."
    )
    words: Annotated[Text, Names(())] = Field(
        default="Your words, if you want to add some. Leave the values out: what is found is masked before it is kept.",
        description="Label of the field for words.",
    )
    name: Annotated[Text, Names(())] = Field(
        default="Your name, if you want to be asked back", description="Label of the field for a name."
    )
    send: Annotated[Text, Names(())] = Field(default="Send", description="The button of the form.")
    incident: Annotated[Text, Names(())] = Field(
        default="Report an incident", description="Heading, over the choices of an incident."
    )
    incident_fills: Annotated[Text, Names(())] = Field(
        default="One click is enough: the decision, what was found, the tool and the time are added by themselves.",
        description="That the report fills itself.",
    )
    by_mistake: Annotated[Text, Names(())] = Field(
        default="I sent something by mistake", description="An incident: data may be exposed."
    )
    request_approval: Annotated[Text, Names(())] = Field(
        default="I need this tool: please have it approved", description="Of a tool that is not approved."
    )
    for_what: Annotated[Text, Names(())] = Field(
        default="What you need it for, if you want to say so. Leave values and names out.",
        description="Label of the field for words about such a tool.",
    )
    approved_use: Annotated[Text, Names(())] = Field(
        default="It was a use that is approved", description="An incident: to be looked at as an exception."
    )
    wrong_output: Annotated[Text, Names(())] = Field(
        default="A wrong output was sent on to somebody", description="An incident: wrong output sent."
    )
    phishing: Annotated[Text, Names(())] = Field(
        default="I was talked into it: a page or message asked for it", description="An incident: phishing."
    )
    told: Annotated[Text, Names(())] = Field(default="What you told", description="Heading, over reports and answers.")
    unanswered: Annotated[Text, Names(())] = Field(
        default="Not answered yet. The answer will stand here: keep the link, in this browser, for seven days.",
        description="A report without an answer.",
    )
    answer: Annotated[Text, Names(("time",))] = Field(
        default="Security, {time}:", description="Before an answer of security."
    )
    unread: Annotated[Text, Names(())] = Field(
        default=(
            "Your words could not be looked through for sensitive values just now, so they were not kept. Send it "
            "again, or without them."
        ),
        description="Words could not be searched.",
    )
    too_many: Annotated[Text, Names(())] = Field(
        default="You have told enough about this one. Security will look at it.",
        description="After too many reports on one decision.",
    )
    recorded: Annotated[Text, Names(())] = Field(
        default="What is recorded, for how long, and who can see it", description="The link to that page."
    )
