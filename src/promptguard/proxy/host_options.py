"""mitmproxy's options that would lead around inspection, or put what people write where it does not belong."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from mitmproxy.exceptions import OptionsError
from mitmproxy.optmanager import OptManager
from mitmproxy.proxy.mode_specs import ProxyMode, ReverseMode

logger = logging.getLogger(__name__)

HELD: Final[Mapping[str, object]] = {
    # Connections that are not decrypted, or not read as HTTP. Those to other hosts than AI services pass by themselves.
    "ignore_hosts": [],
    "allow_hosts": [],
    "tcp_hosts": [],
    "udp_hosts": [],
    "rawtcp": False,  # inside TLS to an AI service only HTTP is read; anything else must not pass as raw bytes
    "http3": False,
    "websocket": True,
    # A body that streams past, or a request that goes elsewhere than where it was inspected for.
    "stream_large_bodies": None,
    "map_remote": [],
    "modify_body": [],  # mitmproxy's own addons come after a script's: these would change what was inspected
    "modify_headers": [],
    "client_replay": [],  # recorded requests come without the hook in which exchanges begin
    "intercept": None,  # could be edited after it was inspected
    "validate_inbound_headers": True,
    "ssl_insecure": False,
    "stickyauth": None,  # would send one person's credentials and cookies with another's requests
    "stickycookie": None,
    # Connections to services before a request was decided on.
    "connection_strategy": "lazy",
    "upstream_cert": False,
    "add_upstream_certs_to_client_chain": False,  # mitmproxy refuses it without the one above
    # What is said, on disk or on the terminal.
    "store_streamed_bodies": False,
    "save_stream_file": None,
    "hardump": "",
    "proxy_debug": False,
    "show_ignored_hosts": False,  # would keep what passes undecrypted
    "flow_detail": 0,
}
"""What each is held at, in mitmproxy and mitmdump alike.

The others are the host's. `map_local`, `server_replay` and `block_list` answer in the place of services, and nothing
is forwarded; `mode` says how clients come, see `check_modes`; `body_size_limit` and `http2` only refuse.
"""

_UNREAD: Final = frozenset({"tcp", "tls", "udp", "dtls", "quic", "http3"})
"""Schemes of mitmproxy's reverse modes in which bytes are handed on as they come, or that `HELD` switches off."""

_OURS: Final = frozenset({"connection_strategy", "upstream_cert", "rawtcp", "http3", "flow_detail"})
"""Held at other values than mitmproxy's own: nobody has to be told where nobody has set them."""


def check_modes(options: OptManager) -> None:
    """See that clients come in ways in which requests are read.

    Raises:
        OptionsError: a mode hands on what nobody reads, to whatever host: an address alone does not tell whose it is.
    """
    for spec in getattr(options, "mode", ()):
        mode = ProxyMode.parse(spec)
        if isinstance(mode, ReverseMode) and mode.scheme in _UNREAD:
            raise OptionsError(
                f"PromptGuard cannot read what comes in the mode reverse:{mode.scheme}. "
                "Name the service with https:// or http://, or run this mode in a mitmproxy of its own."
            )


def hold(options: OptManager) -> None:
    """Set back what differs, and say so once for each time that somebody has set it."""
    changed: dict[str, Any] = {}
    for name, value in HELD.items():
        if name in options and getattr(options, name) != value:
            changed[name] = value
            if name not in _OURS or getattr(options, name) != options.default(name):
                logger.warning("The option %s was set back: it would lead around inspection or the record.", name)
    if changed:
        options.update(**changed)
