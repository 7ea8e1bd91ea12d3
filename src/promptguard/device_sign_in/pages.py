"""The pages on which somebody signs a device in with a browser. They load nothing, and need no script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from promptguard.device_sign_in.sign_ins import Begun, Finished

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of each page."""

_PAGE: Final = """<!doctype html>
<html lang="en">
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


def start(company: str) -> bytes:
    """Where somebody begins.

    Args:
        company: the host of the provider.
    """
    return _page(
        "Sign this device in",
        f"<p>Programs on this device reach AI services through the company's proxy. For that they need a user and a "
        f"password of their own, which you get by signing in at {escape(company)}.</p>\n"
        '<form method="post" action="/device"><button>Sign in</button></form>',
    )


def waiting(begun: Begun, again: int) -> bytes:
    """While somebody signs in elsewhere: the browser asks again by itself.

    Args:
        begun: what somebody has to know.
        again: after how many seconds.
    """
    where = begun.verification_uri_complete or begun.verification_uri
    return _page(
        "Sign in with this code",
        f'<p>Open <a href="{escape(where)}" target="_blank" rel="noopener noreferrer">{escape(begun.verification_uri)}'
        f'</a>, and sign in with the code</p>\n<p class="code">{escape(begun.user_code)}</p>\n'
        "<p>This page goes on by itself then. Enter no code that somebody else sent you.</p>",
        refresh=again,
    )


def done(finished: Finished, proxies: Sequence[str], pac: str) -> bytes:
    """What the device gets: shown once.

    Args:
        proxies: as programs name them.
        pac: the address of the device's PAC file.
    """
    rows = {
        "User": finished.credentials.id,
        "Password": finished.credentials.password,
        "Proxy": " ".join(proxies),
        "PAC file": pac,
    }
    listed = "\n".join(f"<dt>{name}</dt><dd><code>{escape(value)}</code></dd>" for name, value in rows.items())
    return _page(
        "This device is signed in",
        f"<p>Note user and password now: they are kept nowhere, and are not shown again. They hold until "
        f"{_day(finished.until)}, for this device alone.</p>\n<dl>\n{listed}\n</dl>\n"
        "<p>Browsers and the system take the PAC file as “automatic proxy configuration”. They ask for user and "
        "password once.</p>",
    )


def problem(sentence: str) -> bytes:
    """Why there is nothing, and the way to another try."""
    return _page("This device is not signed in", f'<p>{escape(sentence)}</p>\n<p><a href="/device">Begin anew</a></p>')


def _day(until: datetime) -> str:
    return f"{until:%Y-%m-%d %H:%M} UTC"


def _page(title: str, content: str, refresh: int | None = None) -> bytes:
    again = f'<meta http-equiv="refresh" content="{refresh};url=/device/wait">\n' if refresh else ""
    return _PAGE.format(title=title, content=content, refresh=again).encode()
