"""Pages of the console from templates. Whatever is put into them is escaped."""

from __future__ import annotations

from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from promptguard.console.acts import ACTS
from promptguard.console.plots import bars, columns
from promptguard.notices.entities import readable
from promptguard.policy.replay import Unknown
from promptguard.review.releases import CAUSES, STATES
from promptguard.review.roles import DUTIES, Permission, Role
from promptguard.review.sessions import Session

DONE = {
    "allow": "Allowed",
    "notify": "Allowed, with a notice",
    "redact": "Values replaced",
    "justify": "Held for a reason",
    "block": "Not sent",
}
"""What was done, in words, in the order of severity."""

CLASSES = {
    "personal_data": "Personal data",
    "credentials": "Credentials",
    "tenant_data": "Customer data",
    "access_logs": "Access logs",
    "confidential_records": "Confidential records",
    "source_code": "Source code",
}


WHERE = {
    "system": "the app's own instructions",
    "user": "the person's message",
    "assistant": "the model's answer",
    "tool_definition": "description of a tool",
    "tool_call": "call of a tool",
    "tool_result": "result of a tool",
    "file": "attached file",
    "url": "web address",
    "header": "header field",
    "key": "name of a field",
    "other": "another part",
}
"""Where something was found, by the role of the text (`promptguard.model.Role`)."""

UNKNOWN = {
    Unknown.PERSON: "a rule is about certain people, and the record has only pseudonyms, so that this rule is ignored",
    Unknown.KIND: "the service is not in the registry any more, so that its kind is not known",
    Unknown.PROVIDER: "a rule asks how the provider treats data, and what was known of that is not recorded",
    Unknown.REWRITING: "values would be replaced, and it is not recorded whether that was possible in this request",
    Unknown.EXCEPTION: "an exception let it go, and whether it covers what would be stopped is not recorded",
    Unknown.HISTORY: "the earlier conversation played a part in it, too",
    Unknown.EVENT: "the record of it cannot be read",
}
"""What the record does not tell a policy."""


def render(template: str, session: Session | None, path: str, status: int = 200, **values: object) -> Response:
    """A page, in the frame that all have."""
    may = session.account.permissions if session else frozenset()
    text = _ENVIRONMENT.get_template(template).render(session=session, may=may, path=path, **values)
    return HTMLResponse(text, status)


def counted(entity_type: str, count: int) -> str:
    """`2 email addresses`."""
    one, many = readable(entity_type)
    return f"{count} {one if count == 1 else many}"


def kind(entity_type: str) -> str:
    """`email address`."""
    return readable(entity_type)[0]


def moment(time: str) -> str:
    """A time of the record for people: `2026-03-01 09:30:05 UTC`."""
    try:
        return datetime.fromisoformat(time).strftime("%Y-%m-%d %H:%M:%S UTC")
    except ValueError:
        return time


def second(time: int) -> str:
    """Seconds since 1970 for people, as `moment`."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("promptguard.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        counted=counted, kind=kind, moment=moment, second=second, words=lambda name: str(name).replace("_", " ")
    )
    environment.globals.update(
        CAUSES=CAUSES,
        STATES=STATES,
        ACTS=ACTS,
        UNKNOWN=UNKNOWN,
        DONE=DONE,
        WHERE=WHERE,
        CLASSES=CLASSES,
        DUTIES=DUTIES,
        Role=Role,
        Permission=Permission,
        bars=bars,
        columns=columns,
    )
    return environment


_ENVIRONMENT = _environment()
