from __future__ import annotations

import pytest

from promptguard.model import Nature
from promptguard.wire.heads.cookies import cookie_texts

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqbyJ9.c2lnbmF0dXJl"
BROWSER = {"sec-fetch-site": "same-origin"}


def searched(value: str, headers: dict[str, str]) -> list[str]:
    return [text.text for text in cookie_texts(value, headers) if text.standing.nature is not Nature.SEALED]


@pytest.mark.parametrize("headers", [{}, BROWSER], ids=["program", "browser"])
@pytest.mark.parametrize(
    "value",
    [
        "_ga=GA1.1.123456789.1712345678; _ga_ABC123=GS2.1.s1$o1",
        f"__Secure-next-auth.session-token.0={TOKEN}; oai-did=a",
        "oai-client-auth-info=%7B%22email%22%3A%22jo%40example.org%22%7D",
        "sessionKey=sk-ant-sid01-x; lastActiveOrg=b",
        "__cf_bm=x; cf_clearance=y; _cfuvid=z",
        "SID=g.a; __Secure-1PSIDTS=sidts-x; SAPISID=a/b",
        "MUID=AB; MSFPC=GUID=1&HASH=2; ai_session=a|1|2",
        "intercom-session-abc=x--y; ajs_user_id=jo@example.org; mp_1_mixpanel=%7B%7D",
        "ph_phc_abc_posthog=jo@example.org",
        "csrftoken=x; my-XSRF-TOKEN=y; JSESSIONID=z; connect.sid=s%3Aa",
    ],
)
def test_what_services_set_themselves_is_their_own(value: str, headers: dict[str, str]) -> None:
    assert searched(value, headers) == []


@pytest.mark.parametrize(
    ("value", "program", "browser"),
    [
        ("note=jo%40example.org", ["note", "jo@example.org"], ["note"]),
        ("card=4539148803436467", ["card", "4539148803436467"], ["card", "4539148803436467"]),
        ("password=abc", ["password", "abc"], ["password", "abc"]),
        ("password=jo@example.org", ["password", "jo@example.org"], ["password", "jo@example.org"]),
        ('a="my key"; b', ["a", "my key", "b"], ["a", "my key", "b"]),
        (f"access_token={TOKEN}", ["access_token"], ["access_token"]),
        (f"note={TOKEN}", ["note", TOKEN], ["note"]),
    ],
)
def test_all_others_are_text(value: str, program: list[str], browser: list[str]) -> None:
    assert searched(value, {}) == program
    assert searched(value, BROWSER) == browser
