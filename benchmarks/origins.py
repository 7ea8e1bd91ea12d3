"""Whether names of every origin are found alike: the same sentences, with names of 31 origins in them.

    python -m benchmarks.origins [--names 100] [--config FOLDER] [--output FILE]

Names are Mimesis's (MIT), drawn with a fixed seed; the names model never saw these sentences, though many of the names.
Names in Latin letters stand in sentences of seven languages, the others in those of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.detection.engines import open_promptguard
from benchmarks.detection.performance import ROOT
from benchmarks.detection.sample import Gold, Sample
from benchmarks.detection.scoring import half_covered

ORIGINS: Final = (
    *("ar", "az", "cs", "da", "de", "el", "en", "es", "es-mx", "et", "fa", "fi", "fr", "hr", "hu", "is", "it", "ja"),
    *("kk", "ko", "nl", "no", "pl", "pt", "pt-br", "ru", "sk", "sv", "tr", "uk", "zh"),
)
"""Mimesis's locales."""

_LATIN: Final = (
    "The claim that {} filed last spring was rejected without a reason.",
    "Could you look at the draft by {} before the meeting starts?",
    "Bitte prüfe, ob {} den Antrag schon unterschrieben hat.",
    "Das Gespräch mit {} dauerte länger als geplant.",
    "Le dossier de {} est resté trois semaines sur mon bureau.",
    "On attend la réponse de {} pour fixer la date.",
    "El contrato de {} vence a finales de mes y nadie lo ha renovado.",
    "Hablé con {} sobre el aumento y no quedó contento.",
    "La richiesta di {} non è mai arrivata in segreteria.",
    "Domani passa {} a ritirare le chiavi dell'ufficio.",
    "De klacht van {} ligt nog steeds bij de afdeling.",
    "Gisteren vroeg {} of de factuur al betaald was.",
    "O pedido de {} ficou parado na secretaria.",
    "A reunião com {} foi adiada para a semana que vem.",
)
_OWN: Final[Mapping[str, Sequence[str]]] = {
    "ar": ("أرسل الملف إلى السيد {} اليوم.", "اسمي {} وأحتاج إلى مساعدة."),
    "fa": ("لطفا پرونده را برای آقای {} بفرستید.", "نام من {} است."),
    "el": ("Ο κύριος {} δεν υπέγραψε ακόμη.", "Με λένε {} και χρειάζομαι βοήθεια."),
    "ja": ("{}さんに見積書を送ってください。", "担当は{}です。"),
    "kk": ("Менің атым {}, көмек керек.", "{} өтінішті кеше жіберді."),
    "ko": ("{} 씨에게 견적서를 보내 주세요.", "제 이름은 {}입니다."),
    "ru": ("Меня зовут {}, и мне нужна помощь.", "Вчера {} отправил заявление в бухгалтерию."),
    "uk": ("Мене звати {}, і мені потрібна допомога.", "Учора {} надіслав заяву до бухгалтерії."),
    "zh": ("请把报价单发给{}先生。", "我叫{},需要帮助。"),
}
_UNSPACED: Final = frozenset({"ja", "zh", "ko"})


def main() -> int:
    """Run the benchmark; the exit status is 0 whatever the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=100, help="names of each origin, in full and given names alone")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    parser.add_argument("--output", type=Path, help="the JSON file to write")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promptguard-origins-") as folder:
        figures = asyncio.run(_score(arguments.names, arguments.config, Path(folder)))
    print("| origin | full name | given name alone |\n| --- | --: | --: |")
    for origin, (full, given) in figures.items():
        print(f"| {origin} | {full:.2f} | {given:.2f} |")
    if arguments.output:
        arguments.output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


async def _score(count: int, config: Path, data: Path) -> dict[str, tuple[float, float]]:
    figures: dict[str, tuple[float, float]] = {}
    async with open_promptguard(config, data) as promptguard:
        for origin in ORIGINS:
            shares = []
            for full in (True, False):
                samples = list(_samples(origin, count, full=full))
                outcome = await promptguard.find(samples)
                hits = sum(_is_found(sample, found) for sample, found in zip(samples, outcome.findings, strict=True))
                shares.append(hits / len(samples))
            figures[origin] = (shares[0], shares[1])
            print(origin, figures[origin], file=sys.stderr, flush=True)
    return figures


def _is_found(sample: Sample, found: Sequence[Gold]) -> bool:
    return half_covered(sample.gold[0].span, [each.span for each in found if each.label == "PERSON"])


def _samples(origin: str, count: int, *, full: bool) -> Iterator[Sample]:
    """Sentences with one name each."""
    given, surnames = _names(origin)
    chance = random.Random(f"{origin} {full}")
    language = origin.partition("-")[0]
    frames = _OWN.get(language, _LATIN)
    for index in range(count):
        name = chance.choice(given)
        if full:
            surname = chance.choice(surnames)
            name = f"{surname}{name}" if language in _UNSPACED else f"{name} {surname}"
        before, _, after = frames[index % len(frames)].partition("{}")
        gold = Gold(len(before), len(before) + len(name), "PERSON")
        yield Sample(f"{origin}-{index}", f"{before}{name}{after}", (gold,), language=language)


def _names(origin: str) -> tuple[list[str], list[str]]:
    import mimesis

    file = Path(mimesis.__file__).parent / "datasets" / origin / "person.json"
    person: Any = json.loads(file.read_text("utf-8"))
    kinds = [person["names"]["female"], person["names"]["male"]]
    surnames = person["surnames"]
    return sorted({name for kind in kinds for name in kind}), sorted(
        set(surnames["female"] if isinstance(surnames, dict) else surnames)
    )


if __name__ == "__main__":
    sys.exit(main())
