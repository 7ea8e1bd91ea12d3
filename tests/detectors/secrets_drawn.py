"""Values that tests put where secrets stand, drawn at run time, so that no secret stands in a file."""

from __future__ import annotations

import random
import string

LETTERS = string.ascii_letters
WORDS = ["sonnen" + "blume", "liver" + "pool", "marsh" + "mallow", "kxwp" + "qvnt"]


def value(kind: str, seed: str) -> str:
    """A value of a kind: P password, W plain word, T issued key, H hexadecimal key, N number; drawn from the seed."""
    draw = random.Random(f"{kind} {seed}")
    if kind == "P":
        word = draw.choice(["Winter", "acme", "Fuji", "summer"])
        drawn = "".join(draw.choices(LETTERS + string.digits, k=9)) + draw.choice(string.digits)
        return draw.choice([drawn, word + "20" + str(draw.randint(10, 99)) + draw.choice(["", "!", "#"])])
    if kind == "W":
        return draw.choice(WORDS)
    if kind == "T":
        return "".join(draw.choices(LETTERS + string.digits, k=draw.choice([16, 24, 40])))
    if kind == "H":
        return "".join(draw.choices("0123456789abcdef", k=draw.choice([32, 40])))
    return "".join(draw.choices("123456789", k=draw.choice([5, 6])))


def rows(table: str) -> list[str]:
    """The lines of a table, with their escapes resolved."""
    return [line.replace(r"\n", "\n").replace(r"\t", "\t") for line in table.strip("\n").split("\n")]
