import json

import pytest
from pydantic import TypeAdapter, ValidationError

from promptguard.review.incidents.channels import AnyChannel, EmailChannel

EMAIL = {"kind": "email", "server": "smtp.example.com:587", "sender": "pg@example.com", "recipients": "sec@example.com"}
ANY: TypeAdapter[AnyChannel] = TypeAdapter(AnyChannel)


def test_mail_is_encrypted_unless_otherwise_said() -> None:
    channel = ANY.validate_python(EMAIL)
    assert isinstance(channel, EmailChannel)
    assert channel.encryption == "starttls"
    assert channel.recipients == ("sec@example.com",)


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (EMAIL | {"encryption": "none"}, "another machine"),
        (EMAIL | {"user": "pg"}, "`password_file` is missing"),
        (EMAIL | {"recipients": "sec@example.com\nbcc: x@example.org"}, "recipients"),
        (EMAIL | {"recipients": []}, "recipients"),
        (EMAIL | {"sender": "Security <pg@example.com>"}, "sender"),
        ({"kind": "webhook", "url": "http://hooks.example.com", "secret_file": "s"}, "write https"),
        ({"kind": "webhook", "url": "https://u:p@hooks.example.com", "secret_file": "s"}, "without a password"),
        ({"kind": "slack", "url": "https://hooks.slack.com/x"}, "url_file"),
    ],
)
def test_what_is_not_safe_is_a_mistake(channel: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ANY.validate_json(json.dumps(channel))
    assert told in str(caught.value)
