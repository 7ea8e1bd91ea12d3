"""Environment variables, by which command-line tools and runtimes learn of the proxy and the CA.

Who reads which is in docs/rollout.md, measured for most.
"""

from __future__ import annotations

from promptguard.rollout.kit.interface import LOCAL, Rollout

ADDED = "NODE_EXTRA_CA_CERTS"
"""Names a file with the CA, which is trusted besides the others (Node)."""
WHOLE = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "CODEX_CA_CERTIFICATE")
"""Name a file with all CAs that are trusted: OpenSSL, Python, Go, curl, boto3 and the AWS CLI, Codex."""


def proxy_variables(rollout: Rollout) -> dict[str, str]:
    """The variables that name the proxy. Some tools read small letters only, some large ones."""
    return {
        "HTTPS_PROXY": rollout.url,
        "https_proxy": rollout.url,
        "NO_PROXY": rollout.no_proxy,
        "no_proxy": rollout.no_proxy,
        "NODE_USE_ENV_PROXY": "1",
    }


def certificate_variables(certificate: str, bundle: str) -> dict[str, str]:
    """The variables that name the CA.

    Args:
        certificate: path of the CA's certificate, PEM.
        bundle: path of a file with the system's CAs and this one, PEM.
    """
    return {ADDED: certificate, **dict.fromkeys(WHOLE, bundle)}


def java_options(rollout: Rollout) -> str:
    """What Java's `JAVA_TOOL_OPTIONS` says of the proxy (the JDK's “Networking Properties”).

    No property of the JDK holds credentials. Where the proxy asks, programs that have some may send them: by default
    the JDK sends none as `Basic` to a proxy of encrypted connections.
    """
    # First, as a line that ends in `=` counts as one without a value.
    asked = "-Djdk.http.auth.tunneling.disabledSchemes= " if rollout.asks else ""
    past = "|".join(("localhost", "127.*", "[::1]", *(each for each in rollout.direct if each not in LOCAL)))
    return f"{asked}-Dhttps.proxyHost={rollout.host} -Dhttps.proxyPort={rollout.port} -Dhttp.nonProxyHosts={past}"


def as_lines(variables: dict[str, str]) -> str:
    """`NAME=VALUE`, one a line. No value of the kit needs quoting in environment.d(5) or between quotation marks."""
    return "\n".join(f"{name}={value}" for name, value in variables.items())
