"""The texts of notices: `config/notices/<language>.yaml`, with the names in braces that each may use."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from promptguard.model import DataClass, Role
from promptguard.notices.acknowledging_words import AcknowledgingWords
from promptguard.notices.copying_words import CopyingWords
from promptguard.notices.device_words import DeviceWords
from promptguard.notices.employee_notice_words import EmployeeNoticeWords
from promptguard.notices.justifying_words import JustifyingWords
from promptguard.notices.recorded_words import RecordedWords
from promptguard.notices.staff_words import StaffWords
from promptguard.notices.texts import Counted, Names, Text, Texts, check_names
from promptguard.reasons import Code
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import mistake, suggestion


def _names_in(code: Code) -> tuple[str, ...]:
    """What the sentence of a code may use: its parameters, and for the kinds of file among them `file` and `advice`."""
    names = ("file", "advice", *code.parameters) if "kind" in code.parameters else code.parameters
    names = tuple(name for name in names if name not in ("kind", "within"))
    return (*names, "duration") if "seconds" in names else names


_PROBLEMS: Final = {str(code): _names_in(code) for code in Code}


class Titles(Texts):
    """Headings of notices."""

    blocked: Annotated[Text, Names(())] = Field(description="Something was found that must not be sent.")
    tool: Annotated[Text, Names(())] = Field(description="The tool must not be used.")
    not_inspected: Annotated[Text, Names(())] = Field(description="The request could not be read.")
    unavailable: Annotated[Text, Names(())] = Field(description="PromptGuard itself cannot work.")
    unreachable: Annotated[Text, Names(())] = Field(
        default="The service could not be reached", description="The AI service could not be reached."
    )
    account: Annotated[Text, Names(())] = Field(
        default="Another account has to be used",
        description="The request was for an account that is not the company's. English where a file has none.",
    )
    justify: Annotated[Text, Names(())] = Field(description="A reason has to be given first.")
    halted: Annotated[Text, Names(())] = Field(
        default="This is paused", description="People have ordered that nothing goes there for now."
    )
    proxy: Annotated[Text, Names(())] = Field(description="A browser opened the proxy's own address.")
    redacted: Annotated[Text, Names(())] = Field(description="Values were replaced, and the rest was sent.")


class Paragraphs(Texts):
    """Paragraphs of which notices are put together."""

    blocked: Annotated[Text, Names(("found", "tool"))] = Field(description="What was found. Nothing was sent.")
    credentials: Annotated[Counted, Names(("contact",))] = Field(
        description="What to do about credentials: about one, and about several."
    )
    tool: Annotated[Text, Names(("tool",))] = Field(description="That the tool must not be used.")
    account: Annotated[Text, Names(("tool",))] = Field(
        default="Nothing was sent to {tool}. You use it with an account that is not one of your company's.",
        description="That it was for an account that is not the company's. English where a language's file has none.",
    )
    not_inspected: Annotated[Text, Names(("tool", "problem"))] = Field(description="Why it was not read.")
    unavailable: Annotated[Text, Names(("why",))] = Field(description="Why PromptGuard cannot work.")
    unreachable: Annotated[Text, Names(("tool", "why"))] = Field(
        default="Nothing was sent to {tool}. From where PromptGuard runs, it could not be reached. {why}",
        description="Why the AI service could not be reached. English where a language's file has none.",
    )
    justify: Annotated[Text, Names(("found", "tool"))] = Field(description="That a reason has to be given first.")
    halted: Annotated[Text, Names(("tool", "why"))] = Field(
        default="Nothing was sent to {tool}. {why}",
        description="That people have ordered a pause, and of what. English where a language's file has none.",
    )
    proxy: Annotated[Text, Names(("contact",))] = Field(description="What the proxy's own address is for.")
    why: Annotated[Text, Names(("reason",))] = Field(description="The rule's reason.")
    remove: Annotated[Counted, Names(())] = Field(
        description="What to do about what was found: about one value, and about several."
    )
    history: Annotated[Text, Names(())] = Field(description="What to do where it stands in the conversation so far.")
    readable: Annotated[Text, Names(())] = Field(description="What to do about a request that cannot be read.")
    smaller: Annotated[Text, Names(())] = Field(description="What to do about a request that is too large to check.")
    instead: Annotated[Text, Names(("advice",))] = Field(
        default="What to do: {advice}.", description="What to do about a file that cannot be read."
    )
    again: Annotated[Text, Names(("contact",))] = Field(description="What to do while PromptGuard cannot work.")
    busy: Annotated[Text, Names(("duration", "contact"))] = Field(
        default="What to do: try again in {duration}. If it happens again, tell {contact}.",
        description="What to do while too much waits. English where a language's file has none.",
    )
    unapproved: Annotated[Text, Names(("contact",))] = Field(
        default="What to do: use a tool that is approved. If you need this one, tell {contact}.",
        description="What to do where a tool is not approved. English where a language's file has none.",
    )
    alternatives: Annotated[Text, Names(("tools",))] = Field(description="Which tools to use instead.")
    file: Annotated[Text, Names(("files",))] = Field(description="Which file it is about.")
    contact: Annotated[Text, Names(("contact", "decision_id"))] = Field(description="Whom to ask, and about what.")
    redacted: Annotated[Text, Names(("found", "decision_id"))] = Field(description="What was replaced.")


class Words(Texts):
    """Words that sentences are made with."""

    and_: Annotated[Text, Names(())] = Field(alias="and", description="Between the last two parts of a list.")
    more: Annotated[Text, Names(())] = Field(description="Instead of the further parts of a long list.")
    something: Annotated[Text, Names(())] = Field(description="What was found, where nothing more can be said.")
    log_details: Annotated[Text, Names(())] = Field(description="What is replaced in an access log.")
    contact: Annotated[Text, Names(())] = Field(description="Whom to ask where `notices.contact` names nobody.")
    within: Annotated[Text, Names(("file", "outer"))] = Field(description="A file that stands in another one.")
    quoted: Annotated[Text, Names(("name",))] = Field(
        default="“{name}”", description="A name that stands in a sentence, such as that of a file, in quotation marks."
    )
    second: Annotated[Counted, Names(())] = Field(
        default=("second", "seconds"), description="One second, and several: behind the number in `{duration}`."
    )

    def duration(self, seconds: str) -> str:
        """`1 second`, `30 seconds`, from how the number is shown."""
        return f"{seconds} {self.second[seconds != '1']}"


class Advice(Texts):
    """What to do instead of sending a file that cannot be read, or in which nothing can be replaced: the end of a
    sentence. English where a language's file has none."""

    document: Annotated[Text, Names(())] = Field(
        default="paste its text instead, since values in text are replaced", description="A document with text in it."
    )
    archive: Annotated[Text, Names(())] = Field(
        default="unpack it, and send the files in it one by one", description="An archive or a compressed file."
    )
    picture: Annotated[Text, Names(())] = Field(
        default="write the words of it that matter as text instead", description="An image or a drawing."
    )
    recording: Annotated[Text, Names(())] = Field(
        default="write what is said in it as text instead", description="Sound or film."
    )
    locked: Annotated[Text, Names(())] = Field(
        default="send it without its password, or paste its text", description="An encrypted file."
    )
    other: Annotated[Text, Names(())] = Field(
        default="take out of it what matters, and send that as text", description="A file of any other kind."
    )

    def on(self, kind: str, *, locked: bool = False) -> str:
        """The advice on a kind of file, by its id."""
        return self.locked if locked else str(getattr(self, _SORTS.get(kind, "document")))


_SORTS: Final = {
    **dict.fromkeys(("zip", "tar", "compressed", "seven_zip", "rar", "tnef"), "archive"),
    **dict.fromkeys(("image", "metafile"), "picture"),
    **dict.fromkeys(("sound", "film"), "recording"),
    **dict.fromkeys(("database", "unknown"), "other"),
}
"""Kinds of files that are no documents, by what is advised on them."""


class LayerWords(Texts):
    """The layer in the page of a web chat. English where a language's file has none."""

    not_sent: Annotated[Text, Names(())] = Field(default="Not sent", description="Nothing was sent.")
    redacted: Annotated[Counted, Names(("count",))] = Field(
        default=("Sent with {count} value replaced", "Sent with {count} values replaced"),
        description="It was sent with values replaced: of one, and of several.",
    )
    reminder: Annotated[Text, Names(())] = Field(
        default="Please acknowledge again", description="Something that the person has acknowledged lapses soon."
    )
    decision: Annotated[Text, Names(())] = Field(default="Decision", description="Before the number of the decision.")
    copy_: Annotated[Text, Names(())] = Field(
        alias="copy", default="Copy the redacted text", description="The button that copies the redacted text."
    )
    copied: Annotated[Text, Names(())] = Field(default="Copied", description="It was copied.")
    copy_by_hand: Annotated[Text, Names(())] = Field(
        default="The redacted text, to copy", description="The field with that text where the browser does not copy."
    )
    close: Annotated[Text, Names(())] = Field(default="Close", description="The button that closes the layer.")


class Templates(Section):
    """All of a language's file."""

    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] = Field(
        description="The language's tag, such as `en` or `pt-BR` (BCP 47): browsers read pages in its voice."
    )
    titles: Titles = Field(description="Headings.")
    paragraphs: Paragraphs = Field(description="Paragraphs.")
    words: Words = Field(description="Words that sentences are made with.")
    advice: Advice = Field(default=Advice(), description="What to do instead of sending a file.")
    layer: LayerWords = Field(default=LayerWords(), description="Words of the layer in the pages of web chats.")
    copying: CopyingWords = Field(
        default=CopyingWords(), description="Words about the text with placeholders in a notice."
    )
    device: DeviceWords = Field(default=DeviceWords(), description="Words of the pages where devices sign in.")
    acknowledging: AcknowledgingWords = Field(
        default=AcknowledgingWords(), description="Words about the document that people acknowledge."
    )
    justifying: JustifyingWords = Field(default=JustifyingWords(), description="Words about giving a reason.")
    staff: StaffWords = Field(default=StaffWords(), description="Words of the page that a notice leads to.")
    recorded: RecordedWords = Field(default=RecordedWords(), description="Words of the page on what is recorded.")
    employee_notice: EmployeeNoticeWords = Field(
        default=EmployeeNoticeWords(), description="Words of the information for staff and the works council."
    )
    places: dict[Role, Text] = Field(description="Where something was found, by the role of the text.")
    history: Text = Field(description="Where something was found that is a part of the conversation so far.")
    data_classes: dict[DataClass, Text] = Field(description="Names of the data classes.")
    problems: dict[str, Text] = Field(
        description="Why something could not be read, searched or done, as sentences by their codes."
    )
    policy_reasons: dict[str, Text] = Field(
        default_factory=dict,
        description="What the policy's reasons are in this language, by their own words; others are left as they are.",
    )
    files: dict[str, Text] = Field(description="Names of kinds of files, as `{file}` in `problems`.")
    entity_types: dict[str, Counted] = Field(
        default_factory=dict, description="Names of entity types: singular and plural. Others are named by themselves."
    )
    endings: dict[str, Counted] = Field(
        default_factory=dict,
        description="Names of further entity types, by how they end, such as `API_KEY`: singular and plural.",
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for key, known, given in (("places", Role, self.places), ("data_classes", DataClass, self.data_classes)):
            for member in known:
                if member not in given:
                    raise mistake((key,), f"‘{member}’ is missing here", f"Add `{member}:` with its words.")
        if "unknown" not in self.files:
            raise mistake(("files",), "‘unknown’ is missing here", "Add `unknown:` with words for any other file.")
        return self

    @model_validator(mode="after")
    def _endings_are_known(self) -> Self:
        for ending, texts in self.endings.items():
            for text in texts:
                check_names(ending, text, ("name",), ("endings",))
        return self

    @model_validator(mode="after")
    def _problems_are_known(self) -> Self:
        """Codes of detectors that a company adds are free; those under PromptGuard's own words must be known."""
        families = {code.partition(".")[0] for code in Code}
        for code, text in self.problems.items():
            known = _PROBLEMS.get(code)
            if known is not None:
                check_names(code, text, known, ("problems",))
            elif code.partition(".")[0] in families:
                raise mistake(("problems", code), f"‘{code}’ is no code", suggestion(code, _PROBLEMS, noun="codes"))
        return self
