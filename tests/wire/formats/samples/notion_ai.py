"""Notion AI: `runInferenceTranscript`."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample

BODY = {
    "traceId": UUID,
    "spaceId": UUID,
    "transcript": [
        {"type": "user", "value": [[f"Charge {CARD}"], [f" for {MAIL}"]], "userId": UUID},
    ],
    "threadId": UUID,
    "threadType": "workflow",
    "isPartialTranscript": True,
    "asPatchResponse": True,
}

TABLE = """
protocol key             new     {traceId}
protocol user            new     traceId
protocol key             new     {spaceId}
protocol user            new     spaceId
protocol user            new     transcript[0].type
text     user            new     transcript[0].value[0][0]
text     user            new     transcript[0].value[1][0]
protocol key             new     transcript[0].{userId}
protocol user            new     transcript[0].userId
protocol key             new     {threadId}
protocol user            new     threadId
protocol key             new     {threadType}
protocol user            new     threadType
protocol key             new     {isPartialTranscript}
protocol key             new     {asPatchResponse}
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "notion_ai",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    host="www.notion.so",
    path="/api/v3/runInferenceTranscript",
)
