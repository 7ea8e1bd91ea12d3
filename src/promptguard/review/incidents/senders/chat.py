"""A page as a message in a chat.

Slack: “Sending messages using incoming webhooks”, with `&`, `<` and `>` escaped. Teams: a workflow that takes an
Adaptive Card (1.4) as an attachment, as “Create incoming webhooks with Workflows for Microsoft Teams” says.
"""

from __future__ import annotations

from typing import Any

import orjson

from promptguard.review.incidents.channels import SlackChannel, TeamsChannel
from promptguard.review.incidents.senders.interface import PageMessage, PageNotSent, secret_of
from promptguard.review.incidents.senders.web import post
from promptguard.typed_yaml.fields import is_encrypted_or_here


def slack(channel: SlackChannel, message: PageMessage) -> None:
    """Post it to Slack.

    Raises:
        PageNotSent: it was not taken.
    """
    facts = "\n".join(f"*{name}* {_escaped(text)}" for name, text in message.facts.items())
    text = f"*{_escaped(message.title)}*\n{facts}\n{message.why} <{message.link}|Open it>"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    _post(channel, {"text": _escaped(message.subject), "blocks": [section]})


def teams(channel: TeamsChannel, message: PageMessage) -> None:
    """Post it to Teams.

    Raises:
        PageNotSent: it was not taken.
    """
    facts = [{"title": name, "value": text} for name, text in message.facts.items()]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": message.title, "weight": "bolder", "size": "medium", "wrap": True},
            {"type": "FactSet", "facts": facts},
            {"type": "TextBlock", "text": message.why, "wrap": True},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "Open it", "url": message.link}],
    }
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    _post(channel, {"type": "message", "attachments": [attached]})


def _post(channel: SlackChannel | TeamsChannel, message: dict[str, Any]) -> None:
    url = secret_of(channel.url_file, "the webhook's address")
    if not is_encrypted_or_here(url):
        raise PageNotSent("what stands in the file is no address with https")
    post(url, orjson.dumps(message), {}, channel.ca_file)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
