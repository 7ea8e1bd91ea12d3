"""What people are told when a request is stopped or changed: kinds, counts and places, and never a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Decision,
    Finding,
    Inspection,
    Notice,
    Position,
    Prompt,
    Status,
)
from promptguard.notices.found import NOWHERE, STOPPED, FoundWords, counted, distinct, position
from promptguard.notices.languages import language_of
from promptguard.notices.redacted_copy import with_redacted
from promptguard.notices.remedies import remedy, seconds_until_free
from promptguard.notices.sentences import Sentences
from promptguard.notices.templates import Templates
from promptguard.reasons import Code, Reason

_ACKNOWLEDGEMENT: Final = "promptguard_acknowledgement"
_NOT_APPROVED: Final = (Status.UNREVIEWED, Status.UNDER_REVIEW)
"""Statuses of tools that may be used one day."""

_MAX_FILES = 3
"""Files named in one notice."""

_MAX_NAME = 80
"""Characters of a file's name."""


class NoticeWriter:
    """Writes notices in one language.

    Args:
        templates: the language file.
        contact: whom to ask and to tell, as people should read it; None for the language's own words.
        tool_names: the names of destinations by id, for those named as alternatives.
        languages: all that the company has, this one first; empty for this one alone.
    """

    def __init__(
        self,
        templates: Templates,
        contact: str | None,
        tool_names: Mapping[str, str],
        languages: Sequence[Templates] = (),
    ) -> None:
        self._templates = templates
        self._languages = languages or (templates,)
        self._named_contact = contact
        self.sentences = Sentences(self._templates)
        """Says reasons in this language."""
        self._found = FoundWords(templates)
        self._contact = contact or templates.words.contact
        self._tool_names = tool_names

    def for_reader(self, set_language: str, accept: str) -> NoticeWriter:
        """What writes in the language of one reader: see `language_of`."""
        templates = language_of(accept, self._languages, set_language=set_language)
        if templates is self._templates:
            return self
        return NoticeWriter(templates, self._named_contact, self._tool_names, self._languages)

    def refused(
        self,
        decision_id: str,
        decision: Decision,
        circumstances: Circumstances,
        findings: Sequence[Finding],
        prompt: Prompt | None,
        how: str = "",
    ) -> Notice:
        """The notice on a request that was not sent, whatever the reason; `how` is that of `how_to_justify`."""
        if decision.halted:
            return self.halted(decision_id, decision, circumstances)
        stopping = _stopping(decision, findings)
        if not stopping and circumstances.inspection is not Inspection.INSPECTED:
            return self.not_inspected(decision_id, decision, circumstances, how)
        return self.blocked(decision_id, decision, circumstances, findings, prompt, how)

    def blocked(
        self,
        decision_id: str,
        decision: Decision,
        circumstances: Circumstances,
        findings: Sequence[Finding],
        prompt: Prompt | None,
        how: str = "",
    ) -> Notice:
        """The notice on a request that was stopped for what it contains, or for where it was going."""
        texts = self._templates.paragraphs
        tool = circumstances.destination.name
        stopping = _stopping(decision, findings)
        status = circumstances.destination.status
        whole = status in (Status.PROHIBITED, Status.PERSONAL_ACCOUNT)  # whatever is in it
        paragraphs: list[str] = []
        waiting = decision.action is Action.JUSTIFY
        if stopping and not whole:
            opening = texts.justify if waiting else texts.blocked
            paragraphs.append(opening.format_map({"tool": tool, "found": self._found.said(stopping, prompt)}))
            title = self._templates.titles.justify if waiting else self._templates.titles.blocked
        elif status is Status.PERSONAL_ACCOUNT:
            paragraphs.append(texts.account.format_map({"tool": tool}))
            title = self._templates.titles.account
        elif waiting:
            paragraphs.append(self._templates.justifying.tool.format_map({"tool": tool}))
            title = self._templates.titles.justify
        else:
            paragraphs.append(texts.tool.format_map({"tool": tool}))
            title = self._templates.titles.tool
        credentials = distinct(finding for finding in findings if finding.data_class is DataClass.CREDENTIALS)
        if credentials:
            paragraphs[0] += " " + counted(texts.credentials, credentials).format_map({"contact": self._contact})
        paragraphs.append(self._why(decision))
        if title == self._templates.titles.tool and status in _NOT_APPROVED:
            paragraphs.append(texts.unapproved.format_map({"contact": self._contact}))
        if stopping and not whole:
            paragraphs.append(counted(texts.remove, distinct(stopping)))
            if any(position(finding, prompt) is Position.HISTORY for finding in stopping):
                paragraphs[-1] += " " + texts.history
        paragraphs += [how] if how else []
        stopped = any(ruling.rule.startswith(STOPPED) for ruling in decision.rulings)
        elsewhere = not stopped and all(finding.data_class not in NOWHERE for finding in stopping)
        paragraphs += self._ending(decision_id, circumstances, elsewhere=elsewhere)
        return self._notice(decision_id, title, paragraphs)

    def halted(self, decision_id: str, decision: Decision, circumstances: Circumstances) -> Notice:
        """The notice on a request that was stopped whatever it contains: the tool or the person's access is paused."""
        why = self.sentences(decision.halted) if decision.halted else ""
        opening = self._templates.paragraphs.halted.format_map({"tool": circumstances.destination.name, "why": why})
        personal = decision.halted is not None and decision.halted.code == Code.ORDER_SUSPENDED
        paragraphs = [opening.strip()] if personal else [opening.strip(), self._why(decision)]
        elsewhere = decision.halted is not None and decision.halted.code == Code.ORDER_STOPPED_TOOL
        paragraphs += self._ending(decision_id, circumstances, elsewhere=elsewhere)
        return self._notice(decision_id, self._templates.titles.halted, paragraphs)

    def not_inspected(
        self, decision_id: str, decision: Decision, circumstances: Circumstances, how: str = ""
    ) -> Notice:
        """The notice on a request that was stopped because it could not be read."""
        texts = self._templates.paragraphs
        problem = self.sentences(circumstances.problem) if circumstances.problem else ""
        opening = texts.not_inspected.format_map({"tool": circumstances.destination.name, "problem": problem}).strip()
        seconds = seconds_until_free(circumstances.problem)
        # That too much is going on is why, not what a rule says of what cannot be read.
        why = [] if seconds else [self._why(decision)]
        paragraphs = [
            opening,
            *why,
            remedy(self._templates, self.sentences, self._contact, circumstances.problem),
            *([how] if how else []),
        ]
        paragraphs += self._ending(decision_id, circumstances)
        code = "promptguard_busy" if seconds else "promptguard_not_inspected"
        notice = self._notice(decision_id, self._templates.titles.not_inspected, paragraphs, code)
        return replace(notice, retry_after=seconds)

    def acknowledge(self, decision_id: str, why: Reason, circumstances: Circumstances, *, page: bool) -> Notice:
        """The notice on a request of somebody who has to acknowledge the company's document first.

        Args:
            page: whether that can be done on the page that the notice leads to.
        """
        words = self._templates.acknowledging
        opening = words.opening.format_map({"tool": circumstances.destination.name, "why": self.sentences(why)})
        todo = words.page if page else words.contact.format_map({"contact": self._contact})
        ending = self._ending(decision_id, circumstances, elsewhere=False)
        return self._notice(decision_id, words.title, [opening.strip(), todo, *ending], _ACKNOWLEDGEMENT)

    def reminder(self, until: str, link: str) -> str:
        """What the layer in a page says before an acknowledgement lapses.

        Args:
            until: when that is, as `Event.time`.
            link: where it can be given again; empty for nowhere.
        """
        words = self._templates.acknowledging
        todo = words.renew.format_map({"link": link}) if link else words.contact.format_map({"contact": self._contact})
        return f"{words.lapses.format_map({'date': until[:10]})}\n\n{todo}"

    def how_to_justify(self, code: str, minutes: int, reasons: Mapping[str, str], *, page: bool) -> str:
        """How a reason can be given, as one paragraph; empty where it cannot be.

        Args:
            code: what goes before it in a message; empty where none can be given there.
            minutes: for so long it can.
            reasons: those to choose from.
            page: whether it can be given on the page that the notice leads to.
        """
        words = self._templates.justifying
        if not code and not page:
            return ""
        how = words.how.format_map({"code": code, "minutes": minutes}) if code else words.page
        if code and reasons:
            listed = "; ".join(f"{id} ({text})" for id, text in reasons.items())
            how = f"{how.strip()} {words.listed.format_map({'reasons': listed})}"
        return how.strip()

    def reason_refused(self, decision_id: str, circumstances: Circumstances, problem: Reason) -> Notice:
        """The notice on a request with a reason in it that does not count."""
        values = {"tool": circumstances.destination.name, "problem": self.sentences(problem)}
        paragraphs = [self._templates.justifying.refused.format_map(values).strip()]
        paragraphs += self._ending(decision_id, circumstances, elsewhere=False)
        return self._notice(decision_id, self._templates.titles.justify, paragraphs)

    @property
    def go_on(self) -> str:
        """What a service gets in place of a message that gave a reason and said nothing else."""
        return self._templates.justifying.go_on

    def about_files(self, notice: Notice, names: Sequence[str]) -> Notice:
        """A notice that also says which files it is about, in the names that the person gave them."""
        quoted = self._templates.words.quoted
        shown = [quoted.format_map({"name": name}) for name in filter(None, map(_as_shown, names[:_MAX_FILES]))]
        if not shown:
            return notice
        files = self._found.listing([*shown, self._templates.words.more] if len(names) > _MAX_FILES else shown)
        return _behind_opening(notice, self._templates.paragraphs.file.format_map({"files": files}))

    def about_provider(self, notice: Notice, known: Sequence[Reason]) -> Notice:
        """A notice that also says what of the tool's provider it was stopped for."""
        return _behind_opening(notice, " ".join(map(self.sentences, known))) if known else notice

    def linked(self, notice: Notice, link: str) -> Notice:
        """A notice that also says where more is told: the address of a page on its decision."""
        if notice.link:
            return replace(notice, text=notice.text.replace(notice.link, link), link=link)
        of_policy = notice.code == _ACKNOWLEDGEMENT
        words = self._templates.acknowledging.link if of_policy else self._templates.staff.link
        more = words.format_map({"link": link})
        if not notice.text.endswith("\n\n"):  # the one line before an answer stays one
            return replace(notice, text=f"{notice.text}\n\n{more}", link=link)
        return replace(notice, text=f"{notice.text.rstrip()} {more}\n\n", link=link)

    def with_redacted(self, notice: Notice, text: str) -> Notice:
        """A notice that gives the person's own text with placeholders: see `redacted_copy.with_redacted`."""
        return with_redacted(notice, text, self._templates.copying)

    def unavailable(self, decision_id: str, why: Reason) -> Notice:
        """The notice while PromptGuard itself cannot work: it is starting, overloaded, or cannot record."""
        texts = self._templates.paragraphs
        paragraphs = [
            texts.unavailable.format_map({"why": self.sentences(why)}).strip(),
            texts.again.format_map({"contact": self._contact}),
        ]
        if decision_id:
            paragraphs.append(texts.contact.format_map({"contact": self._contact, "decision_id": decision_id}))
        title = self._templates.titles.unavailable
        return self._notice(decision_id, title, paragraphs, "promptguard_unavailable")

    def unreachable(self, decision_id: str, tool: str, why: str) -> Notice:
        """The notice on a request that was to be sent, and whose service could not be reached."""
        texts = self._templates.paragraphs
        paragraphs = [
            texts.unreachable.format_map({"tool": tool, "why": why}).strip(),
            texts.again.format_map({"contact": self._contact}),
            texts.contact.format_map({"contact": self._contact, "decision_id": decision_id}),
        ]
        return self._notice(decision_id, self._templates.titles.unreachable, paragraphs, "promptguard_unreachable")

    def proxy(self) -> Notice:
        """What stands at the proxy's own address."""
        text = self._templates.paragraphs.proxy.format_map({"contact": self._contact})
        return self._notice("", self._templates.titles.proxy, [text], "promptguard_proxy")

    def redacted(self, decision_id: str, findings: Sequence[Finding], prompt: Prompt | None) -> Notice:
        """The notice on a request that was sent with values replaced."""
        text = self.redacted_announcement(decision_id, findings, prompt)
        return self._notice(decision_id, self._templates.titles.redacted, [text], "promptguard_redacted")

    def header(self, done: str, decision_id: str, findings: Sequence[Finding]) -> str:
        """The value of the response header `x-promptguard`, such as `redacted; id=pg-7KQ2; personal_data=2`.

        It counts different values of each data class.
        """
        counts = [
            f"{data_class}={count}"
            for data_class in DataClass
            if (count := distinct(finding for finding in findings if finding.data_class is data_class))
        ]
        return "; ".join([done, f"id={decision_id}", *counts])

    def redacted_announcement(self, decision_id: str, findings: Sequence[Finding], prompt: Prompt | None = None) -> str:
        """One line, with an empty one after it, to stand before the answer."""
        found = self._found.said(findings, prompt, replaced=True)
        line = self._templates.paragraphs.redacted.format_map({"found": found, "decision_id": decision_id})
        return " ".join(line.split()) + "\n\n"

    @property
    def language(self) -> str:
        """The tag of the language (BCP 47)."""
        return self._templates.language

    def layer_words(self) -> Mapping[str, object]:
        """The words of the layer in the pages of web chats, `{count}` still to be filled in."""
        return self._templates.layer.model_dump(by_alias=True)

    def _notice(
        self, decision_id: str, title: str, paragraphs: Sequence[str], code: str = "promptguard_blocked"
    ) -> Notice:
        return Notice(decision_id, title, "\n\n".join(paragraphs), code, self._templates.language)

    def _why(self, decision: Decision) -> str:
        reason = self._templates.policy_reasons.get(decision.reason, decision.reason)
        why = self._templates.paragraphs.why.format_map({"reason": reason})
        return f"{why} {self.sentences(decision.adjusted)}" if decision.adjusted else why

    def _ending(self, decision_id: str, circumstances: Circumstances, *, elsewhere: bool = True) -> list[str]:
        """Whom to ask, and `elsewhere` which tools would do for this kind of work."""
        texts = self._templates.paragraphs
        names = [self._tool_names.get(id) for id in circumstances.destination.alternatives if elsewhere]
        tools = self._found.listing([name for name in names if name])
        ending = [texts.alternatives.format_map({"tools": tools})] if tools else []
        return [*ending, texts.contact.format_map({"contact": self._contact, "decision_id": decision_id})]


def _behind_opening(notice: Notice, paragraph: str) -> Notice:
    opening, blank, rest = notice.text.partition("\n\n")
    return replace(notice, text=f"{opening}\n\n{paragraph}{blank}{rest}")


def _as_shown(name: str) -> str:
    """A file's name in one line, without what does not print or could be taken for mark-up."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = " ".join("".join(each if each.isprintable() and each not in "<>`[]()*" else " " for each in name).split())
    return name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1]}…"


def _stopping(decision: Decision, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that stopped the request; those that would only have been replaced are no matter to remove."""
    if len(decision.rulings) != len(findings):
        return list(findings)
    return [
        finding
        for finding, ruling in zip(findings, decision.rulings, strict=True)
        if ruling.enforced and ruling.action.severity >= Action.JUSTIFY.severity
    ]
