"""A topic of a company's own Kafka cluster: one message a record, in order within each chain.

Settings, errors and what `acks=all` promises: librdkafka's CONFIGURATION.md and INTRODUCTION.md, Kafka's documentation
of producer configurations.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from promptguard.audit.forms import load_forms
from promptguard.audit.privacy import OutgoingRecord
from promptguard.audit.sinks.interface import Sink, SinkFailed, SinkSettings
from promptguard.audit.sinks.secret import read_secret
from promptguard.typed_yaml.fields import AddressText
from promptguard.typed_yaml.mistakes import mistake

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Producer

TAKEN_WITHIN_SECONDS = 20.0
"""How long the cluster has to take a batch, with all that is tried again meanwhile."""

_silent = logging.getLogger("promptguard.kafka")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False  # librdkafka tells of every attempt; the feed tells once


class Mechanism(StrEnum):
    """How a client says who it is (SASL)."""

    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"


class KafkaSinkSettings(SinkSettings):
    """A topic of a Kafka cluster."""

    kind: Literal["kafka"] = Field(description="`kafka`: a topic of a Kafka cluster.")
    brokers: Annotated[list[AddressText], Field(min_length=1)] = Field(
        description="Hosts and ports of some brokers, such as kafka-1.example.com:9093; they tell of the others."
    )
    topic: str = Field(
        pattern=r"^[A-Za-z0-9._-]{1,249}$", description="The topic. It has to be there, or be made by the brokers."
    )
    form: Literal["jsonl", "ocsf", "ecs", "cef"] = Field(default="jsonl", description="What messages consist of.")
    tls: bool = Field(default=True, description="Whether brokers are spoken to over TLS.")
    ca_file: Path | None = Field(
        default=None,
        description=(
            "Certificates (PEM) to trust in brokers, in place of the system's; a relative path starts at the "
            "configuration folder."
        ),
    )
    certificate: Path | None = Field(
        default=None, description="The certificate (PEM) that brokers are shown, where they ask for one."
    )
    key: Path | None = Field(default=None, description="The key of `certificate` (PEM).")
    mechanism: Mechanism | None = Field(
        default=None, description="`PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`, where brokers ask for a password."
    )
    user: str | None = Field(default=None, min_length=1, description="The user of `mechanism`.")
    password_file: Path | None = Field(
        default=None,
        description="A file that holds the password and nothing else, read when the cluster is connected to.",
    )
    password_env: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="The environment variable that holds the password.",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            missing = "key" if self.key is None else "certificate"
            raise mistake((missing,), f"`{missing}` is missing", "Name both, or neither.")
        if not self.tls and (self.ca_file or self.certificate):
            named = "ca_file" if self.ca_file else "certificate"
            raise mistake((named,), "it is of no use without TLS", "Set `tls: true`, or take it out.")
        if not self.tls and self.mechanism is Mechanism.PLAIN:
            raise mistake(
                ("mechanism",), "without TLS the password can be read under way", "Set `tls: true`, or take SCRAM."
            )
        self._check_password()
        return self

    def _check_password(self) -> None:
        given = [name for name in ("password_file", "password_env") if getattr(self, name) is not None]
        if self.mechanism is None and (self.user or given):
            raise mistake(("user",), "no `mechanism` is named", "Name the one that the brokers ask for.")
        if self.mechanism is not None and (self.user is None or len(given) != 1):
            raise mistake(
                ("mechanism",), "it needs a user and a password", "Name `user`, and `password_file` or `password_env`."
            )


class KafkaSink(Sink[KafkaSinkSettings]):
    """Whoever gets a record twice, after a crash, tells by its id; the producer itself doubles none."""

    settings = KafkaSinkSettings

    def __init__(self, settings: KafkaSinkSettings, data: Path) -> None:
        super().__init__(settings, data)
        self._form = load_forms()[settings.form]
        self._producer: Producer | None = None
        self._last: KafkaError | None = None
        """What went wrong with the brokers last."""

    def deliver(self, records: Sequence[OutgoingRecord]) -> str:
        producer = self._opened()
        failures: list[KafkaError] = []

        def taken(error: KafkaError | None, _: object) -> None:
            if error is not None:
                failures.append(error)

        self._last = None
        try:
            for record in records:
                line = self._form.line(record).encode()
                # Messages of one key stay in one partition, and so in order.
                producer.produce(self._settings.topic, line, record["chain"], on_delivery=taken)
        except BufferError:
            producer.purge()
            self._left(producer)
            raise SinkFailed(f"{self._where}: the brokers take nothing") from None
        left = producer.flush(TAKEN_WITHIN_SECONDS + 1)
        if left or failures:
            self._left(producer)
            raise self._failed(failures)
        return f"taken by all replicas in sync of {self._settings.topic}"

    def close(self) -> None:
        self._producer = None  # librdkafka lets go of its connections when nobody has it any more

    @property
    def _where(self) -> str:
        return f"{', '.join(self._settings.brokers)}, topic {self._settings.topic}"

    def _left(self, producer: Producer) -> None:
        """Begin anew: what still waits must not arrive behind what is handed over later."""
        producer.purge()
        producer.flush(1)
        self.close()

    def _opened(self) -> Producer:
        try:
            from confluent_kafka import KafkaException, Producer
        except ImportError:
            raise SinkFailed(
                f"{self._where}: the package confluent-kafka is missing", "Install promptguard with the extra `kafka`."
            ) from None
        if self._producer is None:
            try:
                self._producer = Producer(self._configuration(), logger=_silent)
            except KafkaException as error:
                raise self._failed([error.args[0]]) from None
        return self._producer

    def _configuration(self) -> dict[str, Any]:
        settings = self._settings
        protocol = ("SASL_" if settings.mechanism else "") + ("SSL" if settings.tls else "PLAINTEXT")
        given: dict[str, Any] = {
            "ssl.ca.location": settings.ca_file and str(settings.ca_file),
            "ssl.certificate.location": settings.certificate and str(settings.certificate),
            "ssl.key.location": settings.key and str(settings.key),
            "sasl.mechanism": settings.mechanism and str(settings.mechanism),
            "sasl.username": settings.user,
            "sasl.password": self._password(),
        }
        return {
            "bootstrap.servers": ",".join(settings.brokers),
            "security.protocol": protocol,
            "client.id": "promptguard",
            "acks": "all",
            "enable.idempotence": True,
            "delivery.timeout.ms": int(TAKEN_WITHIN_SECONDS * 1000),
            # For so long a topic that is not there may still be on its way.
            "topic.metadata.propagation.max.ms": int(TAKEN_WITHIN_SECONDS * 500),
            "linger.ms": 5,
            "compression.type": "zstd",
            "error_cb": self._noted,
            **{name: value for name, value in given.items() if value},
        }

    def _noted(self, error: KafkaError) -> None:
        # That a broker, or all, cannot be reached is said again after each cause, and follows from it.
        if self._last is None or error.name() not in _FOLLOWS:
            self._last = error

    def _password(self) -> str:
        settings = self._settings
        found = read_secret(settings.password_env, settings.password_file)
        if settings.mechanism is not None and not found:
            where = settings.password_env or str(settings.password_file)
            raise SinkFailed(f"{where}: there is no password", "Write the password there, and nothing else.")
        return found

    def _failed(self, failures: Sequence[KafkaError]) -> SinkFailed:
        """What the cluster said, or why there was none to say anything."""
        first = failures[0] if failures else None
        timed_out = first is None or first.name() in ("_MSG_TIMED_OUT", "_PURGE_QUEUE", "_PURGE_INFLIGHT")
        cause = self._last if timed_out and self._last is not None else first
        name = cause.name() if cause is not None else "_TIMED_OUT"
        said = _SAID.get(name) or (cause.str() if cause is not None and not name.startswith("_") else name.strip("_"))
        return SinkFailed(f"{self._where}: {said}", _REMEDIES.get(name, ""))


_SAID: Final = {
    "_TRANSPORT": "no broker can be reached",
    "_ALL_BROKERS_DOWN": "no broker can be reached",
    "_RESOLVE": "the name of a broker is not known",
    "_SSL": "a broker's TLS is refused",
    "_AUTHENTICATION": "the brokers refuse user and password",
    "_UNKNOWN_TOPIC": "there is no such topic",
    "UNKNOWN_TOPIC_OR_PART": "there is no such topic",
    "_MSG_TIMED_OUT": "the brokers do not answer in time",
    "_TIMED_OUT": "the brokers do not answer in time",
    "_INVALID_ARG": "the settings name a file that is none",
}
"""What librdkafka's own words (`_…`) come to: they quote addresses and files."""

_FOLLOWS: Final = frozenset({"_TRANSPORT", "_ALL_BROKERS_DOWN"})

_REMEDIES: Final = {
    "_TRANSPORT": "See that `brokers` are right, that they are reached, and that `tls` is as they have it.",
    "_ALL_BROKERS_DOWN": "See that `brokers` are right, and that `tls` is as the brokers have it.",
    "_RESOLVE": "Correct the name, or add it to the DNS that this machine asks.",
    "_SSL": "Name the CA of the brokers' certificates as `ca_file`, and brokers by names in their certificates.",
    "_AUTHENTICATION": "Correct `mechanism`, `user` and the password.",
    "_UNKNOWN_TOPIC": "Make the topic, or correct `topic`.",
    "UNKNOWN_TOPIC_OR_PART": "Make the topic, or correct `topic`.",
    "TOPIC_AUTHORIZATION_FAILED": "Allow the user to write to the topic.",
    "MSG_SIZE_TOO_LARGE": "Raise the topic's `max.message.bytes`.",
    "NOT_ENOUGH_REPLICAS": "See that the replicas of the topic are in sync.",
    "_INVALID_ARG": "Look at `ca_file`, `certificate` and `key`: each has to be PEM, and to be readable.",
}
