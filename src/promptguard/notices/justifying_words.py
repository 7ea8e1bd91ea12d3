"""The words about reasons: how to give one, in a notice and on the page that it leads to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.notices.texts import Counted, Names, Text, Texts


class JustifyingWords(Texts):
    """How to have something sent by giving a reason. English where a language's file has none."""

    tool: Annotated[Text, Names(("tool",))] = Field(
        default="Nothing was sent to {tool} yet. This needs a reason first.",
        description="That a reason has to be given first for the tool, and not for what was found.",
    )
    how: Annotated[Text, Names(("code", "minutes"))] = Field(
        default=(
            "To have it sent all the same: send “pg-allow {code} REASON” as your next message within "
            "{minutes} minutes, with your reason in place of REASON. PromptGuard takes that line out before "
            "anything is sent."
        ),
        description="How to give a reason with the next message.",
    )
    page: Annotated[Text, Names(())] = Field(
        default=(
            "To have it sent all the same: open the link below, give your reason there, and send your message again."
        ),
        description="How to give one where a message cannot.",
    )
    listed: Annotated[Text, Names(("reasons",))] = Field(
        default="Reasons that can be given: {reasons}.",
        description="The reasons to choose from.",
    )
    refused: Annotated[Text, Names(("tool", "problem"))] = Field(
        default="Nothing was sent to {tool}. The reason that you gave does not count. {problem}",
        description="Why a reason that was given in a message does not count.",
    )
    go_on: Annotated[Text, Names(())] = Field(
        default="Please go on with my message before this one.",
        description="What the service gets in place of a message that gave a reason and said nothing else.",
    )
    heading: Annotated[Text, Names(())] = Field(
        default="Send it with a reason",
        description="On the page that a notice leads to: heading of the form.",
    )
    reason: Annotated[Text, Names(())] = Field(
        default="The reason",
        description="Its list of reasons.",
    )
    own_words: Annotated[Text, Names(())] = Field(
        default="In your own words",
        description="Its field for a reason in own words.",
    )
    own_words_hint: Annotated[Text, Names(())] = Field(
        default="Leave the values out: words in which something is found are not kept, and do not count.",
        description="What not to write there.",
    )
    scope: Annotated[Text, Names(())] = Field(
        default="What it is for",
        description="Its choice of what the reason is for.",
    )
    finding: Annotated[Counted, Names(("hours",))] = Field(
        default=("For what was found here, for {hours} hour", "For what was found here, for {hours} hours"),
        description="One choice: for one hour, and for several.",
    )
    conversation: Annotated[Counted, Names(("hours",))] = Field(
        default=(
            "For this kind of data in this conversation, for {hours} hour",
            "For this kind of data in this conversation, for {hours} hours",
        ),
        description="One choice: for one hour, and for several.",
    )
    minutes: Annotated[Counted, Names(("minutes",))] = Field(
        default=(
            "For this kind of data at this tool, for {minutes} minute",
            "For this kind of data at this tool, for {minutes} minutes",
        ),
        description="One choice: for one minute, and for several.",
    )
    give: Annotated[Text, Names(())] = Field(
        default="Give this reason",
        description="Its button.",
    )
    given: Annotated[Text, Names(())] = Field(
        default="Your reason is kept with the decision. Send your message again: it goes on now.",
        description="A reason was given.",
    )
    late: Annotated[Text, Names(())] = Field(
        default=(
            "It is too late to give a reason for this one. Send your message again, and open the link of the"
            " new notice."
        ),
        description="It can be given no more.",
    )
    none: Annotated[Text, Names(())] = Field(
        default="Choose a reason, or say it in your own words.",
        description="None was given in the form.",
    )
