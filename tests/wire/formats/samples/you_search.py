"""you.com: `streamingSearch`."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = [
    ("q", f"Charge {CARD} for {MAIL}"),
    ("domain", "youchat"),
    ("selectedChatMode", "custom"),
    ("conversationTurnId", UUID),
    ("chatId", UUID),
    ("selectedAiModel", "gpt_4o"),
]

TABLE = """
protocol url             new     [0].{}
text     url             new     [0]
protocol url             new     [1].{}
protocol url             new     [1]
protocol url             new     [2].{}
protocol url             new     [2]
protocol url             new     [3].{}
protocol url             new     [3]
protocol url             new     [4].{}
protocol url             new     [4]
protocol url             new     [5].{}
protocol url             new     [5]
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "you_search",
    BODY,
    TABLE,
    notice={"body": ERROR, "stream": {"youChatToken": "Stopped."}, "message": [ERROR]},
    host="you.com",
    path="/api/streamingSearch",
    encoding="query",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [{"youChatUpdate": {"t": ""}}],
        '{"youChatToken":"TEXT"}',
        ("youChatToken",),
        [{"youChatUpdate": {"done": True}}],
    ),
)
