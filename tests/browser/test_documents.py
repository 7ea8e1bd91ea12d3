"""Pages that are compressed, cached, cut, foreign, broken or large: with the layer or without, none is worse for it."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator

import brotli
import pytest
import zstandard
from looks import LAYER, ask, wait_until
from playwright.sync_api import Page, expect
from sites import BY_HOST, Chats
from support.values import aws_key

from promptguard.demo.dialects.interface import Reply
from promptguard.demo.provider import Provider

ORIGIN = "https://www.perplexity.ai"
PAGE = BY_HOST["www.perplexity.ai"].page
SCRIPT = PAGE.partition('<script nonce="bm9uY2U">')[2].partition("</script>")[0]
UTF_8 = "text/html; charset=utf-8"


@pytest.fixture
def chats(provider: Provider) -> Iterator[Chats]:
    """Answers what a test has set."""
    assert isinstance(provider.application, Chats)
    yield provider.application
    provider.application.replies.clear()
    provider.application.go_on.set()


def question(seed: int) -> str:
    return f"Why does AWS refuse the key {aws_key(random.Random(seed))} of ours?"


def check_that_it_works(page: Page, seed: int, *, layer: bool = True) -> None:
    """The page shows the service's own form of the notice in any case."""
    assert "Nothing was sent" in ask(page, question(seed))
    if layer:
        expect(page.locator(f"{LAYER} #text")).to_contain_text("Nothing was sent")
    else:
        expect(page.locator(LAYER)).to_have_count(0)


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstandard.compress)],
    ids=["gzip", "br", "zstd"],
)
def test_compressed(page: Page, chats: Chats, encoding: str, encode: Callable[[bytes], bytes]) -> None:
    source = encode(PAGE.replace("<h1>Chat", "<h1>日本 Chat").encode())
    chats.replies["/p"] = Reply([source[:7], source[7:]], UTF_8, headers={"content-encoding": encoding})
    page.goto(f"{ORIGIN}/p")
    expect(page.get_by_role("heading")).to_have_text("日本 Chat")
    check_that_it_works(page, 100 + ord(encoding[0]))


@pytest.mark.parametrize("media_type", ["text/html", "text/html; charset=Shift_JIS"])
def test_in_another_charset(page: Page, chats: Chats, media_type: str) -> None:
    source = PAGE.replace('<meta charset="utf-8">', '<meta charset="shift_jis">').replace("<h1>Chat", "<h1>表ソ能 Chat")
    chats.replies["/p"] = Reply([source.encode("shift_jis")], media_type)
    page.goto(f"{ORIGIN}/p")
    expect(page.get_by_role("heading")).to_have_text("表ソ能 Chat")
    assert page.evaluate("document.characterSet") == "Shift_JIS"
    check_that_it_works(page, len(media_type) + 200)


@pytest.mark.parametrize(
    "policy", ["script-src 'self'", "default-src 'self'; connect-src https://www.perplexity.ai/rest/"]
)
def test_under_a_policy_of_the_markup_that_knows_no_nonce(page: Page, chats: Chats, policy: str) -> None:
    markup = f'<meta http-equiv="Content-Security-Policy" content="{policy}"><meta charset="utf-8">'
    source = PAGE.replace('<meta charset="utf-8">', markup).replace(f">{SCRIPT}<", ' src="/page.js"><')
    chats.replies["/p"] = Reply([source.encode()], "text/html")
    chats.replies["/page.js"] = Reply([SCRIPT.encode()], "text/javascript")
    page.goto(f"{ORIGIN}/p")
    assert "Nothing was sent" in ask(page, question(len(policy) + 300))
    expect(page.locator(LAYER).get_by_role("heading")).to_have_text("Not sent")
    assert page.evaluate("window.violations") == []


def test_large_and_slow(page: Page, chats: Chats) -> None:
    chats.go_on.clear()
    begin = PAGE.encode().partition(b"</body>")[0] + b"<div id=more hidden>"
    chats.replies["/p"] = Reply([begin, *[b"Said before. " * 10_000] * 150, b"</div>"], UTF_8)
    page.goto(f"{ORIGIN}/p", wait_until="commit")
    wait_until(page, "typeof ask === 'function'")
    check_that_it_works(page, 400)
    assert page.evaluate("document.readyState") == "loading"
    chats.go_on.set()
    wait_until(page, "document.readyState === 'complete'")
    assert page.evaluate("document.getElementById('more').textContent.length") == 13 * 10_000 * 150


BROKEN = [
    "<title>A<b>C</title><p>text",
    "<html><head><title>Never closed",
    "<!doctype html><!-- never closed <head><p>",
    "<html lang='never closed><head><p>",
    "<head></head><head><title>Twice</title></head><body><body class=a><p>b",
    "<!doctype html><html><body><head><p>late",
    "<noscript><p>a</noscript><frameset><frame>",
    "text first<head><p>b",
    "</head></html><p>after",
    "<svg><title>a</title></svg>",
    "",
]


def test_broken(page: Page, chats: Chats) -> None:
    page.goto(f"{ORIGIN}/")
    for number, source in enumerate(BROKEN):
        chats.replies["/p"] = Reply([source.encode()], UTF_8)
        page.goto(f"{ORIGIN}/p?{number}")
        # What the same source makes in a document that no proxy has seen.
        same = """source => {
            const frame = document.createElement("iframe");
            document.documentElement.append(frame);
            frame.contentDocument.open(); frame.contentDocument.write(source); frame.contentDocument.close();
            const other = frame.contentDocument.documentElement.outerHTML;
            frame.remove();
            return [document.documentElement.outerHTML, other, document.compatMode];
        }"""
        ours, other, mode = page.evaluate(same, source)
        assert ours == other, source
        assert mode == ("CSS1Compat" if source.startswith("<!doctype html>") else "BackCompat"), source
    chats.replies["/p"] = Reply([gzip.compress(PAGE.encode())[:-40]], UTF_8, headers={"content-encoding": "gzip"})
    page.goto(f"{ORIGIN}/p?cut")
    expect(page.get_by_role("heading")).to_have_text("Chat")


def test_what_was_cached_without_it_goes_on_without_it(page: Page, chats: Chats, provider: Provider) -> None:
    chats.replies["/p"] = Reply([PAGE.encode()], UTF_8, headers={"etag": '"a"', "cache-control": "no-cache"})
    page.goto(f"{ORIGIN}/")
    start = len(provider.received)
    page.evaluate("fetch('/p').then(answer => answer.text())")
    page.goto(f"{ORIGIN}/p")
    assert [each.header("if-none-match") for each in provider.received[start:] if each.path == "/p"] == ["", '"a"']
    check_that_it_works(page, 500, layer=False)


_ANSWERS_FROM_CACHE = """self.addEventListener("install", event => {
  event.waitUntil(caches.open("v1").then(cache => cache.addAll(["/p"])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => event.respondWith(
  caches.match(event.request).then(found => found || fetch(event.request))));
"""
_ASKS = """onmessage = event => fetch("/rest/sse/perplexity_ask", {method: "POST", body: event.data,
  headers: {"content-type": "application/json"}}).then(answer => answer.text()).then(postMessage);"""


def test_a_service_worker_that_answers_from_its_cache(page: Page, chats: Chats) -> None:
    chats.replies["/p"] = Reply([PAGE.encode()], UTF_8)
    chats.replies["/sw.js"] = Reply([_ANSWERS_FROM_CACHE.encode()], "text/javascript")
    page.goto(f"{ORIGIN}/")
    page.evaluate(
        "navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => null)"
    )
    page.goto(f"{ORIGIN}/p")
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    check_that_it_works(page, 600, layer=False)


def test_a_worker_that_asks(page: Page, chats: Chats) -> None:
    chats.replies["/w.js"] = Reply([_ASKS.encode()], "text/javascript")
    page.goto(f"{ORIGIN}/")
    body = '{"query_str": "' + question(700) + '", "params": {"mode": "concise", "version": "2.18"}}'
    asked = """body => new Promise(go => {
        const worker = new Worker("/w.js");
        worker.onmessage = event => go(event.data);
        worker.postMessage(body);
    })"""
    assert "Nothing was sent" in page.evaluate(asked, body)
    check_that_it_works(page, 701)
