from email import message_from_bytes

import pytest
from tests.review.incidents.senders.servers import mail_server, tls_files

from promptguard.review.incidents.channels import EmailChannel
from promptguard.review.incidents.senders import PageNotSent, send


def channel(port: int, **more: object) -> EmailChannel:
    settings = {
        "kind": "email",
        "server": f"127.0.0.1:{port}",
        "sender": "pg@example.com",
        "recipients": ["a@example.com", "b@example.com"],
        **more,
    }
    return EmailChannel.model_validate(settings, strict=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # encrypted from the start, which it does not look at
@pytest.mark.parametrize("from_start", [False, True])
def test_it_is_encrypted_and_signed_in(from_start: bool, message, tmp_path) -> None:
    context, authority = tls_files(tmp_path)
    password = tmp_path / "password"
    password.write_text("the password\n")
    with mail_server(context, from_start=from_start, sign_in=True) as mails:
        more = {"encryption": "tls" if from_start else "starttls", "user": "pg", "password_file": password}
        send(channel(mails.port, ca_file=authority, **more), message)
    (envelope,) = mails.taken
    assert mails.greeted_by == "example.com"  # not the name of this machine
    assert envelope.rcpt_tos == ["a@example.com", "b@example.com"]
    mail = message_from_bytes(envelope.content)
    assert mail["subject"] == "Data <was> sent & lost (in-1234), page 2 of 3"
    assert mail["message-id"] == "<in-1234.1.10.on-call@example.com>"
    assert mail["auto-submitted"] == "auto-generated"
    text = mail.get_payload()
    assert "https://guard.example.com/incidents/in-1234" in text
    assert "2026-03-01 09:45:00 UTC" in text


def test_a_server_without_encryption_gets_nothing(message) -> None:
    with mail_server() as mails:
        with pytest.raises(PageNotSent, match="does not offer"):
            send(channel(mails.port), message)
        assert mails.taken == []
        send(channel(mails.port, encryption="none"), message)
        assert len(mails.taken) == 1


def test_a_server_with_a_strange_certificate_gets_nothing(message, tmp_path) -> None:
    context, _ = tls_files(tmp_path)
    with mail_server(context) as mails, pytest.raises(PageNotSent, match="certificate does not hold"):
        send(channel(mails.port), message)
    assert mails.taken == []


def test_what_a_server_refuses_is_told(message, tmp_path) -> None:
    context, authority = tls_files(tmp_path)
    password = tmp_path / "password"
    password.write_text("another one")
    with (
        mail_server(context, sign_in=True) as mails,
        pytest.raises(PageNotSent, match=r"no such user and password \(535\)") as caught,
    ):
        send(channel(mails.port, ca_file=authority, user="pg", password_file=password), message)
    assert "another one" not in str(caught.value)
    with mail_server() as mails:
        mails.refuse = "451 later, said 127.0.0.1"
        with pytest.raises(PageNotSent, match=r"refuses it \(451\)"):
            send(channel(mails.port, encryption="none"), message)
    with pytest.raises(PageNotSent, match="Connection refused"):
        send(channel(mails.port, encryption="none"), message)
    with pytest.raises(PageNotSent, match="the password is not in its file"):
        send(channel(mails.port, user="pg", password_file=tmp_path / "gone"), message)
