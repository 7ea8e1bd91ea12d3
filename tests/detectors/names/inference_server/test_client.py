from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.detectors.names.inference_server.servers import Answering, serving

from promptguard.detectors.names.inference_server.client import InferenceClient
from promptguard.detectors.names.inference_server.errors import Cause, ServerAway
from promptguard.detectors.names.inference_server.tensors import INPUT, MODEL, OUTPUT

WINDOWS = [[101, 7, 8, 102], [101, 9, 102]]


def client(answering: Answering, timeout: float = 10.0, path: str = "") -> InferenceClient:
    return InferenceClient(answering.url + path, MODEL, timeout)


def by_id(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Says of each token its id, as hundredths."""
    judged = np.zeros((*ids.shape, 3), dtype=np.float32)
    judged[:, :, 0] = np.clip(ids, 0, 99) / 100
    return judged


@pytest.mark.parametrize("path", ["", "/", "/serving/names"])
def test_token_ids_go_out_and_judgements_come_back(answering: Answering, path: str) -> None:
    answering.network = by_id
    first, second = client(answering, path=path).judge(WINDOWS)
    assert first[:, 0].tolist() == pytest.approx([0.07, 0.08])
    assert second[:, 0].tolist() == pytest.approx([0.09])
    (question,) = answering.asked
    (given,) = question["inputs"]
    assert (given["name"], given["datatype"], given["shape"]) == (INPUT, "INT64", [2, 32])
    assert given["data"][:5] == [101, 7, 8, 102, -1]
    assert question["outputs"] == [{"name": OUTPUT}]
    assert answering.heads == [f"POST {path.rstrip('/')}/v2/models/{MODEL}/infer"]


def test_one_connection_is_kept_for_each_thread(answering: Answering) -> None:
    asking = client(answering)
    for _ in range(3):
        asking.judge(WINDOWS)
    assert len(answering.connections) == 1
    thread = threading.Thread(target=asking.judge, args=(WINDOWS,))
    thread.start()
    thread.join()
    assert len(answering.connections) == 2


def test_a_connection_that_ended_while_idle_is_made_anew(answering: Answering) -> None:
    answering.close_after = True
    asking = client(answering)
    for _ in range(3):
        asking.judge(WINDOWS)
    assert len(answering.connections) == 3


def nested(answer: dict[str, Any]) -> dict[str, Any]:
    (output,) = answer["outputs"]
    output["data"] = np.array(output["data"]).reshape(output["shape"]).tolist()
    return answer


def test_numbers_may_be_nested_as_the_shape_says(answering: Answering) -> None:
    answering.network, answering.spoil = by_id, nested
    assert client(answering).judge(WINDOWS)[1][:, 0].tolist() == pytest.approx([0.09])


def changed(**changes: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda answer: {"outputs": [{**answer["outputs"][0], **changes}]}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"<html>",
        lambda _: b"[]",
        lambda _: {},
        lambda _: {"outputs": []},
        lambda _: {"outputs": None},
        lambda answer: {"outputs": answer["outputs"] * 2},
        changed(name="judgements_of_others"),
        changed(shape=[2, 32, 35]),
        changed(data=[0.0] * 7),
        changed(data=["word"] * 192),
        changed(data=[2.0] * 192),
        lambda _: b" " * 200_000,
    ],
)
def test_what_is_no_judgement_is_no_answer(answering: Answering, spoil: Callable[[dict[str, Any]], Any]) -> None:
    answering.spoil = spoil
    with pytest.raises(ServerAway) as caught:
        client(answering).judge(WINDOWS)
    assert caught.value.cause is Cause.ANSWER


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_another_status_is_a_refusal(answering: Answering, status: int) -> None:
    answering.status = status
    asking = client(answering)
    with pytest.raises(ServerAway, match=f"refused: status {status}"):
        asking.judge(WINDOWS)
    answering.status = 200
    asking.judge(WINDOWS)


def test_no_answer_in_time(answering: Answering) -> None:
    answering.hold.clear()
    with pytest.raises(ServerAway, match=r"timeout: no answer within 0\.05 s"):
        client(answering, timeout=0.05).judge(WINDOWS)


@pytest.mark.parametrize("piece", [b"x", b"HTTP/1.1 100 Continue\r\n\r\n", b"x: y\r\n"])
def test_a_head_that_comes_letter_by_letter_is_no_answer_in_time(piece: bytes) -> None:
    """Each piece would begin the time anew."""
    over = threading.Event()

    def trickle(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"" if piece.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\nx: ")
            while not over.wait(0.01):
                connection.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=trickle, args=(listening,), daemon=True)
        thread.start()
        asking = InferenceClient(f"http://127.0.0.1:{listening.getsockname()[1]}", MODEL, 0.1)
        with pytest.raises(ServerAway, match="timeout"):
            asking.judge(WINDOWS)
        over.set()
        thread.join()


def test_a_connection_that_ends_without_an_answer(answering: Answering) -> None:
    answering.hang_up = 1
    with pytest.raises(ServerAway) as caught:
        client(answering).judge(WINDOWS)
    assert caught.value.cause is Cause.UNREACHABLE


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ServerAway) as caught:
        InferenceClient(f"http://127.0.0.1:{port}", MODEL, 1.0).judge(WINDOWS)
    assert caught.value.cause is Cause.UNREACHABLE


def test_readiness_and_metadata(answering: Answering) -> None:
    asking = client(answering)
    asking.ready()
    assert asking.metadata()["outputs"][0]["name"] == OUTPUT
    assert answering.heads == [f"GET /v2/models/{MODEL}/ready", f"GET /v2/models/{MODEL}"]
    answering.status = 503
    with pytest.raises(ServerAway, match="status 503"):
        asking.ready()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "names")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def test_over_tls_the_server_s_certificate_is_checked(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(context) as answering:
        answering.network = by_id
        told = InferenceClient(answering.url, MODEL, 10.0, certificate).judge(WINDOWS)
        assert told[1][:, 0].tolist() == pytest.approx([0.09])
        with pytest.raises(ServerAway) as caught:
            InferenceClient(answering.url, MODEL, 10.0).judge(WINDOWS)
        assert caught.value.cause is Cause.CERTIFICATE
        assert len(answering.asked) == 1
