"""The pages on which somebody signs a device in with a browser. They load nothing, and need no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from promptguard.device_sign_in.failures import Why
from promptguard.device_sign_in.sign_ins import Begun, Finished
from promptguard.notices.device_words import DeviceWords

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of each page."""

_PAGE: Final = """<!doctype html>
<html lang="{language}" dir="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{refresh}<title>{title}</title>
<style>
body {{ font: 1.05rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem;
  color: #1d2430; background: #f7f8fa }}
main {{ background: #fff; border: 1px solid #d9dde3; border-radius: .6rem; padding: 1.5rem 2rem }}
h1 {{ font-size: 1.35rem }}
code {{ overflow-wrap: anywhere }}
.code {{ font: 1.6rem/2 ui-monospace, monospace; letter-spacing: .08em }}
dt {{ font-weight: 600 }}
dd {{ margin: 0 0 .6rem }}
button {{ font: inherit; padding: .4rem 1rem }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e6e9ee; background: #14171c }}
  main {{ background: #1d2128; border-color: #363c46 }} a {{ color: #8ab4f8 }} }}
</style>
</head>
<body><main>
<h1>{title}</h1>
{content}
</main></body>
</html>
"""


class Pages:
    """The pages in one language.

    Args:
        words: that they are made of.
        language: its tag (BCP 47).
    """

    def __init__(self, words: DeviceWords, language: str) -> None:
        self._words = words
        self._language = language

    def start(self, company: str) -> bytes:
        """Where somebody begins.

        Args:
            company: the host of the provider.
        """
        return self._page(
            self._words.start_title,
            f"<p>{_filled(self._words.start, company=escape(company))}</p>\n"
            f'<form method="post" action="/device"><button>{escape(self._words.sign_in)}</button></form>',
        )

    def waiting(self, begun: Begun, again: int) -> bytes:
        """While somebody signs in elsewhere: the browser asks again by itself.

        Args:
            begun: what somebody has to know.
            again: after how many seconds.
        """
        where = escape(begun.verification_uri_complete or begun.verification_uri)
        shown = escape(begun.verification_uri)
        link = f'<a href="{where}" target="_blank" rel="noopener noreferrer">{shown}</a>'
        return self._page(
            self._words.code_title,
            f'<p>{_filled(self._words.code, address=link)}</p>\n<p class="code">{escape(begun.user_code)}</p>\n'
            f"<p>{escape(self._words.goes_on)}</p>",
            refresh=again,
        )

    def done(self, finished: Finished, proxies: Sequence[str], pac: str) -> bytes:
        """What the device gets: shown once.

        Args:
            proxies: as programs name them.
            pac: the address of the device's PAC file.
        """
        words, made = self._words, finished.credentials
        rows = [
            (words.user, made.id),
            (words.password, made.password),
            (words.proxy, " ".join(proxies)),
            (words.pac, pac),
        ]
        listed = "\n".join(f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in rows)
        told = _filled(words.done, until=f"{finished.until:%Y-%m-%d %H:%M} UTC")
        return self._page(words.done_title, f"<p>{told}</p>\n<dl>\n{listed}\n</dl>\n<p>{escape(words.use)}</p>")

    def problem(self, why: Why, contact: str) -> bytes:
        """Why there is nothing, and the way to another try.

        Args:
            contact: whom to ask.
        """
        told = _filled(getattr(self._words, why), contact=escape(contact))
        again = f'<p><a href="/device">{escape(self._words.again)}</a></p>'
        return self._page(self._words.failed_title, f"<p>{told}</p>\n{again}")

    def _page(self, title: str, content: str, refresh: int | None = None) -> bytes:
        again = f'<meta http-equiv="refresh" content="{refresh};url=/device/wait">\n' if refresh else ""
        language = escape(self._language)
        return _PAGE.format(title=escape(title), content=content, refresh=again, language=language).encode()


def _filled(text: str, **markup: str) -> str:
    """A text with its names filled in by what is markup already."""
    return escape(text).format_map(markup)
