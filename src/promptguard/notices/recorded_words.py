"""The words of the page that tells staff what is recorded, for how long, and who can see it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.notices.texts import Counted, Names, Text, Texts


class RecordedWords(Texts):
    """The page “What is recorded”. English where a language's file has none."""

    title: Annotated[Text, Names(())] = Field(default="What is recorded, and who can see it", description="Heading.")
    each: Annotated[Text, Names(())] = Field(
        default=(
            "Of each request to an AI service it is recorded when it was made, to which service, what kinds of data "
            "were found in which part of it, what was done, and by which rule."
        ),
        description="What is recorded.",
    )
    never: Annotated[Text, Names(())] = Field(
        default=(
            "Not recorded: your prompt, the answer, the values that were found, names of files, full web addresses, "
            "and names of people. A person is a pseudonym, made with a key."
        ),
        description="What is not recorded, where no evidence is kept.",
    )
    never_but_evidence: Annotated[Text, Names(())] = Field(
        default=(
            "Not recorded: your prompt, the answer, names of files, full web addresses, and names of people. The "
            "values that were found are kept only as sealed evidence, see below. A person is a pseudonym, made with a "
            "key."
        ),
        description="The same, where evidence is kept.",
    )
    shapes: Annotated[Text, Names(("shape",))] = Field(
        default=(
            "Of what was found, its place and its shape are recorded, such as {shape}; of passwords and keys not even "
            "the shape."
        ),
        description="What is recorded of a value.",
    )
    other: Annotated[Text, Names(())] = Field(
        default="Connections to other sites are neither read nor recorded.", description="Of other traffic."
    )
    sign_in: Annotated[Text, Names(("hosts",))] = Field(
        default=(
            "Where people sign in ({hosts}), a line is added that names the company's workspaces. Nothing else there "
            "is looked at, and nothing recorded."
        ),
        description="Of hosts that are decrypted for a header field alone, where there are any.",
    )

    evidence: Annotated[Text, Names(())] = Field(default="Evidence", description="Heading, where evidence is kept.")
    evidence_off: Annotated[Text, Names(())] = Field(
        default="Sealed evidence, which two people would have to open together, is switched off.",
        description="Where no evidence is kept.",
    )
    evidence_kept: Annotated[Text, Names(("time", "classes", "actions"))] = Field(
        default=(
            "What was found is kept for {time} where it is one of these kinds of data: {classes}; and what was "
            "done with the request is one of these: {actions}."
        ),
        description="Of what evidence is kept.",
    )
    evidence_around: Annotated[Text, Names(("bytes",))] = Field(
        default="With it, up to {bytes} bytes of your text on each side are kept.",
        description="How much of the text around it is kept with it.",
    )
    evidence_sealed: Annotated[Text, Names(())] = Field(
        default=(
            "It is sealed at once, and the key that opens it is not on this machine: neither administrators nor "
            "somebody who steals the database can read it. It is opened only after one person has asked for it with a "
            "reason, and a second person has approved. Both are written into the ledger."
        ),
        description="How evidence is protected.",
    )

    you_can: Annotated[Text, Names(())] = Field(default="What you can do", description="Heading.")
    by_link: Annotated[Text, Names(())] = Field(
        default=(
            "The link in a notice shows what happened to one request of yours. There you can say that it was a "
            "mistake, ask security, or report an incident."
        ),
        description="What the link in a notice is for.",
    )
    by_id: Annotated[Text, Names(())] = Field(
        default="If you have an account here: look up a decision by the number in its notice",
        description="The link to the page “Look up”.",
    )
    your_words: Annotated[Text, Names(())] = Field(
        default=(
            "What you write there is searched, and what is found in it is masked before it is kept. Your name is in it "
            "only if you write it. Your text with placeholders goes to security only if you add it to a question; it "
            "is searched in the same way, and kept encrypted."
        ),
        description="What becomes of what people write to security.",
    )
    your_text: Annotated[Text, Names(())] = Field(
        default=(
            "Your text with placeholders can be read by that link alone: it is encrypted with a key that only the link "
            "contains."
        ),
        description="What becomes of the redacted text.",
    )

    who: Annotated[Text, Names(())] = Field(default="Who can see it", description="Heading, over the roles.")
    analyst: Annotated[Text, Names(())] = Field(
        default=(
            "Analyst: reads decisions, says whether what was found is right, answers staff, works on incidents, takes "
            "decisions away as files."
        ),
        description="A role.",
    )
    unmask_requester: Annotated[Text, Names(())] = Field(
        default=(
            "Unmask requester: asks for the sealed evidence of a decision, with a reason, and opens it once another "
            "person has approved."
        ),
        description="A role.",
    )
    unmask_approver: Annotated[Text, Names(())] = Field(
        default="Unmask approver: approves or refuses what another person asked for; sees no evidence.",
        description="A role.",
    )
    auditor: Annotated[Text, Names(())] = Field(
        default="Auditor: reads decisions, incidents, and the ledger of who looked at what; changes nothing.",
        description="A role.",
    )
    registry_owner: Annotated[Text, Names(())] = Field(
        default=(
            "Registry owner: assesses AI services, and decides on what another person assessed; sees no decisions."
        ),
        description="A role.",
    )
    policy_owner: Annotated[Text, Names(())] = Field(
        default=(
            "Policy owner: reads the policy and decisions, tries changes, and accepts what others marked as a false "
            "alarm."
        ),
        description="A role.",
    )
    exception_approver: Annotated[Text, Names(())] = Field(
        default="Exception approver: approves or refuses exceptions from the rules that another person asked for.",
        description="A role.",
    )
    records_officer: Annotated[Text, Names(())] = Field(
        default=(
            "Records officer: reads decisions and incidents, puts legal holds on them so that they are not deleted, "
            "and lifts holds that another person asked to lift."
        ),
        description="A role.",
    )
    access_officer: Annotated[Text, Names(())] = Field(
        default=(
            "Access officer: asks for a person's access to AI tools to be suspended until a day, and approves or lifts "
            "what another person asked for; sees no decisions."
        ),
        description="A role.",
    )
    case_officer: Annotated[Text, Names(())] = Field(
        default=(
            "Case officer: reads incidents; asks with a reason, or approves what another person asked for, to see "
            "whether there was a confirmed incident of the same person before; sees no decisions."
        ),
        description="A role.",
    )
    administrator: Annotated[Text, Names(())] = Field(
        default="Administrator: makes accounts and gives roles; sees no decisions.", description="A role."
    )
    looks: Annotated[Text, Names(())] = Field(
        default=(
            "Each look at a decision is itself written into the ledger. So is each look by the link of a notice, "
            "without a name."
        ),
        description="That looks are recorded.",
    )
    no_counts: Annotated[Text, Names(())] = Field(
        default=(
            "There are no counts, lists or scores of people, on any page or in any file. Groups of fewer than five "
            "people cannot be filtered by."
        ),
        description="That people are not counted.",
    )
    earlier: Annotated[Text, Names(("time",))] = Field(
        default=(
            "Only within an incident in which something was sent may two case officers together, with a reason, "
            "check whether there was a confirmed incident of the same person within {time} before. Each such look "
            "is written into the ledger, and what was seen is kept nowhere."
        ),
        description="That earlier incidents of a person may be looked at, where `earlier.months` is not 0.",
    )
    months: Annotated[Counted, Names(("months",))] = Field(
        default=("{months} month", "{months} months"), description="How far back: one month, and several."
    )
    pseudonyms: Annotated[Text, Names(())] = Field(
        default=(
            "Whoever holds the installation's key, which is not a part of this console, can work out which person a "
            "pseudonym stands for."
        ),
        description="Who can tell whose a pseudonym is.",
    )

    how_long: Annotated[Text, Names(())] = Field(default="For how long", description="Heading, over the times.")
    passed: Annotated[Text, Names(())] = Field(
        default="Decisions on requests that were simply sent", description="What is kept."
    )
    others: Annotated[Text, Names(())] = Field(
        default="All other decisions", description="What is kept, where all others are kept equally long."
    )
    decisions: Annotated[Text, Names(("action",))] = Field(
        default="Decisions: {action}", description="What is kept, where times differ by what was done."
    )
    notify: Annotated[Text, Names(())] = Field(default="sent, and you were told", description="What was done.")
    redact: Annotated[Text, Names(())] = Field(default="sent with values replaced", description="What was done.")
    justify: Annotated[Text, Names(())] = Field(
        default="not sent until a reason is given", description="What was done."
    )
    block: Annotated[Text, Names(())] = Field(default="not sent", description="What was done.")
    allow: Annotated[Text, Names(())] = Field(default="sent as it was", description="What was done.")
    or_less: Annotated[Text, Names(("time",))] = Field(
        default="{time}; some kinds of data for less", description="A time that is shorter for some kinds of data."
    )
    vault: Annotated[Text, Names(())] = Field(
        default="Values that were replaced, encrypted, to put them back into the answer", description="What is kept."
    )
    after_use: Annotated[Text, Names(("hours", "more"))] = Field(
        default="{hours} h after the last use, and up to {more} h more", description="How long."
    )
    blocked: Annotated[Text, Names(())] = Field(
        default="Keyed codes of values that were stopped, to know them again", description="What is kept."
    )
    days_and: Annotated[Text, Names(("time", "more"))] = Field(
        default="{time}, and up to {more} h more", description="How long."
    )
    sealed: Annotated[Text, Names(())] = Field(default="Sealed evidence", description="What is kept.")
    none: Annotated[Text, Names(())] = Field(default="none is kept", description="How long: not at all.")
    links: Annotated[Text, Names(())] = Field(
        default="Links in notices, as a code from which no link can be made", description="What is kept."
    )
    links_time: Annotated[Text, Names(("hours", "days"))] = Field(
        default="{hours} h; once opened, a day; once something was told there, {days} days", description="How long."
    )
    text: Annotated[Text, Names(())] = Field(
        default="Your text with placeholders, which only the link opens", description="What is kept."
    )
    hours_at_most: Annotated[Text, Names(("hours",))] = Field(default="at most {hours} h", description="How long.")
    told: Annotated[Text, Names(())] = Field(
        default="What staff told security, and the answers", description="What is kept."
    )
    after_settled: Annotated[Text, Names(("time",))] = Field(
        default="{time} after it was answered or closed", description="How long."
    )
    incidents: Annotated[Text, Names(())] = Field(
        default="Incidents, with their decisions", description="What is kept."
    )
    after_closed: Annotated[Text, Names(("time",))] = Field(
        default="{time} after they were closed", description="How long."
    )
    evidence_requests: Annotated[Text, Names(())] = Field(default="Requests for evidence", description="What is kept.")
    after_over: Annotated[Text, Names(("time",))] = Field(
        default="{time} after they were over", description="How long."
    )
    false_alarms: Annotated[Text, Names(())] = Field(
        default="Values that pass as false alarms, as keyed codes", description="What is kept."
    )
    after_passing: Annotated[Text, Names(("time",))] = Field(
        default="{time} after they stopped passing", description="How long."
    )
    orders: Annotated[Text, Names(())] = Field(
        default="Stops, suspensions, exceptions and decisions on tools", description="What is kept."
    )
    acknowledgements: Annotated[Text, Names(())] = Field(
        default=(
            "Acknowledgements of the company's AI policy, where it asks for them: your pseudonym, which document, and "
            "when"
        ),
        description="What is kept.",
    )
    reasons: Annotated[Text, Names(())] = Field(
        default="Reasons that you gave to have something sent, your own words encrypted", description="What is kept."
    )
    after_counting: Annotated[Text, Names(("time",))] = Field(
        default="{time} after they stopped counting", description="How long."
    )
    holds: Annotated[Text, Names(())] = Field(default="What is under a legal hold", description="What is kept.")
    until_lifted: Annotated[Text, Names(())] = Field(default="until the hold is lifted", description="How long.")
    ledger: Annotated[Text, Names(())] = Field(default="The ledger of who looked at what", description="What is kept.")
    days: Annotated[Counted, Names(("days",))] = Field(
        default=("{days} day", "{days} days"), description="How long: one day, and several."
    )
    for_good: Annotated[Text, Names(())] = Field(default="for good", description="How long: without an end.")

    def of_action(self, action: str) -> str:
        """What was done, by the name of the action (`promptguard.model.Action`)."""
        return str(getattr(self, action))

    def looking_back(self, months: int) -> str:
        """That earlier incidents of a person may be looked at for so many months; empty where they may not."""
        time = self.months[months != 1].format_map({"months": months})
        return self.earlier.format_map({"time": time}) if months else ""

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may see what, a line for each role of the console."""
        return (
            self.analyst,
            self.unmask_requester,
            self.unmask_approver,
            self.auditor,
            self.registry_owner,
            self.policy_owner,
            self.exception_approver,
            self.records_officer,
            self.access_officer,
            self.case_officer,
            self.administrator,
        )
