"""pi.ai: `chat`."""

from tests.wire.formats.samples.interface import CARD, MAIL, Sample, SampleAnswer

BODY = {"text": f"Charge {CARD} for {MAIL}", "conversation": "aB3dE5fG7hJ9kL1mN3pQ5", "mode": "BASE"}

TABLE = """
text     user            new     text
protocol user            new     conversation
protocol user            new     mode
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "pi_chat",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    host="pi.ai",
    path="/api/chat",
    answer=SampleAnswer(
        "sse", "text/event-stream", [{"sid": "s"}], '{"text":"TEXT"}', ("text",), [{"title": "A letter"}]
    ),
)
