"""What people read: the section `notices` of `promptguard.yaml`."""

from __future__ import annotations

from pydantic import Field

from promptguard.typed_yaml.fields import Section


class Notices(Section):
    """What people read when a request is stopped."""

    contact: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description=(
            "Whom to ask and to tell, as people should read it: a name, with an e-mail address or a number. By default "
            "the words of the language in use, `your IT or security team`."
        ),
    )
    language: str = Field(
        default="en",
        pattern=r"^[A-Za-z0-9_-]{1,20}$",
        description="Which file of `notices/` the texts come from: `en` is `notices/en.yaml`.",
    )
    in_page: bool = Field(
        default=True,
        description=(
            "Whether what was decided is shown in the pages of web chats too, in a small layer of PromptGuard's own. "
            "`in_page` of a destination switches it off for that service."
        ),
    )
    redacted_copy: bool = Field(
        default=True,
        description=(
            "Whether a notice ends with what the person wrote, with placeholders in place of what was found, to be "
            "sent instead: where no layer shows it, and sending it would help."
        ),
    )
