from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence

import httpx
import pytest

from promptguard.errors import PromptGuardError
from promptguard.runtime.monitoring import Monitoring
from promptguard.runtime.small_server import SmallServer


class Installation:
    problems: Sequence[str] | None = None
    stopped: str = ""
    draining: bool = False


@pytest.fixture
def installation() -> Installation:
    return Installation()


@pytest.fixture
def url(installation: Installation) -> Iterator[str]:
    monitoring = Monitoring(
        lambda: b"promptguard_ready 1.0\n",
        lambda: installation.problems,
        lambda: installation.stopped,
        draining=lambda: installation.draining,
    )
    server = SmallServer(("127.0.0.1", 0), monitoring.found, "monitoring.listen")
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.mark.parametrize(
    ("problems", "status", "said"),
    [
        (None, 503, {"status": "starting"}),
        ([], 200, {"status": "ready", "problems": 0}),
        (["policy.yaml:3: wrong"], 200, {"status": "ready", "problems": 1}),
    ],
)
def test_health(
    installation: Installation, url: str, problems: list[str] | None, status: int, said: dict[str, object]
) -> None:
    installation.problems = problems
    for path in ("/healthz", "/readyz"):
        answer = httpx.get(url + path)
        assert (answer.status_code, answer.json()) == (status, said)


def test_one_that_refuses_everything_is_well_and_not_ready(installation: Installation, url: str) -> None:
    installation.problems, installation.stopped = ["the disk is full"], "the disk is full"
    assert httpx.get(f"{url}/healthz").status_code == 200
    answer = httpx.get(f"{url}/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "refusing"})


def test_one_that_is_about_to_end_is_well_and_not_ready(installation: Installation, url: str) -> None:
    installation.problems, installation.draining = [], True
    assert httpx.get(f"{url}/healthz").status_code == 200
    answer = httpx.get(f"{url}/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "draining"})


def test_metrics(url: str) -> None:
    answer = httpx.get(f"{url}/metrics")
    assert answer.text == "promptguard_ready 1.0\n"
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("POST", "/metrics", 405)])
def test_nothing_else_is_there(url: str, method: str, path: str, status: int) -> None:
    assert httpx.request(method, f"{url}{path}").status_code == status


def test_an_address_that_is_taken() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(PromptGuardError, match=r"monitoring\.listen"),
    ):
        SmallServer(("127.0.0.1", other.getsockname()[1]), Monitoring(bytes, list).found, "monitoring.listen")
