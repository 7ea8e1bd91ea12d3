"""The worker process: reads texts, writes spans. Started as `python -m promptguard.detectors.names.worker`.

It ends when its input does, and so with the proxy, however that ends. Once it is ready it writes nothing but frames:
what libraries may print could quote a text.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final

from promptguard import process_memory
from promptguard.detectors.names.asked import Asked, Lane
from promptguard.detectors.names.inference_server.errors import ServerAway
from promptguard.detectors.names.inference_server.options import add_options, options_of
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.models import FindsNames, NamesModel
from promptguard.detectors.names.precedence import Precedence, at_once
from promptguard.detectors.names.spans import ModelUnusable
from promptguard.detectors.names.text_search import TextSearch
from promptguard.workers.core_dumps import forbid_core_dumps
from promptguard.workers.frames import frame, read_frame

NICENESS = 10
LEAST_NICENESS = 19
"""The lowest priority there is."""
_BELOW_NORMAL_PRIORITY_CLASS = 0x00004000  # Windows, SetPriorityClass
_IDLE_PRIORITY_CLASS = 0x00000040

_SWITCH_SECONDS: Final = 0.0005
"""How long one lane computes before the other has its turn, until a long text is at the end of a piece and makes room
(`precedence`)."""

_WARM_UP = "My name is Jane Roe and I live at 12 Example Street, Springfield."


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the input ends. The exit status is 1 if a model could not be loaded."""
    parser = argparse.ArgumentParser(prog="promptguard.detectors.names.worker")
    parser.add_argument("--model", type=ModelKind, default=ModelKind.COMPACT, help="the model that judges words")
    parser.add_argument("--limit", type=float, default=math.inf, help="seconds that one long text may take")
    parser.add_argument("--spacy-model", help="a spaCy package to use beside it")
    parser.add_argument("--cache", type=Path, help="folder that keeps the weights in the form that runs fastest")
    add_options(parser)
    parser.add_argument("--idle", action="store_true", help="compute only where nobody else wants to")
    options = parser.parse_args(arguments)
    # The terminal's Ctrl-C reaches the whole process group; the proxy decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lower_priority()
    # The real standard output is ours alone: what others print must not land between frames.
    output = os.fdopen(os.dup(1), "wb")
    _silence(1)
    try:
        model = _model(options)
    except ModelUnusable as error:
        _send(output, {"unusable": str(error)})
        return 1
    process_memory.settle()
    _silence(2)
    if options.idle:  # not before: a start that hardly gets on would be taken for hung
        _lower_priority_to_idle()
    _send(output, {"ready": True})
    _Lanes(model, output, options.limit).serve(sys.stdin.buffer)
    return 0


def _model(options: argparse.Namespace) -> FindsNames:
    """What finds names, ready to do so.

    Raises:
        ModelUnusable: it cannot be loaded.
    """
    server = options_of(options)
    if server is None:
        model = NamesModel(options.spacy_model, options.cache, options.model)
        # The first run allocates what later ones use again.
        model.find(_WARM_UP)
        return model
    from promptguard.detectors.names.inference_server.model import ServedNames

    served = ServedNames.connected(server, options.cache)
    with suppress(ServerAway):  # it may come later; `promptguard doctor` says what is wrong with it
        served.find(_WARM_UP)
    return served


class _Lanes:
    """Answers short texts as they come, and long ones beside them in a thread."""

    def __init__(self, model: FindsNames, output: IO[bytes], limit: float) -> None:
        """`limit` is how many seconds one long text may take."""
        self._model = model
        self._limit = limit
        self._precedence = Precedence()
        # Each lane remembers chunks of its own: what they share must be fit for two threads.
        self._searches = {lane: TextSearch(model) for lane in Lane}
        self._output = output
        self._writing = threading.Lock()
        self._long: SimpleQueue[list[Any]] = SimpleQueue()

    def serve(self, stream: IO[bytes]) -> None:
        """Answer until the input ends."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        threading.Thread(target=self._serve_long, daemon=True).start()
        while (question := read_frame(stream)) is not None:
            lane, texts = question
            if lane == Lane.LONG:
                self._long.put(texts)
            else:
                with self._precedence.short():
                    self._answer(lane, texts)

    def _serve_long(self) -> None:
        while True:
            self._answer(Lane.LONG, self._long.get())

    def _answer(self, lane: int, texts: list[Any]) -> None:
        if self._model.at_once:
            with suppress(Exception):  # each text will meet with it itself
                self._searches[Lane(lane)].look_ahead([each for text in texts if (each := Asked(*text)).whole])
        answers = [self._look(each, Lane(lane)) for each in texts]
        with self._writing:
            _send(self._output, [lane, answers, *self._model.report()])

    def _look(self, text: Any, lane: Lane) -> list[tuple[int, int, str, float, str]] | str:
        """The spans in a text, or the name of the exception's class."""
        try:
            asked = Asked(*text)
            if asked.whole:
                turn = self._precedence.long(self._limit) if lane is Lane.LONG else at_once
                spans = self._searches[lane].find(asked.text, seldom_prose=asked.seldom_prose, turn=turn)
            else:
                spans = self._model.find(asked.text)
        except Exception as error:  # its message may quote the text
            return type(error).__name__
        return [(span.start, span.end, span.entity_type, span.score, span.recognizer) for span in spans]


def _send(output: IO[bytes], value: object) -> None:
    output.write(frame(value))
    output.flush()


def _silence(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _lower_priority() -> None:
    """Names are looked for with what the machine has left: the proxy itself and the person's work come first."""
    forbid_core_dumps()
    if sys.platform == "win32":
        _set_priority_class(_BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(NICENESS)


def _lower_priority_to_idle() -> None:
    """From here on this has what nobody else wants."""
    if sys.platform == "win32":
        _set_priority_class(_IDLE_PRIORITY_CLASS)
        return
    os.nice(LEAST_NICENESS)  # counts from where it is, and ends at the least
    if sys.platform == "linux":
        with suppress(OSError):  # where that is forbidden, it is as nice as it can be
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _set_priority_class(priority: int) -> None:
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined, unused-ignore]
    kernel.SetPriorityClass(kernel.GetCurrentProcess(), priority)


if __name__ == "__main__":
    sys.exit(main())
