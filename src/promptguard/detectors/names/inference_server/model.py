"""The names model where a server judges words: with what becomes of a text when it does not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from promptguard.detectors.names.inference_server.breaker import CircuitBreaker
from promptguard.detectors.names.inference_server.client import InferenceClient
from promptguard.detectors.names.inference_server.errors import Cause, ServerAway
from promptguard.detectors.names.inference_server.judge import ServedRampart
from promptguard.detectors.names.inference_server.options import ServerOptions
from promptguard.detectors.names.inference_server.report import ServerReport
from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.models import NamesModel, Rules, is_plain, names_in
from promptguard.detectors.names.rampart_tokens import RampartVocabulary
from promptguard.detectors.names.signs import without_signs
from promptguard.detectors.names.spans import Span
from promptguard.detectors.names.weights import model_folder

_AT_ONCE: Final = 8_000
"""Characters that are judged together: some 30 windows."""


_LONGEST_PAUSES: Final = (2.0, 30.0)
"""Seconds for which the server is not asked after a failure: where prompts are stopped until it answers, and where
workers judge in its place."""

_ATTEMPTS: Final = (2, 1)
"""How often it is asked before that, likewise."""


class ServedNames:
    """Finds names with a model that a server runs. Several threads may use it."""

    def __init__(self, server: ServedRampart, breaker: CircuitBreaker, local: Callable[[], NamesModel] | None) -> None:
        """A model that asks `server`.

        Args:
            server: what judges words.
            breaker: says when to ask it.
            local: loads what judges words in its place, when that is needed first; None if nothing does.
        """
        self._server = server
        self._breaker = breaker
        self._load = local
        self._local: NamesModel | None = None
        self._local_alone = threading.Lock()
        self._rules = Rules.of(ModelKind.RAMPART)
        self._counting = threading.Lock()
        self._report = ServerReport()

    @classmethod
    def connected(cls, options: ServerOptions, cache: Path | None) -> ServedNames:
        """The one that the options describe. `cache`: see `NamesModel`.

        Raises:
            ModelUnusable: the model's vocabulary is missing or is not the one this version was made for, or the file
                with certificates cannot be used.
        """
        client = InferenceClient(options.url, options.model, options.timeout, options.ca_file)
        server = ServedRampart(RampartVocabulary(model_folder()), client.judge)
        local = partial(NamesModel, None, cache, ModelKind.RAMPART) if options.local_fallback else None
        return cls(server, CircuitBreaker(_LONGEST_PAUSES[options.local_fallback]), local)

    @property
    def at_once(self) -> int:
        """See `FindsNames.at_once`. What is done here is done piece by piece: short texts go before long ones."""
        return 0 if self._breaker.open else _AT_ONCE

    def report(self) -> list[float]:
        """See `FindsNames.report`."""
        return self._report.with_open(self._breaker.open).as_list()

    def find(self, text: str) -> list[Span]:
        """See `NamesModel.find`.

        Raises:
            ServerAway: see `find_all`.
        """
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[str]) -> list[list[Span]]:
        """What stands in each text; see `NamesModel.find`.

        Raises:
            ServerAway: the server did not judge, and nothing does in its place.
        """
        wanted = [text for text in dict.fromkeys(texts) if not is_plain(text)]
        plain = [without for without, names in map(without_signs, wanted) if names]
        if not wanted:
            return [[] for _ in texts]
        words = self._asked(list(dict.fromkeys([*wanted, *plain])))
        if words is None:
            return self._find_here(texts, len(wanted))
        return [names_in(text, words.__getitem__, self._rules) for text in texts]

    def _asked(self, texts: Sequence[str]) -> Mapping[str, list[Word]] | None:
        """What the server says; None where it is to be done without."""
        if not self._breaker.admits():
            if self._load is None:
                raise ServerAway(Cause.UNREACHABLE, "it did not answer before")
            return None
        left = _ATTEMPTS[self._load is not None]
        while True:
            left -= 1
            asked = perf_counter()
            try:
                words = self._server.words(texts)
            except BaseException as error:
                away = isinstance(error, ServerAway)
                with self._counting:
                    self._report = self._report.with_failure(perf_counter() - asked)
                if away and left:
                    continue
                self._breaker.failed()
                if not away or self._load is None:
                    raise
                return None
            self._breaker.answered()
            with self._counting:
                self._report = self._report.with_answer(perf_counter() - asked)
            return words

    def _find_here(self, texts: Sequence[str], judged: int) -> list[list[Span]]:
        assert self._load is not None
        found = []
        for text in texts:
            with self._local_alone:  # for one text: the other lane waits
                if self._local is None:
                    self._local = self._load()
                found.append(self._local.find(text))
        with self._counting:
            self._report = self._report.with_fallback(judged)
        return found
