"""The natures of a request's strings as lines that a reader can check, and all samples."""

from __future__ import annotations

import importlib
import pkgutil

from tests.wire.formats import samples
from tests.wire.formats.samples.interface import Sample

from promptguard.destinations.reading import Reading, read
from promptguard.model import Destination, Kind, Nature, Path, Request, Segment, Status
from promptguard.wire.documents import NAME
from promptguard.wire.formats import load_formats

FORMATS = load_formats()
MAX_BODY = 10_000_000


def load_samples() -> dict[str, Sample]:
    """Every sample, by its format's id."""
    names = [info.name for info in pkgutil.iter_modules(samples.__path__)]
    modules = [importlib.import_module(f"{samples.__name__}.{name}") for name in sorted(names)]
    return {module.SAMPLE.id: module.SAMPLE for module in modules if hasattr(module, "SAMPLE")}


def reading_of(sample: Sample, request: Request | None = None) -> Reading:
    """A sample's request as its format reads it."""
    destination = Destination("x", "X", (sample.host,), Kind.API, Status.APPROVED, format=sample.id)
    return read(request or sample.request(), destination, None, FORMATS, MAX_BODY)


def lines(reading: Reading) -> list[str]:
    """One line for each segment of the body."""
    return [line(segment) for segment in reading.prompt.segments if segment.path]


def line(segment: Segment) -> str:
    """Nature, voice, position and path of a segment."""
    return f"{standing(segment):8} {segment.role:15} {segment.position:7} {written(segment.path)}"


def standing(segment: Segment) -> str:
    """`issued` is sealed once the service is known to have issued it, `fixed` a text that nobody may rewrite."""
    if segment.sealed_if_issued:
        return "issued"
    return "fixed" if segment.fixed and segment.nature is Nature.TEXT else segment.nature.value


def written(path: Path) -> str:
    """A path as the members of formats are written; the name of a member itself in braces."""
    said = ""
    steps = iter(path)
    for step in steps:
        if step == NAME:
            said += f".{{{next(steps, '')}}}"
        else:
            said += f"[{step}]" if isinstance(step, int) else f".{step}"
    return said.removeprefix(".")
