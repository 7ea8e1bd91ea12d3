"""A running stand-in provider, the real proxy before it, and clients that find the proxy in their environment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

# pytest's importlib mode leaves sys.path alone; the helpers beside this file are imported by name.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parents[1]))

from support import warm
from support.browser import Browser, executable
from support.proxies import CONFIG, INTRANET, configuration
from support.warm import WarmProcess
from support.watch import Watch
from support.wire import Answered, exchange

from promptguard.demo.application import PIECE_SIZES
from promptguard.demo.certificates import CertificateAuthority
from promptguard.demo.provider import HOSTS, Provider
from promptguard.demo.proxy_process import PromptGuardProcess, ProxyProcess

type StartProxy = Callable[..., PromptGuardProcess]

OTHER_SERVICES = ("api.mistral.ai", "copilot.microsoft.com", "ollama.com")
"""AI services that the stand-in provider answers for in no dialect of their own."""


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """The stand-in provider, for the whole session."""
    with Provider(hosts=(*HOSTS, *OTHER_SERVICES)) as running:
        yield running


@pytest.fixture(scope="session")
def intranet() -> Iterator[Provider]:
    """A server that is no AI service, certified by an authority of its own."""
    with Provider(hosts=(INTRANET,), authority=CertificateAuthority("Fabrikam internal authority")) as running:
        yield running


@pytest.fixture(scope="session")
def start_proxy(
    provider: Provider, intranet: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartProxy]:
    """Starts `promptguard run` on the shipped configuration, or on one with other settings, until the session ends.

    Modules are imported already, unless it is to start `cold`, as a person starts it.
    """
    running: list[PromptGuardProcess] = []

    def start(
        settings: Mapping[str, Any] | None = None,
        *,
        edit: Callable[[Path], None] | None = None,
        data: Path | None = None,
        wait: bool = True,
        cold: bool = False,
    ) -> PromptGuardProcess:
        folder = tmp_path_factory.mktemp("proxy")
        config = configuration(folder / "config", settings) if settings is not None or edit else CONFIG
        if edit is not None:
            edit(config)
        kind = WarmProcess if warm.is_available and not cold else PromptGuardProcess
        proxy = kind(
            config=config,
            data=data or folder / "data",
            connect_to={"*": provider.address, INTRANET: intranet.address},
            upstream_authority=provider.certificates.authority,
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
    """The proxy as shipped, names included."""
    return start_proxy(cold=True)


@pytest.fixture(scope="session")
def quick_proxy(start_proxy: StartProxy) -> PromptGuardProcess:
    """The proxy without names, for tests that send much or that send what only patterns find."""
    return start_proxy({"names": {"enabled": False}})


@pytest.fixture
def watch(provider: Provider) -> Watch:
    """What the provider receives during this test."""
    return Watch(provider)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[ProxyProcess], None]:
    """Sets this process's environment so that unmodified clients made from now on use a proxy."""

    def apply(proxy: ProxyProcess) -> None:
        for name, value in proxy.client_environment().items():
            monkeypatch.setenv(name, value)

    return apply


@pytest.fixture
def behind_proxy(use: Callable[[ProxyProcess], None], proxy: PromptGuardProcess) -> PromptGuardProcess:
    """Unmodified clients in this test use the proxy as shipped."""
    use(proxy)
    return proxy


@pytest.fixture
def post(quick_proxy: PromptGuardProcess) -> Callable[..., Answered]:
    """Sends raw bytes to an AI service through the proxy without names."""

    def send(payload: bytes, **options: Any) -> Answered:
        return exchange(quick_proxy.port, quick_proxy.authority, payload, **options)

    return send


@pytest.fixture(params=[PIECE_SIZES, (1,), (1000,)], ids=["uneven", "single characters", "whole"])
def pieces(request: pytest.FixtureRequest, provider: Provider) -> Iterator[None]:
    """Streams come in pieces of several lengths."""
    provider.application.piece_sizes = request.param
    yield
    provider.application.piece_sizes = PIECE_SIZES


@pytest.fixture(params=[None, 1, 7], ids=["events", "bytes", "sevens"])
def chunks(request: pytest.FixtureRequest, provider: Provider) -> Iterator[None]:
    """Streams come in chunks that keep events together, and in chunks that do not."""
    provider.application.chunk_size = request.param
    yield
    provider.application.chunk_size = None


@pytest.fixture(scope="session")
def browser(proxy: PromptGuardProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Headless Chromium behind the proxy."""
    if executable() is None:
        pytest.skip("needs Chromium and certutil (Debian: chromium, libnss3-tools)")
    with Browser(tmp_path_factory.mktemp("browser"), proxy=proxy.url, authority=proxy.authority) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the proxies printed beside a failure."""
    report: pytest.TestReport = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, ProxyProcess):
                report.sections.append((f"output of {name}", value.output[-4000:]))
    return report
