"""Names and addresses of people, found by a model in worker processes of low priority."""

from promptguard.detectors.names.detector import NamesDetector

__all__ = ["NamesDetector"]
