"""A page as an e-mail (RFC 5322), handed to the company's mail server (RFC 5321), encrypted (RFC 3207, RFC 8314)."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, localtime

from promptguard.review.incidents.channels import EmailChannel
from promptguard.review.incidents.senders.interface import (
    TIMEOUT_SECONDS,
    PageMessage,
    PageNotSent,
    not_reached,
    secret_of,
)
from promptguard.typed_yaml.fields import split_address


def email(channel: EmailChannel, message: PageMessage) -> None:
    """Send it to all recipients at once.

    Raises:
        PageNotSent: the server did not take it, or not for all of them.
    """
    password = secret_of(channel.password_file, "the password") if channel.password_file else ""
    try:
        with _connected(channel) as server:
            if channel.user:
                server.login(channel.user, password)
            refused = server.send_message(_mail(channel, message))
    except smtplib.SMTPAuthenticationError as error:
        raise PageNotSent(f"the mail server takes no such user and password ({error.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise PageNotSent(f"the mail server refuses the recipients ({', '.join(map(str, codes))})") from None
    except smtplib.SMTPResponseException as error:
        raise PageNotSent(f"the mail server refuses it ({error.smtp_code})") from None
    except smtplib.SMTPNotSupportedError:
        raise PageNotSent("the mail server does not offer what the settings ask for: encryption or sign-in") from None
    except (smtplib.SMTPException, OSError) as error:
        raise not_reached(error) from None
    if refused:  # for the others it was taken, who would get it again
        codes = sorted({code for code, _ in refused.values()})
        raise PageNotSent(f"the mail server refuses some recipients ({', '.join(map(str, codes))})")


def _connected(channel: EmailChannel) -> smtplib.SMTP:
    host, port = split_address(channel.server)
    context = ssl.create_default_context(cafile=channel.ca_file)
    name = _domain(channel)  # not this machine's, which may be somebody's laptop
    if channel.encryption == "tls":
        return smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(host, port, name, timeout=TIMEOUT_SECONDS)
    if channel.encryption == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _domain(channel: EmailChannel) -> str:
    return channel.sender.rpartition("@")[2]


def _mail(channel: EmailChannel, message: PageMessage) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.recipients)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{message.id}@{_domain(channel)}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office replies stay away
    mail["Importance"] = "high"
    width = max(map(len, message.facts))
    facts = "\n".join(f"{name:{width}}  {text}" for name, text in message.facts.items())
    mail.set_content(f"{message.title}\n\n{facts}\n\n{message.why}\n{message.link}\n")
    return mail
