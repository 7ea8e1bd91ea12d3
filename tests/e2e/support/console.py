"""A console beside a proxy, and somebody who is signed in and looks at everything."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx

from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.review.roles import Role
from promptguard.workers.process import command_of

PASSWORD = "correct horse battery"


@contextmanager
def signed_in(proxy: PromptGuardProcess) -> Iterator[httpx.Client]:
    """A client of a console on a proxy's folders, signed in with every role there is."""
    folders = ("--config", str(proxy.config), "--data", str(proxy.data))
    console = subprocess.Popen(
        [*command_of("promptguard.console"), *folders, "--listen", "127.0.0.1:0", "--until-closed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert console.stdout
    origin, _, link = console.stdout.readline().split()[-1].partition("/set-up?link=")
    try:
        with httpx.Client(base_url=origin, follow_redirects=True, timeout=60) as client:
            chosen = {"name": "Ann", "password": PASSWORD, "again": PASSWORD, "role": list(Role)}
            client.post("/set-up", data={"link": link, **chosen}).raise_for_status()
            yield client
    finally:
        console.communicate("")


MOST = 3
"""Of a list or an export with so many other filters of the same kinds no more are looked at: there are hundreds of
services, and all that they show is on the list without a filter, too."""


def everything(client: httpx.Client) -> dict[str, bytes]:
    """All that can be reached by links from the first page, by its address: pages, lists, exports."""
    seen: dict[str, bytes] = {}
    alike = Counter[tuple[str, ...]]()
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        address = urlsplit(path)
        shape = (
            address.path,
            *(f"{name}={value if name == 'form' else ''}" for name, value in parse_qsl(address.query)),
        )
        alike[shape] += 1
        if address.query and alike[shape] > MOST:
            continue
        answer = client.get(path)
        assert answer.status_code < 500, path
        seen[path] = answer.content
        if "text/html" in answer.headers.get("content-type", ""):
            found = re.findall(r'(?:href|hx-get)="([^"]+)"', answer.text)
            links = (_from_the_start(urldefrag(urljoin(path, unescape(each))).url) for each in found)
            waiting += [link for link in links if link.startswith("/") and link not in seen]
    return seen


def _from_the_start(link: str) -> str:
    """What an open list asks for next, with what it has already: for what is new it would wait."""
    return re.sub(r"(^/decisions/new\?.*\bafter=)\d+", r"\g<1>0", link)
