import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.addons import default_addons
from mitmproxy.addons.onboarding import Onboarding
from mitmproxy.exceptions import OptionsError
from mitmproxy.master import Master
from mitmproxy.options import Options
from mitmproxy.optmanager import OptManager

from promptguard.proxy.host_options import HELD, check_modes, hold


@pytest.fixture
async def options() -> Any:
    """Those of mitmdump."""
    master = Master(Options())
    master.addons.add(*(addon for addon in default_addons() if not isinstance(addon, Onboarding)))
    hold(master.options)
    return master.options


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stream_large_bodies", "10k"),
        ("ignore_hosts", ["openai"]),
        ("allow_hosts", ["example"]),
        ("rawtcp", True),
        ("websocket", False),
        ("connection_strategy", "eager"),
        ("upstream_cert", True),
        ("ssl_insecure", True),
        ("map_remote", ["|a.example|api.openai.com"]),
        ("modify_body", ["/~q/a/b"]),
        ("modify_headers", ["/~q/content-encoding/"]),
        ("tcp_hosts", [".*"]),
        ("udp_hosts", [".*"]),
        ("http3", True),
        ("stickycookie", ".*"),
        ("store_streamed_bodies", True),
        ("hardump", "requests.har"),
        ("proxy_debug", True),
        ("show_ignored_hosts", True),
        ("stickyauth", ".*"),
        ("validate_inbound_headers", False),
    ],
)
async def test_what_leads_around_is_set_back(
    options: Any, caplog: pytest.LogCaptureFixture, name: str, value: object
) -> None:
    options.update(**{name: value})
    with caplog.at_level(logging.WARNING):
        hold(options)
    assert getattr(options, name) == HELD[name]
    hold(options)
    assert caplog.text.count("was set back") <= 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("http2", False),
        ("body_size_limit", "1m"),
        ("anticache", True),
        ("block_list", ["/~d evil.example/404"]),
        ("map_local", [f"|a.example/x|{Path(__file__).parent}"]),
        ("server_replay_extra", "kill"),
        ("keep_alt_svc_header", True),  # an AI service's answers lose the field all the same
        ("normalize_outbound_headers", False),
    ],
)
async def test_the_rest_is_the_hosts(options: Any, name: str, value: object) -> None:
    options.update(**{name: value})
    hold(options)
    assert getattr(options, name) == value


async def test_what_asks_for_a_held_option_is_held_with_it(options: Any) -> None:
    options.update(upstream_cert=True, add_upstream_certs_to_client_chain=True)
    hold(options)
    assert (options.upstream_cert, options.add_upstream_certs_to_client_chain) == (False, False)


@pytest.mark.parametrize("scheme", ["tcp", "tls", "udp", "dtls", "quic", "http3"])
async def test_modes_in_which_nobody_reads_are_refused(scheme: str) -> None:
    class Ours:
        def configure(self, _: set[str]) -> None:
            check_modes(master.options)

    master = Master(Options())
    master.addons.add(Ours())
    with pytest.raises(OptionsError, match=f"reverse:{scheme}"):
        master.options.update(mode=["regular", f"reverse:{scheme}://api.openai.com:443"])
    assert master.options.mode == ["regular"]


@pytest.mark.parametrize(
    "mode",
    [
        "regular",
        "upstream:http://proxy.example:3128",
        "socks5",
        "reverse:https://api.openai.com",
        "reverse:dns://9.9.9.9",
    ],
)
async def test_modes_in_which_requests_are_read(options: Any, mode: str) -> None:
    options.update(mode=[mode])
    check_modes(options)


def test_each_is_told_of() -> None:
    told = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert [name for name in HELD if f"`{name}`" not in told] == []


async def test_options_of_other_hosts_are_held_too() -> None:
    options = OptManager()
    options.add_option("intercept", str | None, None, "")
    options.add_option("client_replay", Sequence[str], [], "")
    options.update(intercept="~all", client_replay=["flows"])
    hold(options)
    assert (options.intercept, options.client_replay) == (None, [])
