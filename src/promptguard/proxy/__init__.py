"""The front that is mitmproxy."""

from __future__ import annotations

from promptguard.deferral import import_deferring

# All of mitmproxy's addons stand in one package, which imports each of them, a web server and an LDAP client included:
# 17 MB and a third of its start. Ours are imported by themselves.
import_deferring("mitmproxy.addons", "mitmproxy.addons.proxyauth")
