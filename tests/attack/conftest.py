"""The product as a process, a service that keeps every byte before it, and clients that write bytes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

# pytest's importlib mode leaves sys.path alone; the helpers beside this file are imported by name.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parents[1]))

from harness.attack import Attack
from harness.bounds import MAX_MEMORY, MAX_WAIT, Height, Neighbour
from harness.configuration import configuration
from harness.planted import draw_for
from harness.upstream import Upstream

from promptguard.demo.proxy_process import PromptGuardProcess, ProxyProcess

type StartProxy = Callable[..., PromptGuardProcess]


@pytest.fixture(scope="session")
def running_upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def upstream(running_upstream: Upstream) -> Upstream:
    """The service, which has heard nothing yet."""
    running_upstream.forget()
    return running_upstream


@pytest.fixture(scope="session")
def start_proxy(running_upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartProxy]:
    """Starts `promptguard run` on a copy of the shipped configuration, names off unless settings say otherwise."""
    running: list[PromptGuardProcess] = []

    def start(
        settings: Mapping[str, Any] | None = None,
        *,
        edit: Callable[[Path], None] | None = None,
        everything: bool = True,
        data: Path | None = None,
        wait: bool = True,
    ) -> PromptGuardProcess:
        folder = tmp_path_factory.mktemp("proxy")
        config = configuration(folder / "config", {"names": {"enabled": False}, **(settings or {})})
        if edit is not None:
            edit(config)
        proxy = PromptGuardProcess(
            config=config,
            data=data or folder / "data",
            connect_to={"*": running_upstream.address} if everything else {},
            upstream_authority=running_upstream.authority,
        )
        running.append(proxy)
        proxy.start()
        if wait:
            proxy.wait_until_ready()
        return proxy

    yield start
    for proxy in running:
        proxy.stop()


@pytest.fixture(scope="session")
def proxy(start_proxy: StartProxy) -> PromptGuardProcess:
    """The proxy that most attacks share."""
    return start_proxy()


@pytest.fixture(autouse=True)
def _drawn_values(request: pytest.FixtureRequest) -> None:
    """What is planted is drawn for each test by its name: what fails once, fails again."""
    draw_for(request.node.nodeid)


@pytest.fixture
def attack(proxy: PromptGuardProcess, upstream: Upstream) -> Attack:
    """An attack on the shared proxy."""
    return Attack(proxy, upstream)


@pytest.fixture(scope="session")
def filled_proxy(start_proxy: StartProxy) -> Iterator[PromptGuardProcess]:
    """The proxy that is sent more than it may hold."""
    proxy = start_proxy()
    yield proxy
    proxy.stop()


@pytest.fixture
def bounded(filled_proxy: PromptGuardProcess, upstream: Upstream) -> Iterator[Attack]:
    """An attack after which memory is held against its bound, and what another client had to wait."""
    attack = Attack(filled_proxy, upstream)
    height, neighbour = Height(filled_proxy), Neighbour(attack)
    neighbour.start()
    yield attack
    neighbour.end()
    assert neighbour.statuses == {200}
    assert max(neighbour.waits) < MAX_WAIT
    assert height.bytes < MAX_MEMORY


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the proxies printed beside a failure."""
    report: pytest.TestReport = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, ProxyProcess):
                report.sections.append((f"output of {name}", value.output[-2000:]))
    return report
