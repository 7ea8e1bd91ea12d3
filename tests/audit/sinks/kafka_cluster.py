"""A Kafka cluster in this process: the brokers that librdkafka brings for tests, which speak Kafka's protocol over TCP.

They are reached by the C functions of `rdkafka_mock.h`: the Python package does not offer them.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import confluent_kafka
from confluent_kafka import Consumer, TopicPartition

_PRODUCER = 0
_PRODUCE_REQUEST = 0
"""The key of produce requests (Kafka's protocol guide, “API keys”)."""


def _library() -> Any:
    found = [*(Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs").glob("librdkafka*")]
    library = ctypes.CDLL(str(found[0]))
    for name, result, arguments in (
        ("rd_kafka_conf_new", ctypes.c_void_p, ()),
        ("rd_kafka_new", ctypes.c_void_p, (ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)),
        ("rd_kafka_destroy", None, (ctypes.c_void_p,)),
        ("rd_kafka_mock_cluster_new", ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_int)),
        ("rd_kafka_mock_cluster_destroy", None, (ctypes.c_void_p,)),
        ("rd_kafka_mock_cluster_bootstraps", ctypes.c_char_p, (ctypes.c_void_p,)),
        ("rd_kafka_mock_topic_create", ctypes.c_int, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int)),
        ("rd_kafka_mock_topic_set_error", None, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)),
        (
            "rd_kafka_mock_push_request_errors_array",
            None,
            (ctypes.c_void_p, ctypes.c_int16, ctypes.c_size_t, ctypes.POINTER(ctypes.c_int)),
        ),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class Cluster:
    """Three brokers and one topic of four partitions, which is on each of them."""

    def __init__(self, topic: str) -> None:
        self._library = _library()
        self._topic = topic
        self._owner = self._library.rd_kafka_new(_PRODUCER, self._library.rd_kafka_conf_new(), None, 0)
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._owner, 3)
        self._library.rd_kafka_mock_topic_create(self._cluster, topic.encode(), 4, 3)

    @property
    def brokers(self) -> list[str]:
        """Hosts and ports."""
        return list(self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode().split(","))

    def refuse(self, *errors: int) -> None:
        """Answer the next produce requests by these errors."""
        array = (ctypes.c_int * len(errors))(*errors)
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, _PRODUCE_REQUEST, len(errors), array)

    def break_topic(self, error: int) -> None:
        """Have the topic in this state; 0 mends it."""
        self._library.rd_kafka_mock_topic_set_error(self._cluster, self._topic.encode(), error)

    def messages(self, count: int) -> list[tuple[int, bytes, bytes]]:
        """Partition, key and value of the first `count` messages, by partition and then in order."""
        consumer = Consumer({"bootstrap.servers": ",".join(self.brokers), "group.id": "test"})
        try:
            consumer.assign([TopicPartition(self._topic, number, 0) for number in range(4)])
            read = [message for _ in range(count) if (message := consumer.poll(10)) is not None]
            assert all(message.error() is None for message in read)
            assert consumer.poll(0.2) is None, "more arrived than was handed over"
            found = [(message.partition(), message.key(), message.value(), message.offset()) for message in read]
            return [(partition, key, value) for partition, key, value, _ in sorted(found, key=lambda each: each[::3])]
        finally:
            consumer.close()

    def close(self) -> None:
        """End the brokers; once."""
        if self._cluster is not None:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
            self._library.rd_kafka_destroy(self._owner)
        self._cluster = None
