import json

import pytest
from tests.review.incidents.senders.servers import http_server

from promptguard.review.incidents.channels import SlackChannel, TeamsChannel
from promptguard.review.incidents.senders import PageNotSent, send


def posted(model, kind: str, message, tmp_path):
    file = tmp_path / "url"
    with http_server() as posts:
        file.write_text(f"{posts.url}\n")
        send(model(kind=kind, url_file=file), message)
    ((_, body),) = posts.taken
    return json.loads(body)


def test_slack_gets_a_section_with_a_link(message, tmp_path) -> None:
    told = posted(SlackChannel, "slack", message, tmp_path)
    assert told["text"] == "Data &lt;was&gt; sent &amp; lost (in-1234), page 2 of 3"
    (section,) = told["blocks"]
    assert section["type"] == "section"
    assert "<https://guard.example.com/incidents/in-1234|Open it>" in section["text"]["text"]
    assert "*Data &lt;was&gt; sent &amp; lost*" in section["text"]["text"]


def test_teams_gets_a_card_with_a_link(message, tmp_path) -> None:
    told = posted(TeamsChannel, "teams", message, tmp_path)
    (attached,) = told["attachments"]
    assert (told["type"], attached["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    card = attached["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card["actions"][0]["url"] == "https://guard.example.com/incidents/in-1234"
    assert {"title": "Due", "value": "2026-03-01 09:45:00 UTC"} in card["body"][1]["facts"]


@pytest.mark.parametrize("written", ["", "http://hooks.example.com/x", "no address"])
def test_without_an_encrypted_address_nothing_is_sent(written: str, message, tmp_path) -> None:
    file = tmp_path / "url"
    file.write_text(written)
    with pytest.raises(PageNotSent) as caught:
        send(SlackChannel(kind="slack", url_file=file), message)
    assert "hooks" not in str(caught.value)
