from mitmproxy.test import tflow, tutils

from promptguard.model import Action, Answer, Decision, Event, Restoration, Verdict
from promptguard.proxy.flow_conversion import answer_with, forward, request_of

ALLOW = Decision(Action.ALLOW, "rule", "reason")


def verdict(**changes: object) -> Verdict:
    event = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
    return Verdict(**{"decision": ALLOW, "event": event, **changes})  # type: ignore[arg-type]


def flow_of(**request: object):  # type: ignore[no-untyped-def]
    return tflow.tflow(req=tutils.treq(**request))


def test_request_is_plain_values() -> None:
    flow = flow_of(method=b"POST", path=b"/v1/x?q=a%20b", content=b"{}", headers=((b"X-A", b"1"), (b"x-a", b"2")))
    request = request_of(flow, "api.openai.com")
    assert (request.method, request.host, request.path, request.query) == ("POST", "api.openai.com", "/v1/x", "q=a%20b")
    assert request.headers == {"x-a": "1, 2"}
    assert request.body == b"{}"


def test_a_rewritten_body_goes_out_uncompressed_with_its_own_length() -> None:
    flow = flow_of(content=b"12345678", headers=((b"content-encoding", b"gzip"), (b"content-length", b"8")))
    forward(flow, verdict(body=b"{}"))
    assert flow.request.raw_content == b"{}"
    assert flow.request.headers["content-length"] == "2"
    assert "content-encoding" not in flow.request.headers


def test_an_untouched_request_stays_as_it_came() -> None:
    flow = flow_of(content=b"\x1f\x8b", headers=((b"content-encoding", b"gzip"), (b"accept-encoding", b"br")))
    forward(flow, verdict())
    assert flow.request.raw_content == b"\x1f\x8b"
    assert flow.request.headers["content-encoding"] == "gzip"
    assert flow.request.headers["accept-encoding"] == "br"


def test_a_rewritten_query_replaces_the_old_one() -> None:
    flow = flow_of(path=b"/search?q=secret&x=1")
    forward(flow, verdict(query="q=%5BEMAIL%5D&x=1"))
    assert flow.request.path == "/search?q=%5BEMAIL%5D&x=1"


def test_answers_that_are_restored_are_asked_for_uncompressed() -> None:
    flow = flow_of(headers=((b"accept-encoding", b"gzip, br"),))
    forward(flow, verdict(restoration=Restoration({"[A_1]": "a"})))
    assert flow.request.headers["accept-encoding"] == "identity"


def test_trailers_do_not_pass_uninspected() -> None:
    flow = flow_of(trailers=((b"x-prompt", b"hidden"),))
    forward(flow, verdict())
    assert flow.request.trailers is None


def test_an_answer_in_the_providers_place() -> None:
    flow = flow_of()
    answer_with(flow, Answer(400, {"content-type": "application/json", "x-should-retry": "false"}, b"{}"))
    assert flow.response is not None
    assert (flow.response.status_code, flow.response.raw_content) == (400, b"{}")
    assert flow.response.headers["x-should-retry"] == "false"
