"""Our own Presidio recognizers, for what a regex with a validator cannot say. YAML names them by class name."""

from promptguard.detectors.recognizer_types.address import AddressRecognizer
from promptguard.detectors.recognizer_types.iban import IbanRecognizer
from promptguard.detectors.recognizer_types.named_secret import NamedSecretRecognizer
from promptguard.detectors.recognizer_types.offline import EmailRecognizer, UrlRecognizer
from promptguard.detectors.recognizer_types.pattern import ValidatedPatternRecognizer
from promptguard.detectors.recognizer_types.phone import PhoneRecognizer
from promptguard.detectors.recognizer_types.place import PlaceRecognizer
from promptguard.detectors.recognizer_types.spoken_secret import SpokenSecretRecognizer
from promptguard.detectors.recognizer_types.vendor_key import VendorKeyRecognizer

__all__ = [
    "AddressRecognizer",
    "EmailRecognizer",
    "IbanRecognizer",
    "NamedSecretRecognizer",
    "PhoneRecognizer",
    "PlaceRecognizer",
    "SpokenSecretRecognizer",
    "UrlRecognizer",
    "ValidatedPatternRecognizer",
    "VendorKeyRecognizer",
]
