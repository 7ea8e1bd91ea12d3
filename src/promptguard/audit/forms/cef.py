"""Common Event Format, version 0, which SIEMs take.

Format and keys: ArcSight Common Event Format (CEF) Implementation Standard, revision 26. Empty fields are left out.
"""

from __future__ import annotations

from importlib.metadata import version

from promptguard.audit.forms.interface import Form, counts
from promptguard.audit.forms.wording import milliseconds, severity, title
from promptguard.audit.privacy import OutgoingRecord


class CommonEventFormat(Form):
    """A header of seven fields and an extension of keys. The class of an event is its action."""

    id = "cef"

    def __init__(self) -> None:
        self._version = version("promptguard")

    def line(self, record: OutgoingRecord) -> str:
        what = (record["action"], title(record), str(severity(record)))
        header = ("CEF:0", "PromptGuard", "PromptGuard", self._version, *what)
        extension = " ".join(f"{key}={_value(text)}" for key, text in _extension(record).items() if text)
        return "|".join((header[0], *map(_field, header[1:]), extension))


def _extension(record: OutgoingRecord) -> dict[str, str]:
    named = {
        "cs1": ("rule", record["rule"]),
        "cs2": ("destination", record["destination"]),
        "cs3": ("dataClasses", counts(record, "data_class")),
        "cs4": ("entityTypes", counts(record, "entity_type")),
        "cs5": ("problem", record["problem"]),
        "cs6": ("policyVersion", record["policy_version"]),
        "flexString1": ("uncoveredLanguages", " ".join(record.get("uncovered_languages", ()))),
        "flexString2": ("incident", record.get("incident", "")),
        "flexNumber1": ("test", "1" if record.get("test") else ""),
        "cn1": ("sequence", str(record["sequence"])),
    }
    extension = {
        "rt": str(milliseconds(record)),
        "externalId": record["id"],
        "act": record["action"],
        "dhost": record["host"],
        "suser": record["pseudonym"],
        "requestMethod": record["method"],
        "outcome": record["inspection"],
        "reason": record["reason"],
    }
    for key, (label, text) in named.items():
        extension |= {f"{key}Label": label, key: text} if text else {}
    allowances = ", ".join(f"{each['id']} {each['count']}" for each in record.get("allowances", ()))
    # A key of our own, named as the standard says for those: the vendor first.
    return {**extension, "PromptGuardAllowances": allowances}


def _field(text: str) -> str:
    return _one_line(text.replace("\\", "\\\\").replace("|", "\\|"))


def _value(text: str) -> str:
    return _one_line(text.replace("\\", "\\\\").replace("=", "\\="))


def _one_line(text: str) -> str:
    return text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")
