import pytest
from starlette.requests import Request
from starlette.responses import Response

from promptguard.console import cookies


@pytest.mark.parametrize(
    ("secure", "name", "members"),
    [
        (True, "__Host-promptguard_session", {"secure", "httponly", "samesite=strict", "path=/"}),
        (False, "promptguard_session", {"httponly", "samesite=strict", "path=/"}),
    ],
)
def test_a_cookie_is_for_this_name_and_no_script(secure: bool, name: str, members: set[str]) -> None:
    answer = Response()
    cookies.put(answer, cookies.SESSION, "abc", secure=secure)
    first, *rest = answer.headers["set-cookie"].split("; ")
    assert first == f"{name}=abc"
    assert {each.lower() for each in rest} == members
    sent = Request({"type": "http", "headers": [(b"cookie", first.encode())]})
    assert cookies.read(sent, cookies.SESSION, secure=secure) == "abc"
    assert cookies.read(sent, cookies.SESSION, secure=not secure) == ""


def test_a_cookie_is_taken_back_as_it_was_set() -> None:
    answer = Response()
    cookies.drop(answer, cookies.DEVICE, secure=True)
    assert answer.headers["set-cookie"].startswith('__Host-promptguard_device=""')
    assert "max-age=0" in answer.headers["set-cookie"].lower()
