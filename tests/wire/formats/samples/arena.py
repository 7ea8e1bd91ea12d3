"""arena.ai: `create-evaluation`."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample

BODY = {
    "id": UUID,
    "mode": "direct",
    "modality": "chat",
    "modelAId": UUID,
    "userMessageId": UUID,
    "modelAMessageId": UUID,
    "userMessage": {"content": f"Charge {CARD} for {MAIL}", "experimental_attachments": [], "metadata": {}},
    "messages": [
        {"id": UUID, "role": "user", "content": f"Ask {MAIL}", "parentMessageIds": [], "participantPosition": "a",
         "modelId": None, "evaluationSessionId": UUID, "status": "pending", "failureReason": None},
        {"id": UUID, "role": "assistant", "content": "", "parentMessageIds": [UUID], "participantPosition": "a",
         "modelId": UUID, "evaluationSessionId": UUID, "status": "pending", "failureReason": None},
    ],
    "recaptchaV3Token": "03AFcWeA" + "x-Y_9" * 100,
}  # fmt: skip

TABLE = """
protocol user            new     id
protocol user            new     mode
protocol key             new     {modality}
protocol user            new     modality
protocol key             new     {modelAId}
protocol user            new     modelAId
protocol key             new     {userMessageId}
protocol user            new     userMessageId
protocol key             new     {modelAMessageId}
protocol user            new     modelAMessageId
protocol key             new     {userMessage}
text     user            new     userMessage.content
protocol key             new     userMessage.{experimental_attachments}
protocol user            new     messages[0].id
protocol user            new     messages[0].role
text     user            new     messages[0].content
protocol key             new     messages[0].{parentMessageIds}
protocol key             new     messages[0].{participantPosition}
protocol user            new     messages[0].participantPosition
protocol key             new     messages[0].{evaluationSessionId}
protocol user            new     messages[0].evaluationSessionId
protocol user            new     messages[0].status
protocol key             new     messages[0].{failureReason}
protocol assistant       new     messages[1].id
protocol assistant       new     messages[1].role
protocol key             new     messages[1].{parentMessageIds}
protocol assistant       new     messages[1].parentMessageIds[0]
protocol key             new     messages[1].{participantPosition}
protocol assistant       new     messages[1].participantPosition
protocol assistant       new     messages[1].modelId
protocol key             new     messages[1].{evaluationSessionId}
protocol assistant       new     messages[1].evaluationSessionId
protocol assistant       new     messages[1].status
protocol key             new     messages[1].{failureReason}
protocol key             new     {recaptchaV3Token}
sealed   user            new     recaptchaV3Token
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "arena", BODY, TABLE, notice={"body": ERROR, "message": [ERROR]}, path="/nextjs-api/stream/create-evaluation"
)
