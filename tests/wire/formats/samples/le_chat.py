"""chat.mistral.ai: a turn of a chat."""

from tests.wire.formats.samples.interface import CARD, HASH, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "chatId": UUID,
    "model": "mistral-large-2507",
    "messageInput": [{"type": "text", "text": f"Charge {CARD} for {MAIL}"}],
    "messageId": HASH,
    "mode": "append",
}

TABLE = """
protocol key             new     {chatId}
protocol user            new     chatId
protocol user            new     model
protocol user            new     messageInput[0].type
text     user            new     messageInput[0].text
protocol key             new     {messageId}
protocol user            new     messageId
protocol user            new     mode
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "le_chat",
    BODY,
    TABLE,
    notice={"body": ERROR, "stream": "Stopped.", "message": [ERROR]},
    host="chat.mistral.ai",
    path="/api/chat",
    answer=SampleAnswer(
        "ndjson", "text/plain; charset=utf-8", [{"step": 0}], '"TEXT"', (), [{"done": True}], coded=True
    ),
)
