from __future__ import annotations

import pytest

from promptguard.model import Answer
from promptguard.proxy.unreached import as_bad_gateway, cause_of


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("Certificate verify failed: self-signed certificate", "service.certificate"),
        ("The remote server does not speak TLS.", "service.tls"),
        ("OpenSSL Error([('SSL routines', '', 'tlsv1 alert protocol version')])", "service.tls"),
        ("[Errno 110] Connect call failed ('192.0.2.1', 443)", "service.timeout"),
        ("[Errno 111] Connect call failed ('192.0.2.1', 443)", "service.unconnected"),
        ("[Errno -2] Name or service not known", "target.unresolved"),
        ("connection cancelled", "service.unconnected"),
        (
            "Connection killed: The name of the target leads to no address.",
            "The name of the target leads to no address.",
        ),
    ],
)
def test_causes(error: str, cause: str) -> None:
    assert str(cause_of(error)) == cause


def test_clients_may_try_again() -> None:
    answer = as_bad_gateway(Answer(400, {"content-type": "application/json", "x-should-retry": "false"}, b"{}"))
    assert answer == Answer(502, {"content-type": "application/json"}, b"{}")
