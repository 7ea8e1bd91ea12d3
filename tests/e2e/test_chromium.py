"""Headless Chromium on the pages of chatgpt.com and claude.ai."""

from __future__ import annotations

import json
import random

import pytest
from support.browser import Browser
from support.expected import DECISION_ID, EMAIL_PLACEHOLDER
from support.values import aws_key, email
from support.watch import Watch

SITES = ["chatgpt.com", "claude.ai"]


def ask(browser: Browser, site: str, prompt: str) -> tuple[str, str]:
    """Chat on a site's page: how it ended, and what the page shows."""
    browser.open(f"https://{site}/")
    browser.evaluate(f"ask({json.dumps(prompt)})")
    return browser.evaluate("window.chat.status"), browser.evaluate("document.getElementById('answer').textContent")


def methods(watch: Watch, site: str) -> list[str]:
    """The methods of the page's own requests."""
    return [request.method for request in watch.to(site) if request.path != "/favicon.ico"]


@pytest.mark.parametrize("site", SITES)
def test_clean_prompt_is_answered(browser: Browser, watch: Watch, site: str) -> None:
    status, shown = ask(browser, site, "Give me five ideas for a team lunch.")
    assert (status, shown) == ("done", "You wrote: Give me five ideas for a team lunch.")
    assert methods(watch, site) == ["GET", "POST"]


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("kind", ["personal data", "credential"])
def test_what_a_public_chat_may_not_see_is_blocked(browser: Browser, watch: Watch, site: str, kind: str) -> None:
    value = email(61) if kind == "personal data" else aws_key(random.Random(62))
    status, shown = ask(browser, site, f"Improve this: aws_access_key_id or mail {value}")
    assert status == "refused 400"
    assert "othing was sent" in shown
    assert DECISION_ID.search(shown)
    assert value not in shown
    assert methods(watch, site) == ["GET"]


def test_page_script_calls_an_api(browser: Browser, watch: Watch) -> None:
    """A fetch with a streamed answer over HTTP/2, redacted on its way and restored in the page."""
    value = email(63)
    browser.open("https://api.openai.com/page")
    body = json.dumps({"model": "gpt-5", "stream": True, "messages": [{"role": "user", "content": f"mail {value}"}]})
    answer = browser.evaluate(
        "fetch('/v1/chat/completions', {method: 'POST', headers: {'content-type': 'application/json'},"
        f" body: {json.dumps(body)}}}).then(response => response.text())"
    )
    request = next(request for request in watch.to("api.openai.com") if request.method == "POST")
    assert request.http_version == "2"
    assert EMAIL_PLACEHOLDER.sub("{}", request.json()["messages"][0]["content"]) == "mail {}"
    events = [json.loads(line[6:]) for line in answer.splitlines() if line.startswith("data: {")]
    assert "".join(event["choices"][0]["delta"].get("content") or "" for event in events) == f"You wrote: mail {value}"
