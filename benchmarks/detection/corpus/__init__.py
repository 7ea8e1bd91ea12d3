"""All collections of the corpus. The texts are the same in every run with the same interpreter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.detection.corpus.clean import clean_code, clean_dumps, clean_prompts
from benchmarks.detection.corpus.evasions import evasions
from benchmarks.detection.corpus.tables import tables
from benchmarks.detection.markup import Template, read_templates
from benchmarks.detection.sample import Collection, Measure, Sample
from benchmarks.detection.values.secrets import VENDORS
from promptguard.model import Role

FOLDER = Path(__file__).parents[1]
_COPIES_ENGLISH = 4
_COPIES_OTHER = 3
_COPIES_SECRETS = 3
_COPIES_SYSTEMS = 4
_QUICK = 10


def prompts() -> list[Sample]:
    """Labelled prompts in seven languages, from templates written by hand."""
    samples = []
    for template in _templates("prompts"):
        copies = _COPIES_ENGLISH if template.locale.startswith("en") else _COPIES_OTHER
        samples += _fill(template, copies)
    return samples


def systems() -> list[Sample]:
    """System prompts of applications, in which people are named; every other template is held out."""
    samples = []
    for template in _templates("systems"):
        held_out = int(template.id.rpartition("-")[2]) % 2 == 0
        filled = _fill(template, _COPIES_SYSTEMS)
        samples += [replace(sample, voice=Role.SYSTEM, held_out=held_out) for sample in filled]
    return samples


def clean_systems() -> list[Sample]:
    """What agents and tools say of themselves, one text a line, in which nobody is named."""
    lines = (FOLDER / "systems" / "clean.list").read_text(encoding="utf-8").splitlines()
    return [Sample(f"clean-system-{number}", line, voice=Role.SYSTEM) for number, line in enumerate(lines)]


def secret_prompts() -> list[Sample]:
    """Secrets as people paste and say them: by template, and each vendor's token in several sentences."""
    samples = [
        sample
        for template in read_templates(FOLDER / "secrets" / "spoken.txt")
        for sample in _fill(template, _COPIES_SECRETS)
    ]
    carriers = list(read_templates(FOLDER / "secrets" / "carriers.txt"))
    for number, vendor in enumerate(VENDORS):
        for copy in range(2):
            carrier = carriers[(number + 3 * copy) % len(carriers)]
            body = carrier.body.replace("TOKEN", f"[[token_{vendor}]]")
            template = Template(f"{carrier.id}-{vendor}", carrier.locale, carrier.group, body)
            samples.append(template.fill(copy))
    return samples


def lookalikes() -> list[Sample]:
    """What looks like a secret, or speaks of one, and holds none."""
    return [
        sample
        for template in read_templates(FOLDER / "secrets" / "lookalikes.txt")
        for sample in _fill(template, _COPIES_SECRETS + 3)
    ]


def collections() -> list[Collection]:
    """The corpus, in the order of the report."""
    return [
        Collection("prompts", Measure.LABELLED, prompts),
        Collection("system prompts", Measure.LABELLED, systems),
        Collection("tables and dumps", Measure.LABELLED, tables),
        Collection("secrets", Measure.SECRETS, secret_prompts),
        Collection("look-alikes of secrets", Measure.LOOKALIKES, lookalikes),
        Collection("evasions", Measure.EVASIONS, evasions),
        Collection("clean prompts", Measure.CLEAN, lambda: clean_prompts(FOLDER / "clean")),
        Collection("clean system prompts", Measure.CLEAN, clean_systems),
        Collection("clean dumps", Measure.CLEAN, clean_dumps),
        Collection("clean code", Measure.CODE, clean_code),
    ]


def thin_out(samples: Sequence[Sample], *, quick: bool) -> list[Sample]:
    """All samples, or an even tenth of them."""
    return list(samples[::_QUICK] if quick else samples)


def _templates(folder: str) -> Iterator[Template]:
    for path in sorted((FOLDER / folder).glob("*.txt")):
        yield from read_templates(path)


def _fill(template: Template, copies: int) -> Iterator[Sample]:
    for copy in range(copies if template.has_slots else 1):
        yield template.fill(copy)
