"""The PAC file: which hosts laptops send through the proxy, generated from the registry.

The form is that of Netscape's “Navigator Proxy Auto-Config File Format” (1996), which browsers and operating systems
still run, some of them in an engine of those days (WinHTTP: JScript): the language is that of ECMAScript 3.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from promptguard.model import Destination

CONTENT_TYPE: Final = "application/x-ns-proxy-autoconfig"

_TEXT: Final = """\
// Which hosts go through PromptGuard. Generated from its registry of AI services: do not edit.
var proxies = %(proxies)s;
var hosts = %(hosts)s;
var below = %(below)s;
var patterns = %(patterns)s;
var direct = %(direct)s;
var directBelow = %(direct_below)s;
var everything = %(everything)s;

function has(table, name) {
  return Object.prototype.hasOwnProperty.call(table, name);
}

// Whether a name is below one of a table's.
function isBelow(table, name) {
  for (var dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1))
    if (has(table, name.substring(dot + 1))) return true;
  return false;
}

function isService(name) {
  if (has(hosts, name) || isBelow(below, name)) return true;
  for (var i = 0; i < patterns.length; i++)
    if (patterns[i].test(name)) return true;
  return false;
}

function FindProxyForURL(url, host) {
  var name = host.toLowerCase();
  while (name.charAt(name.length - 1) === ".") name = name.substring(0, name.length - 1);
  if (isService(name)) return proxies;
  if (!everything || isPlainHostName(name) || has(direct, name) || isBelow(directBelow, name)) return "DIRECT";
  if (name === "127.0.0.1" || name === "::1" || name === "[::1]") return "DIRECT";
  return proxies;
}
"""


def proxy_auto_config(
    destinations: Iterable[Destination],
    proxies: Sequence[str],
    *,
    everything: bool = False,
    direct: Sequence[str] = (),
    besides: Iterable[str] = (),
) -> str:
    """The PAC file's text. There is no `DIRECT` behind the proxies: AI services are reached through one, or not at all.

    Args:
        destinations: the services; those that are switched off have no hosts that are decrypted, and go direct.
        proxies: what is returned for each, such as `PROXY proxy.example:8080`, in the order in which they are tried.
        everything: all hosts go through the proxy.
        direct: hosts that do not then, and `*.domain`.
        besides: hosts that are decrypted, and are of no service.

    Raises:
        ValueError: there are no proxies.
    """
    if not proxies:
        raise ValueError("a PAC file needs a proxy")
    hosts = sorted({host for each in destinations for host in each.hosts}.union(besides))
    exact = [host for host in hosts if "*" not in host]
    below = [host[2:] for host in hosts if host.startswith("*.") and "*" not in host[2:]]
    others = [host for host in hosts if "*" in host and host[2:] not in below]
    values = {
        "proxies": json.dumps("; ".join(proxies)),
        "hosts": _table(exact),
        "below": _table(below),
        "patterns": f"[{', '.join(map(_expression, others))}]",
        "direct": _table([host for host in direct if not host.startswith("*.")]),
        "direct_below": _table([host[2:] for host in direct if host.startswith("*.")]),
        "everything": json.dumps(everything),
    }
    return _TEXT % values


def _table(names: Sequence[str]) -> str:
    members = ",\n  ".join(f"{json.dumps(name)}: 1" for name in names)
    return f"{{\n  {members}\n}}" if names else "{}"


def _expression(host: str) -> str:
    """A regular expression of a host pattern; see `promptguard.destinations.hosts`."""
    start, rest = (r"([^.]+\.)+", host[2:]) if host.startswith("*.") else ("", host)
    return f"/^{start}{re.escape(rest).replace(re.escape('*'), '[^.]*')}$/"
