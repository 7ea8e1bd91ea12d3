"""The worker process: reads files, writes their texts. Started as `python -m promptguard.files.worker`.

It ends when its input does, and so with the proxy, however that ends. Once it is ready it writes nothing but frames:
what libraries may print could quote a file.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import IO, Any

from promptguard.files.confinement import confine
from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.recognition import Recogniser
from promptguard.files.rewriting import rewrite
from promptguard.model import Edit
from promptguard.reasons import Code, Reason
from promptguard.workers.frames import frame, read_frame


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(prog="promptguard.files.worker")
    parser.add_argument("--memory", type=int, required=True, help="bytes that reading a file may take")
    parser.add_argument("--characters", type=int, required=True, help="most text of one file")
    parser.add_argument("--seconds", type=float, required=True, help="most time for one image's text recognition")
    parser.add_argument("--tesseract", default="tesseract", help="name or path of the text recognition")
    parser.add_argument("--languages", default="eng", help="what languages it is to recognise")
    parser.add_argument("--images-pass", action="store_true", help="images need no text recognition to count as read")
    options = parser.parse_args(arguments)
    # The terminal's Ctrl-C reaches the whole process group; the proxy decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The real standard output is ours alone: what others print must not land between frames.
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    recogniser = Recogniser.find(options.tesseract, options.languages, options.seconds)

    def extraction() -> Extraction:
        return Extraction(options.characters, recogniser, images_need_recognition=not options.images_pass)

    confine(options.memory)
    _send(output, {"ready": True})
    while (asked := read_frame(sys.stdin.buffer)) is not None:
        data = sys.stdin.buffer.read(asked["size"])
        if recogniser:
            recogniser.begin()
        source = Source(data, asked["name"], asked["media_type"], asked["charset"])
        if "edits" in asked:
            answer, written = _rewritten(source, asked["edits"], extraction)
        else:
            answer, written = _answer(extraction(), source), b""
        _send(output, answer, written)
        if "problem" in answer or written:
            del data, source, answer, written
            gc.collect()  # errors refer to what they were raised over, in cycles
    return 0


def _answer(extraction: Extraction, source: Source) -> dict[str, object]:
    try:
        extraction.file(source)
    except CannotRead as error:
        answer: dict[str, object] = {"problem": str(error.reason)}
        return answer | {"texts": extraction.texts, "partly": extraction.is_partly_read} if extraction.texts else answer
    return {"texts": extraction.texts}


def _rewritten(
    source: Source, asked: Sequence[tuple[int, Sequence[Sequence[Any]]]], extraction: Callable[[], Extraction]
) -> tuple[dict[str, object], bytes]:
    """The answer on a file that is to be written again, and the file."""
    try:
        data = rewrite(source, {number: [Edit(*each) for each in edits] for number, edits in asked}, extraction)
    except CannotRead as error:
        return {"problem": str(error.reason)}, b""
    except MemoryError:
        return {"problem": str(Reason(Code.REWRITE_IN_FILE))}, b""
    return {"size": len(data)}, data


def _send(output: IO[bytes], value: object, behind: bytes = b"") -> None:
    output.write(frame(value))
    output.write(behind)
    output.flush()


if __name__ == "__main__":
    sys.exit(main())
