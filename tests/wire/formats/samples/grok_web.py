"""grok.com: `conversations/new`."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "temporary": False,
    "modelName": "grok-4",
    "modeId": "expert",
    "message": f"Charge {CARD}",
    "fileAttachments": [UUID],
    "imageAttachments": [],
    "disableSearch": False,
    "imageGenerationCount": 2,
    "toolOverrides": {},
    "customInstructions": f"Write as {MAIL}.",
    "deepsearchPreset": "",
    "deviceEnvInfo": {"darkModeEnabled": False, "devicePixelRatio": 2},
}

TABLE = """
protocol key             new     {temporary}
protocol key             new     {modelName}
protocol user            new     modelName
protocol key             new     {modeId}
protocol user            new     modeId
text     user            new     message
protocol key             new     {fileAttachments}
protocol user            new     fileAttachments[0]
protocol key             new     {imageAttachments}
protocol key             new     {disableSearch}
protocol key             new     {imageGenerationCount}
protocol key             new     {toolOverrides}
protocol key             new     {customInstructions}
text     system          new     customInstructions
protocol key             new     {deepsearchPreset}
protocol key             new     {deviceEnvInfo}
protocol key             new     deviceEnvInfo.{darkModeEnabled}
protocol key             new     deviceEnvInfo.{devicePixelRatio}
"""

ERROR = {"error": {"code": 3, "message": "Stopped.", "details": []}}

SAMPLE = Sample(
    "grok_web",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    host="grok.com",
    path="/rest/app-chat/conversations/new",
    answer=SampleAnswer(
        "json_document",
        "application/json",
        [
            {"result": {"conversation": {"conversationId": UUID}}},
            {"result": {"response": {"token": "Let me see.", "isThinking": True, "responseId": UUID}}},
        ],
        '{"result":{"response":{"token":"TEXT","isThinking":false}}}',
        ("result", "response", "token"),
        [{"result": {"response": {"modelResponse": {"message": "", "generatedImageUrls": []}}}}],
    ),
)
