"""Makes the names detector's word lists, src/promptguard/detectors/names/lexicon/*.txt.

Run by hand, with the sources in an environment of their own:

    uv run --no-project --with faker==40.54.0 --with names==0.3.0 python tools/make_lexicon.py WORDS

WORDS is the word list of Debian's package wamerican-small (SCOWL, sizes 10 to 35).
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "src/promptguard/detectors/names/lexicon"
FIRST, LAST = "first_names", "last_names"

FUNCTION_WORDS = """
a about after all also am an and any are as at be because been before but by can could did do does each few for from get
give given had has have he her here hers him his how i if in into is it its just let like made make many may me more
most much must my no nor not now of off on once one only or other our out over own please same say see shall she should
so some such take tell than that the their them then there these they this those three through to too two under until up
us use very was we were what when where which while who whom why will with would yes yet you your

alle allen alte aus bei bitte dann das den der die diese ein eine einer er gut herr hier ist man mit neue sehr sie und
von wann wer wie wir wo zum zur
ce comment dans du elle elles est et il ils la le les leur ma mais mes mon nous on ou par pour qui sa ses son sur ton tu
un une vos votre
como con de del don el ella ellos en es esa ese esta este la las lo los mi mis para pero por que se sin su sus tu una
uno
alla alle caro cara che chi ci come con da della delle di dove gentile gli il io lo ma mi nel nella per si sono su tu
aan beste bij de deze dit een en er het hij ik in is met niet of op te uit van voor wat we wie zij
af at de den det dig din du eller en et for fra han hun hvad hvor ikke jeg kan kom man med men mig min og om på sig skal
som tak til vi vil
"""
"""Words that begin sentences. Some of them are names somewhere, which helps nobody."""

RATHER_NAMES = """
abigail alexander barbie bertha billy bobby carol charlotte christian don francis frank gene harry henry jack jake jane
jenny jerry jess joe john johnny josh jules leo louis maria marina martin mike nelly nelson nick oscar percy peter randy
robin roger sally sandy sherry teddy timothy tom tommy tony veronica victor victoria willy
"""
"""Words of English dictionaries that are far more often names."""

CONTRACTIONS = """
aren couldn didn doesn don hadn hasn haven isn ll re ve wasn won
"""
"""What stands before or after the apostrophe."""


def main(words: Path) -> None:
    """Write all lists."""
    lower_case = {
        word for word in words.read_text("utf-8").split() if word.isascii() and word.isalpha() and word.islower()
    }
    write("common_words", (*(lower_case - set(RATHER_NAMES.split())), *CONTRACTIONS.split()))
    write("given_names", (*faker_lists(FIRST), *census("dist.female.first"), *census("dist.male.first")))
    write("surnames", (*faker_lists(LAST), *census("dist.all.last", 20_000)))


def faker_lists(kind: str) -> Iterator[str]:
    """The names in all of Faker's languages."""
    import faker.providers.person

    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if attribute.startswith(kind) and isinstance(values, dict | list | tuple):
                yield from (_name(value) for value in values)


def census(file: str, most: int | None = None) -> Iterator[str]:
    """The names of the United States Census of 1990, most frequent first."""
    import names

    lines = Path(names.__file__).with_name(file).read_text("ascii").splitlines()
    yield from (line.split()[0] for line in lines[:most])


def _name(value: Any) -> str:
    return str(value[0] if isinstance(value, tuple) else value)


def write(name: str, values: Iterable[str]) -> None:
    """One word a line, in lower case and NFC; names of several words and of other scripts than Latin are left out."""
    kept = {unicodedata.normalize("NFC", value).lower() for value in values}
    if name != "common_words":
        kept -= set(FUNCTION_WORDS.split())
    kept = {value for value in kept if len(value) > 1 and value.replace("-", "").isalpha() and max(value) < "\u0250"}
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.txt").write_text("".join(f"{value}\n" for value in sorted(kept)), "utf-8")
    print(f"{name}: {len(kept)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
