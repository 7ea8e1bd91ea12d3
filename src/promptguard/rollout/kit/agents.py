"""Settings of coding agents and editors that do not read the system's variables alone."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

from promptguard.rollout.kit.interface import Rollout
from promptguard.rollout.kit.variables import ADDED, proxy_variables


def claude_code_settings(rollout: Rollout, certificate: str) -> str:
    """A managed setting of Claude Code: variables that no setting of a user or project overrides.

    It goes into a file of its own in `managed-settings.d` (Claude Code 2.1.83; “Deploy managed settings”). Where the
    proxy asks who uses it, it does not name the proxy: that would override the person's variable with the credentials.

    Args:
        certificate: path of the CA's certificate, PEM.
    """
    proxy = proxy_variables(rollout)
    if rollout.asks:
        proxy = {name: value for name, value in proxy.items() if value != rollout.url}
    return json.dumps({"env": {**proxy, ADDED: certificate}}, indent=2)


def editor_settings(rollout: Rollout) -> str:
    """Members of VS Code's and Cursor's `settings.json`, which is JSON with comments: lines that end in a comma."""
    members = {
        "http.proxy": rollout.url,
        "http.proxySupport": "override",
        "http.noProxy": rollout.no_proxy.split(","),
        "http.systemCertificates": True,
    }
    return "\n".join(f"  {json.dumps(name)}: {json.dumps(value)}," for name, value in members.items())


def jetbrains_settings(rollout: Rollout) -> str:
    """The file `proxy.settings.xml` in the folder `options` of a JetBrains IDE."""
    if rollout.pac is None:
        options = {
            "USE_HTTP_PROXY": "true",
            "PROXY_HOST": rollout.host,
            "PROXY_PORT": str(rollout.port),
            "PROXY_EXCEPTIONS": rollout.no_proxy,
        }
    else:
        options = {"USE_PROXY_PAC": "true", "USE_PAC_URL": "true", "PAC_URL": rollout.pac}
    lines = "\n".join(f"    <option name={quoteattr(n)} value={quoteattr(v)} />" for n, v in options.items())
    return f'<application>\n  <component name="HttpConfigurable">\n{lines}\n  </component>\n</application>\n'


def docker_settings(rollout: Rollout) -> str:
    """The file `config.json` of Docker's client: variables for the containers that it starts and builds."""
    return json.dumps({"proxies": {"default": {"httpsProxy": rollout.url, "noProxy": rollout.no_proxy}}}, indent=2)
