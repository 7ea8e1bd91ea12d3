"""Whether and how long sealed evidence is kept: the section `evidence` of `promptguard.yaml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from promptguard.evidence.keys import WrongKey, load_public, private_keys_in
from promptguard.model import Action, DataClass
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake
from promptguard.typed_yaml.reading import YamlFile

AWAY = (
    "Move it to where no proxy is, such as an encrypted stick in a safe. If it was there for a while, make a new pair: "
    "promptguard evidence keygen."
)


class EvidenceSettings(Section):
    """What was found, sealed so that only the company's private key opens it. Off without a key."""

    public_keys: OneOrMore[Path] = Field(
        default=(),
        description=(
            "Files of public keys (PEM, X25519; `promptguard evidence keygen` makes a pair) to which evidence is "
            "sealed: each private key opens it by itself. Without one no evidence is kept. A relative path starts at "
            "the configuration folder."
        ),
    )
    actions: OneOrMore[Action] = Field(
        default=(Action.BLOCK, Action.JUSTIFY, Action.REDACT),
        description="Of which findings evidence is kept, by what was done because of them: all but `allow`.",
    )
    classes: OneOrMore[DataClass] = Field(
        default=tuple(DataClass), description="Of which classes of data evidence is kept."
    )
    window_bytes: int = Field(
        default=75,
        ge=0,
        le=75,
        description="How many bytes (UTF-8) of the text are kept on each side of what was found.",
    )
    days: float = Field(
        default=14.0,
        gt=0,
        le=366,
        description=(
            "Days for which evidence is kept. Then it is deleted, whoever asked for it, unless its decision is under a "
            "legal hold."
        ),
    )
    request_hours: float = Field(
        default=72.0,
        gt=0,
        le=24 * 31,
        description="Hours after which a request to release evidence lapses without an answer.",
    )
    release_minutes: float = Field(
        default=30.0, gt=0, le=24 * 60, description="Minutes for which evidence can be opened, from its approval on."
    )
    openings: int = Field(default=3, ge=1, le=100, description="How often evidence can be fetched in that time.")

    @property
    def enabled(self) -> bool:
        """Whether evidence is kept."""
        return bool(self.public_keys)

    @field_validator("actions")
    @classmethod
    def _not_of_what_is_allowed(cls, actions: tuple[Action, ...]) -> tuple[Action, ...]:
        if Action.ALLOW in actions:
            problem = "of what is allowed no evidence is kept"
            raise mistake((), problem, "Choose among block, justify, redact and notify.")
        return actions


def checked_evidence(file: YamlFile, folder: Path, settings: EvidenceSettings) -> EvidenceSettings:
    """The settings with absolute paths, whose keys can be used.

    Raises:
        ConfigError: one cannot be, or a private key lies in the configuration folder.
    """
    if not settings.enabled:
        return settings
    paths = tuple((folder / path.expanduser()).absolute() for path in settings.public_keys)
    for index, path in enumerate(paths):
        where = ("evidence", "public_keys", index)
        try:
            load_public(path)
        except OSError as error:
            raise file.error(where, f"{path} cannot be read: {error.strerror}", _MAKE) from None
        except WrongKey as error:
            raise file.error(where, f"{path}: {error}", AWAY if "private" in str(error) else _MAKE) from None
    for path in private_keys_in(folder):
        raise file.error(("evidence",), f"{path} is, or may be, the private key that opens evidence", AWAY)
    return settings.model_copy(update={"public_keys": paths})


_MAKE = "`promptguard evidence keygen --out FILE` makes a pair; put the public key into this folder."
