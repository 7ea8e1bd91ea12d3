"""How the text of files is taken out: the section `files` of `promptguard.yaml`."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from promptguard.typed_yaml.fields import Section


class Unrecognised(StrEnum):
    """What an image counts as where no text recognition is installed."""

    NOT_INSPECTED = "not_inspected"
    INSPECTED = "inspected"


class Files(Section):
    """Files in requests: how their text is taken out, in processes of their own."""

    workers: int = Field(
        default=1, ge=1, le=64, description="How many files are read at the same time, each in a process of its own."
    )
    deadline_s: float = Field(
        default=10.0,
        gt=0,
        le=600,
        description="Seconds that reading one file may take. After that the request counts as not inspected.",
    )
    memory_mb: int = Field(
        default=512,
        ge=64,
        le=16384,
        description="Megabytes (2^20 bytes) of memory that reading one file may take. One that takes more is not read.",
    )
    text_limit_mb: float = Field(
        default=10,
        gt=0,
        le=256,
        description="Most text of one file, in millions (2^20) of characters. A file with more is not read.",
    )
    tesseract: str = Field(
        default="tesseract",
        min_length=1,
        description="Name or path of Tesseract, which recognises the text in images where it is installed.",
    )
    languages: str = Field(
        default="eng",
        pattern=r"^[A-Za-z0-9_/]+(\+[A-Za-z0-9_/]+)*$",
        description="The languages of text in images, as Tesseract names them, joined by `+`. Each must be installed.",
    )
    images: Unrecognised = Field(
        default=Unrecognised.NOT_INSPECTED,
        description=(
            "What an image counts as where Tesseract is not installed: `not_inspected`, or `inspected` as soon as the "
            "text in its metadata was looked at."
        ),
    )
