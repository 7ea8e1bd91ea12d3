from __future__ import annotations

import dataclasses

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.variables import as_lines, certificate_variables, java_options, proxy_variables


def test_variables_name_proxy_and_lists_of_certificates(rollout: Rollout) -> None:
    proxy = proxy_variables(rollout)
    assert proxy["HTTPS_PROXY"] == proxy["https_proxy"] == "http://proxy.internal.example:8080"
    assert proxy["NODE_USE_ENV_PROXY"] == "1"
    certificates = certificate_variables("/ca.pem", "/bundle.pem")
    assert [name for name, value in certificates.items() if value == "/ca.pem"] == ["NODE_EXTRA_CA_CERTS"]
    assert as_lines({"A": "1", "B": "2"}) == "A=1\nB=2"


def test_java_is_told_in_properties(rollout: Rollout, without_pac: Rollout) -> None:
    assert java_options(rollout) == (
        "-Dhttps.proxyHost=proxy.internal.example -Dhttps.proxyPort=8080 "
        "-Dhttp.nonProxyHosts=localhost|127.*|[::1]|*.internal.example|git.example"
    )
    assert "-Dhttps.proxyHost=2001:db8::1 " in java_options(without_pac)


def test_java_may_send_credentials_where_the_proxy_asks(rollout: Rollout) -> None:
    """Not at the end: a line that ends in `=` is one without a value, which the scripts leave out."""
    options = java_options(dataclasses.replace(rollout, asks=True))
    assert options.startswith("-Djdk.http.auth.tunneling.disabledSchemes= -Dhttps.proxyHost=")
    assert not options.endswith("=") and "disabledSchemes" not in java_options(rollout)
