import random

import pytest

from promptguard.detectors.private_keys.detector import PrivateKeyDetector, find_private_keys
from promptguard.model import DataClass, Segment

DASHES = "-" * 5
DRAW = random.Random(3)


def body(lines: int = 6, width: int = 64, end: str = "\n") -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return "".join("".join(DRAW.choices(alphabet, k=width)) + end for _ in range(lines))


def pem(kind: str, headers: str = "", end: str = "\n") -> str:
    return f"{DASHES}BEGIN {kind}{DASHES}{end}{headers}{body(end=end)}{DASHES}END {kind}{DASHES}"


WHOLE = [
    pem("PRIVATE KEY"),
    pem("RSA PRIVATE KEY"),
    pem("EC PRIVATE KEY"),
    pem("OPENSSH PRIVATE KEY"),
    pem("ENCRYPTED PRIVATE KEY"),
    pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n"),
    pem("PGP PRIVATE KEY BLOCK", "Version: GnuPG v2.0.22 (Linux) - x\n\n"),
    pem("PRIVATE KEY", end="\r\n"),
    pem("PRIVATE KEY", end="\\n"),
    pem("PRIVATE KEY", end='" +\n   "'),
    pem("PRIVATE KEY", end="\n    "),
    pem("PRIVATE KEY", end="<br/>"),
    pem("RSA PRIVATE KEY", end="\n-"),
    pem("SSH2 ENCRYPTED PRIVATE KEY"),
    pem("OpenVPN Static key V1"),
    f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: ana\nPublic-Lines: 2\n{body(2)}Private-Lines: 1\n"
    f"{body(1)}Private-MAC: 0a1b2c",
]


@pytest.mark.parametrize("key", WHOLE)
@pytest.mark.parametrize(("before", "after"), [("", ""), ("my key: ", "\nthanks"), ('{"private_key": "', '"}')])
def test_whole_keys(key: str, before: str, after: str) -> None:
    [match] = find_private_keys(before + key + after)
    assert (match.start, match.score, match.entity_type) == (len(before), 1.0, "PRIVATE_KEY")
    assert match.end >= len(before) + len(key)
    assert match.data_class is DataClass.CREDENTIALS


@pytest.mark.parametrize("key", WHOLE[:7])
def test_cut_off_keys(key: str) -> None:
    cut = key[: len(key) - 60]
    [match] = find_private_keys(f"{cut}\n")
    assert (match.start, match.end, match.score) == (0, len(cut), 0.9)


@pytest.mark.parametrize("before", ["the rest of it:\n", "", "> "])
@pytest.mark.parametrize("indent", ["", "    ", "> "])
def test_keys_without_their_beginnings(before: str, indent: str) -> None:
    lines = body(4).splitlines(keepends=True)
    key = indent.join(lines) + f"{DASHES}END RSA PRIVATE KEY{DASHES}"
    [match] = find_private_keys(before + key + "\nthanks")
    assert (match.end, match.score) == (len(before) + len(key), 0.9)
    assert match.start <= len(before)


@pytest.mark.parametrize(
    "text",
    [
        f"{DASHES}END PRIVATE KEY{DASHES}",
        f"some words\n{DASHES}END PRIVATE KEY{DASHES}\n" * 3,
        "A file that starts with BEGIN PRIVATE KEY",
        f"{DASHES}BEGIN PRIVATE KEY{DASHES}",
        f"{DASHES}BEGIN PRIVATE KEY{DASHES}\n...\n{DASHES}END PRIVATE KEY{DASHES}",
        f"{DASHES}BEGIN PRIVATE KEY{DASHES}\n{'x' * 64}\n{DASHES}END PRIVATE KEY{DASHES}",
        f"{DASHES}BEGIN PRIVATE KEY{DASHES}\n<your key here>\n{DASHES}END PRIVATE KEY{DASHES}",
        f"{DASHES}BEGIN PUBLIC KEY{DASHES}\n{body()}{DASHES}END PUBLIC KEY{DASHES}",
        f"{DASHES}BEGIN CERTIFICATE{DASHES}\n{body()}{DASHES}END CERTIFICATE{DASHES}",
        f"PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: 1\n{body(1)}",
    ],
)
def test_no_keys(text: str) -> None:
    assert list(find_private_keys(text)) == []


async def test_detector() -> None:
    key = WHOLE[0]
    found = await PrivateKeyDetector().find([Segment((0,), "hello"), Segment((1,), key + "\n\n" + key)])
    assert [len(matches) for matches in found] == [0, 2]
