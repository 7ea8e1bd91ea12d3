"""copilot.microsoft.com: one message of its WebSocket."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "event": "send",
    "conversationId": "aB3dE5fG7hJ9kL1mN3pQ5",
    "content": [
        {"type": "image", "url": "https://copilot.microsoft.com/th/id/BCO.1.png"},
        {"type": "text", "text": f"Charge {CARD} for {MAIL}"},
    ],
    "mode": "smart",
    "model": "smart",
    "context": {"edge": "NonEdge"},
}  # fmt: skip

TABLE = """
protocol url             new     [0].{}
protocol url             new     [0]
protocol url             new     [1].{}
sealed   url             new     [1]
protocol url             new     [2].{}
sealed   url             new     [2]
protocol key             new     {event}
protocol user            new     event
protocol user            new     conversationId
protocol user            new     content[0].type
protocol user            new     content[0].url
protocol user            new     content[1].type
text     user            new     content[1].text
protocol user            new     mode
protocol user            new     model
protocol key             new     context.{edge}
protocol user            new     context.edge
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}
ABOUT = {"conversationId": "aB3dE5fG7hJ9kL1mN3pQ5", "messageId": "pg-1"}

SAMPLE = Sample(
    "copilot_web",
    BODY,
    TABLE,
    notice={
        "body": ERROR,
        "message": [
            {"event": "startMessage", **ABOUT},
            {"event": "appendText", **ABOUT, "partId": "0", "text": "Stopped."},
            {"event": "partCompleted", **ABOUT, "partId": "0"},
            {"event": "done", **ABOUT},
        ],
    },
    path="/c/api/chat",
    query=f"api-version=2&clientSessionId={UUID}&accessToken=" + "EwB4A8l6" * 20,
    answer=SampleAnswer(
        "websocket_message",
        "",
        [{"event": "received", "conversationId": "c"}, {"event": "startMessage", "messageId": "m"}],
        '{"event":"appendText","messageId":"m","partId":"0","text":"TEXT"}',
        ("text",),
        [{"event": "partCompleted", "messageId": "m", "partId": "0"}, {"event": "done", "messageId": "m"}],
    ),
)
