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

JAPANESE_SURNAMES = """
佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上
木村 林 斎藤 斉藤 齋藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川
藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 藤原 三浦 中野 中川 原田
松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野
小島 谷口 工藤 今井 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本 河野 上野 野口 武田
松井 千葉 菅原 岩崎 木下 久保 佐野 野村 松尾 市川 菊地 菊池 杉本 古川 大西 島田 水野 桜井
高野 渡部 吉川 山内 西田 飯田 西川 小松 北村 安田 五十嵐 川口 平田 関 中田 久保田 服部 東
岩田 土屋 川崎 福島 本田 辻 樋口 秋山 田口 永井 山中 中西 吉村 川上 大橋 石原 松岡 浜田 馬場
森本 矢野 浅野 松下 星野 大久保 吉岡 小池 野田 荒木 大谷 熊谷 松浦 内藤 黒田 尾崎 永田 川村
望月 松村 田辺 荒井 堀 大島 平井 早川 菅野 栗原 広瀬 横田 石橋 岩本 萩原 片山 大石 本間 児玉
須藤 岡崎 福井 関口 成田 宮田 高山 大森 堀内 河合 小西 三宅 榎本 黒木
"""
"""The commonest, of which Faker has a few."""


def main(words: Path) -> None:
    """Write all lists."""
    lower_case = {
        word for word in words.read_text("utf-8").split() if word.isascii() and word.isalpha() and word.islower()
    }
    write("common_words", (*(lower_case - set(RATHER_NAMES.split())), *CONTRACTIONS.split()))
    write("given_names", (*faker_lists(FIRST), *census("dist.female.first"), *census("dist.male.first")))
    write("surnames", (*faker_lists(LAST), *census("dist.all.last", 20_000)))
    write_beyond_latin("given_names_beyond_latin", faker_lists(FIRST))
    write_beyond_latin("surnames_beyond_latin", (*faker_lists(LAST), *JAPANESE_SURNAMES.split()))


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


def write_beyond_latin(name: str, values: Iterable[str]) -> None:
    """One word a line, in NFC and lower case: the names in other scripts than Latin."""
    kept = {unicodedata.normalize("NFC", value).lower() for value in values}
    kept = {value for value in kept if value and " " not in value and min(value) > "\u024f"}
    (OUT / f"{name}.txt").write_text("".join(f"{value}\n" for value in sorted(kept)), "utf-8")
    print(f"{name}: {len(kept)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
