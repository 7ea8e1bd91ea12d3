"""Passwords whose signs look like code or templates."""

import pytest

from promptguard.detectors.secrets.odd_signs import is_written_literal


@pytest.mark.parametrize(
    "value",
    ["x(yZ7)q", "a[0]Bz9k", "$ummer24", "100%sure", "{curly}7x", "<tag>7Kz", "val->x7K", "f(x)=7Kz", "h[hXB.q)c",
     "7Kz!q9...", "...7Kz!q", "m8W`42{D7", "K#9|vb", "Qu'ote7!", "^Frost^19", "[Lake]44x"],
)  # fmt: skip
def test_literals_in_quotes(value: str) -> None:
    assert is_written_literal(value, quoted=True)


@pytest.mark.parametrize("value", ["x(yZ7)q", "h[hXB.q)c", "$ummer24", "a=b=c1!", "---7Kz!q"])
def test_literals_in_sentences(value: str) -> None:
    assert is_written_literal(value, quoted=False)


@pytest.mark.parametrize(
    "value",
    ["${DB_PASS1}", "{{ password1 }}", "$DB_PASSWORD1", "$password1", "%(pass1)s", "<password1>", "[PASSWORD1]",
     "{password1}", "%PASS1%", "__pass1__", "process.env.PW1", "config.db[1]", "vault:kv/db1", "${x}-1a", "abc1...",
     "****1a", "your_pass1", "short", "two words7", "secret-%s-1", "z.string().min(8)",
     "Joi.string().max(30).required();", "ENC[AES256_GCM,data:8x", "0x%08x:FAIL"],
)  # fmt: skip
def test_templates_masks_and_expressions(value: str) -> None:
    assert not is_written_literal(value, quoted=True)


@pytest.mark.parametrize("value", ["get_password(1)", "users[1]", "List<str1>", "node1->next", "std1::string", "$arg1"])
def test_code_without_quotes(value: str) -> None:
    assert not is_written_literal(value, quoted=False)
