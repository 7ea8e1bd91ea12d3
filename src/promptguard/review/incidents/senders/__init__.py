"""Ways to page people, one file each."""

from __future__ import annotations

from promptguard.review.incidents.channels import AnyChannel, EmailChannel, SlackChannel, TeamsChannel, WebhookChannel
from promptguard.review.incidents.senders.chat import slack, teams
from promptguard.review.incidents.senders.email import email
from promptguard.review.incidents.senders.interface import PageMessage, PageNotSent
from promptguard.review.incidents.senders.webhook import webhook

__all__ = ["PageMessage", "PageNotSent", "send"]


def send(channel: AnyChannel, message: PageMessage) -> None:
    """Send a page; return when the other side has taken it.

    Raises:
        PageNotSent: it has not.
    """
    match channel:
        case EmailChannel():
            email(channel, message)
        case WebhookChannel():
            webhook(channel, message)
        case SlackChannel():
            slack(channel, message)
        case TeamsChannel():
            teams(channel, message)
