"""Exports of browsers and password managers, spreadsheets and cookie files."""

import pytest

from promptguard.detectors.credential_tables.detector import (
    CredentialTableDetector,
    find_cookies,
    find_table_credentials,
)
from promptguard.model import DataClass, Segment

STRONG, WORD = "S0mm" + "er,24", "sonnen" + "blume"
PLAIN = "hunt" + "er2x"


def found(text: str) -> list[str]:
    return [text[match.start : match.end] for match in find_table_credentials(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"name,url,username,password\nx,https://h.test/,bob,{PLAIN}\ny,https://i.test,ana,{WORD}\n", [PLAIN, WORD]),
        (f'"url","username","password","httpRealm"\n"https://h.test","bob","{STRONG}",""\n', [STRONG]),
        (f'"Account","Login Name","Password","Web Site"\r\n"a, b","bob","{PLAIN}","h.test"\r\n', [PLAIN]),
        (f"folder,name,login_username,login_password\n,x,bob,{PLAIN}", [PLAIN]),
        (f"Titel\tBenutzer\tPasswort\nRouter\tadmin\t{PLAIN}\n", [PLAIN]),
        (f"usuario;contraseña\nana;{PLAIN}\n\nthanks; bye\n", [PLAIN]),
        (f"our servers:\n\n| Host | Password |\n|---|---|\n| db1 | `{PLAIN}` |\n| db2 | {WORD} |\n", [PLAIN, WORD]),
        ("Service,API key\nx,kQ3vZ8xW1nT6" + "yR0pL5sD\n", ["kQ3vZ8xW1nT6" + "yR0pL5sD"]),
    ],
)
def test_tables(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "username,password",
        "foo(\n    username, password,\n    host, port\n)",
        "Use your username, password, and email\nthen go on, please, soon\n",
        "| Name | Type | Meaning |\n|---|---|---|\n| password | string | Password1 |\n",
        "name,password\nana,********\nbob,<password>\n",
        "name,password\nana,required\nbob,optional\n",
        f"name,password\n{PLAIN}\n",
        f"name,password_hint\nana,{PLAIN}\n",
        "id,token\n1,refresh_token\n2,id_token\n",
        "def login(user, password):\n    return user, Password1\n",
        "SELECT name, password FROM users\nWHERE name, x1y2z3\n",
    ],
)
def test_no_tables(text: str) -> None:
    assert found(text) == []


def test_a_table_ends_with_its_last_row() -> None:
    text = f"name,password\nana,{PLAIN}\n\nname,town\nana,{PLAIN}z\n"
    assert found(text) == [PLAIN]


def test_one_table_after_another() -> None:
    table = f"name,password\nana,{PLAIN}\n\n"
    assert found(table * 3) == [PLAIN] * 3


def cookie(name: str, value: str, domain: str = ".h.test") -> str:
    return f"{domain}\tTRUE\t/\tTRUE\t1700000000\t{name}\t{value}\n"


def test_cookies() -> None:
    session = "kQ3vZ8xW1nT6" + "yR0pL5sD"
    text = "# Netscape HTTP Cookie File\n" + cookie("sid", session) + cookie("theme", "dark")
    text += cookie("auth_token", session, "#HttpOnly_.h.test") + cookie("lang", "de-DE")
    assert [text[match.start : match.end] for match in find_cookies(text)] == [session, session]


async def test_detector() -> None:
    text = f"name,password\nana,{PLAIN}\n"
    first, second = await CredentialTableDetector().find([Segment((0,), "hello"), Segment((1,), text)])
    assert first == []
    assert [(match.entity_type, match.data_class) for match in second] == [("PASSWORD", DataClass.CREDENTIALS)]


async def test_long_texts_are_read_beside_the_event_loop() -> None:
    text = "name,password\n" + f"ana,{PLAIN}\n" * 3_000
    (matches,) = await CredentialTableDetector().find([Segment((), text)])
    assert len(matches) == 3_000
