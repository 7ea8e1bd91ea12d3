"""A browser that knows of the proxy by the PAC file alone, which the proxy serves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.browser import Browser, executable
from support.proxies import INTRANET, configuration
from support.warm import WarmProcess
from support.watch import Watch

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import free_port


def reached(browser: Browser, url: str) -> bool:
    """Whether a page's script gets an answer."""
    script = f"fetch({json.dumps(url)}, {{mode: 'no-cors'}}).then(() => true, () => false)"
    return bool(browser.evaluate(script))


@pytest.mark.skipif(executable() is None, reason="needs Chromium and certutil (Debian: chromium, libnss3-tools)")
def test_services_go_through_the_proxy_or_not_at_all_and_the_rest_past_it(
    provider: Provider, intranet: Provider, watch: Watch, tmp_path: Path
) -> None:
    """The browser could reach the provider directly; it does not while the proxy is away."""
    port, pac = free_port(), free_port()
    settings = {"listen": f"127.0.0.1:{pac}", "proxies": [f"127.0.0.1:{port}"]}
    proxy = WarmProcess(
        config=configuration(tmp_path / "config", {"names": {"enabled": False}, "pac": settings}),
        data=tmp_path / "data",
        connect_to={"*": provider.address},
        upstream_authority=provider.certificates.authority,
        port=port,
    )
    directly = f"--host-resolver-rules=MAP {INTRANET} {intranet.address},MAP * {provider.address},EXCLUDE 127.0.0.1"
    with proxy:
        browser = Browser(
            tmp_path,
            pac=f"http://127.0.0.1:{pac}/proxy.pac",
            authority=proxy.authority,
            arguments=[directly, "--ignore-certificate-errors"],
        )
        with browser:
            browser.open("https://chatgpt.com/")
            assert next(request.path for request in watch.to("chatgpt.com")) == "/"
            assert reached(browser, f"https://{INTRANET}/here")
            proxy.stop()
            assert not reached(browser, "https://chatgpt.com/there")
            assert reached(browser, f"https://{INTRANET}/there")
    assert "/there" not in {request.path for request in watch.to("chatgpt.com")}
    assert {"/here", "/there"} <= {request.path for request in intranet.received}
