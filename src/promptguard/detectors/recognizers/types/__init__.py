"""Our own Presidio recognizers, for what a regex with a validator cannot say. YAML names them by class name."""

from promptguard.detectors.recognizers.types.address import AddressRecognizer
from promptguard.detectors.recognizers.types.iban import IbanRecognizer
from promptguard.detectors.recognizers.types.named_secret import NamedSecretRecognizer
from promptguard.detectors.recognizers.types.offline import EmailRecognizer, UrlRecognizer
from promptguard.detectors.recognizers.types.pattern import ValidatedPatternRecognizer
from promptguard.detectors.recognizers.types.phone import PhoneRecognizer
from promptguard.detectors.recognizers.types.place import PlaceRecognizer
from promptguard.detectors.recognizers.types.spoken_secret import SpokenSecretRecognizer
from promptguard.detectors.recognizers.types.vendor_key import VendorKeyRecognizer

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
