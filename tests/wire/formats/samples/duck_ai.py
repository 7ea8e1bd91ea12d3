"""duck.ai: `chat`."""

from tests.wire.formats.samples.interface import CARD, MAIL, Sample, SampleAnswer

BODY = {
    "model": "claude-haiku-4-5",
    "messages": [
        {"role": "user", "content": f"Write to {MAIL}"},
        {"role": "assistant", "content": f"Dear {MAIL}"},
        {"role": "user", "content": [{"type": "text", "text": f"Charge {CARD}"}]},
    ],
    "durableStream": {"publicKey": {"alg": "RSA-OAEP-256", "e": "AQAB", "kty": "RSA", "n": "x-Y_9z" * 57}},
}

TABLE = """
protocol other           new     model
protocol user            history messages[0].role
text     user            history messages[0].content
protocol assistant       history messages[1].role
text     assistant       history messages[1].content
protocol user            new     messages[2].role
protocol user            new     messages[2].content[0].type
text     user            new     messages[2].content[0].text
protocol key             new     {durableStream}
protocol key             new     durableStream.{publicKey}
protocol key             new     durableStream.publicKey.{alg}
protocol user            new     durableStream.publicKey.alg
protocol key             new     durableStream.publicKey.{e}
protocol user            new     durableStream.publicKey.e
protocol key             new     durableStream.publicKey.{kty}
protocol user            new     durableStream.publicKey.kty
sealed   user            new     durableStream.publicKey.n
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "duck_ai",
    BODY,
    TABLE,
    notice={"body": ERROR, "stream": {"message": "Stopped."}, "message": [ERROR]},
    host="duck.ai",
    path="/duckchat/v1/chat",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [{"role": "assistant", "message": ""}],
        '{"message":"TEXT"}',
        ("message",),
        [{"role": "assistant"}],
    ),
)
