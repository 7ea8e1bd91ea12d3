"""Texts with nothing to find: what people ask, dumps full of numbers that mean nobody, and source code."""

from __future__ import annotations

import random
import sysconfig
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from benchmarks.detection.markup import fill
from benchmarks.detection.sample import Sample, is_held_out
from benchmarks.detection.values import Values

_EACH_DUMP = 10
_CODE_BYTES = 500_000
_FILE_BYTES = (1_500, 40_000)
"""Source files of other sizes are left out: stubs, and tables of generated data."""

_COUNTRIES = {"en": "US", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "da": "DK"}


def clean_prompts(folder: Path) -> list[Sample]:
    """One prompt a line in a file for each language; what everybody knows is marked as such."""
    samples = []
    for path in sorted(folder.glob("*.txt")):
        language = path.stem
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            identifier = f"clean-{language}-{number}"
            values = Values(identifier, f"{language}-{_COUNTRIES[language]}")
            samples.append(fill(line, values, id=identifier, group=language, held_out=is_held_out(identifier)))
    return samples


def clean_dumps() -> list[Sample]:
    """Machines' output and tables of things, which abound in numbers."""
    samples = []
    for form, write in _DUMPS.items():
        for copy in range(_EACH_DUMP):
            identifier = f"{form}/{copy}"
            values = Values(identifier, "en-US")
            body = write(random.Random(identifier))
            samples.append(fill(body, values, id=identifier, group=form, held_out=is_held_out(form)))
    return samples


def clean_code() -> list[Sample]:
    """A sample of this interpreter's own library, without tests: the same for the same version of Python."""
    root = Path(sysconfig.get_path("stdlib"))
    left_out = {"test", "tests", "idle_test", "site-packages", "__pycache__", "idlelib", "turtledemo", "lib2to3"}
    paths = [path.relative_to(root) for path in root.rglob("*.py") if not left_out & set(path.relative_to(root).parts)]
    samples: list[Sample] = []
    size = 0
    for path in sorted(paths, key=lambda path: sha256(path.as_posix().encode()).digest()):
        length = (root / path).stat().st_size
        if not _FILE_BYTES[0] <= length <= _FILE_BYTES[1]:
            continue
        if size > _CODE_BYTES:
            break
        size += length
        text = (root / path).read_text(encoding="utf-8", errors="replace")
        name = path.as_posix()
        samples.append(Sample(name, text, language="python", group="python", held_out=is_held_out(name)))
    return samples


def _repeat(line: str, least: int, most: int, head: str = "", tail: str = "") -> Callable[[random.Random], str]:
    return lambda generator: "\n".join(part for part in (head, *[line] * generator.randint(least, most), tail) if part)


_DUMPS: dict[str, Callable[[random.Random], str]] = {
    "measurements": _repeat(
        "[[dateiso]]T[[time]]:00,[[decimal]],[[decimal]],[[num4]]", 6, 20, "time,temp,humidity,lux", "plot this"
    ),
    "stock list": _repeat(
        "[[sku]]\t[[product]]\t[[small]]\t[[amount]]", 5, 15, "sku\titem\tqty\tvalue", "Which items should we reorder?"
    ),
    "build log": _repeat(
        "[[dateiso]] [[time]]:12 INFO  step [[small]]/[[small]] [[shortsha]] finished in [[num4]] ms",
        6,
        20,
        "",
        "why is it slow",
    ),
    "container list": _repeat(
        "[[shortsha]]   registry/app:[[version]]   Up [[small]] hours   0.0.0.0:8080->80/tcp",
        3,
        8,
        "CONTAINER ID   IMAGE   STATUS   PORTS",
        "Explain the ports column.",
    ),
    "dependencies": _repeat("package-[[small]]==[[version]]", 6, 20, "", "Which of these are pinned too tightly?"),
    "stack trace": _repeat(
        '  File "/srv/app/module_[[small]].py", line [[num3]], in step_[[small]]',
        4,
        12,
        "Traceback (most recent call last):",
        "KeyError: [[num5]]",
    ),
    "metrics": _repeat(
        'http_requests_total{code="[[num3]]",shard="[[small]]"} [[num8]] [[epoch]]000',
        5,
        15,
        "",
        "Write a PromQL alert.",
    ),
    "training run": _repeat(
        "epoch [[small]] step [[num6]] loss [[decimal]] lr [[decimal]] eta [[time]]:09",
        6,
        20,
        "",
        "Is this overfitting?",
    ),
    "invoice lines": _repeat(
        "[[sku]]  [[product]]  [[small]] x [[small]].95  EUR [[amount]]",
        3,
        9,
        "pos  item  qty  total",
        "Check the sum.",
    ),
    "coordinates": _repeat(
        '<circle cx="[[num3]].[[num2]]" cy="[[num3]].[[num2]]" r="[[small]]"/>',
        4,
        12,
        '<svg viewBox="0 0 800 600">',
        "</svg> make them blue",
    ),
    "schedule": _repeat("[[dateiso]]  [[time]]  sprint review, room [[num3]]", 3, 9, "", "Find the clashes."),
    "survey": _repeat(
        "Q[[small]]: agree [[small]] %, disagree [[small]] %, n=[[num4]]", 4, 12, "", "Which results are significant?"
    ),
    "genes": _repeat(
        "chr[[small]]\t[[num8]]\trs[[num7]]\tA\tG\t[[decimal]]",
        4,
        12,
        "chrom\tpos\tid\tref\talt\taf",
        "Annotate these variants.",
    ),
    "ids": _repeat('{"id": "[[uuid]]", "parent": [[num10]], "hash": "[[sha1]]"}', 3, 9, "", "flatten this"),
}
