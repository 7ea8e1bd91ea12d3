"""The page that a notice leads to, used as a browser without scripts does."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urldefrag, urljoin

import httpx

LINK = re.compile(r"http://127\.0\.0\.1:\d+/p/[a-z]{30}(?:#[a-z]{30})?")
"""Behind the `#` stands the key of the redacted text, where there is one."""


class NoticePage:
    """A page, opened by the link that stands in what a person was shown.

    Args:
        shown: what stood on the screen.
    """

    def __init__(self, shown: str) -> None:
        links = LINK.findall(shown)
        assert links, f"no link in:\n{shown}"
        self.link: str = links[-1]
        self._client = httpx.Client(follow_redirects=True, timeout=60, trust_env=False)
        self._address = urldefrag(self.link).url
        self.text = ""
        """The page's HTML as it was shown last."""
        self.reload()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()

    def reload(self) -> None:
        """Look at it again."""
        self._show(self._client.get(self._address))

    def press(self, button: str) -> None:
        """Press a button: its form is sent with what stands in it."""
        form = next((each for each in _forms(self.text) if button in each.buttons), None)
        assert form is not None, f"no button “{button}” in:\n{self.text}"
        action = urljoin(self._address, form.action)
        self._show(self._client.post(action, data=form.fields, headers={"origin": _origin(action)}))

    def _show(self, answer: httpx.Response) -> None:
        answer.raise_for_status()
        self.text = answer.text


class _Form:
    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: dict[str, str] = {}
        self.buttons: list[str] = []


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(given.get("action", "")))
        elif tag == "input" and given.get("type") == "hidden":
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        self._in_button = tag == "button"

    def handle_data(self, data: str) -> None:
        if self._in_button and self.forms:
            self.forms[-1].buttons.append(data.strip())
            self._in_button = False


def _forms(page: str) -> list[_Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def _origin(address: str) -> str:
    url = httpx.URL(address)
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
