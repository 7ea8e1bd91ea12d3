"""Our own Presidio recognizers, for what a regex with a validator cannot say. YAML names them by class name."""

from promptguard.detectors.recognizer_types.iban import IbanRecognizer
from promptguard.detectors.recognizer_types.offline import EmailRecognizer, UrlRecognizer
from promptguard.detectors.recognizer_types.pattern import ValidatedPatternRecognizer
from promptguard.detectors.recognizer_types.phone import PhoneRecognizer

__all__ = ["EmailRecognizer", "IbanRecognizer", "PhoneRecognizer", "UrlRecognizer", "ValidatedPatternRecognizer"]
