"""Microsoft 365 Copilot: the two records that a turn sends in one WebSocket message."""

from tests.wire.formats.samples.interface import CARD, HASH, MAIL, UUID, Sample, SampleAnswer

BODY = [
    {
        "arguments": [
            {
                "source": "officeweb",
                "clientCorrelationId": HASH,
                "sessionId": UUID,
                "optionsSets": ["enterprise_flux_web", "cwc_code_interpreter"],
                "options": {"locale": "en us"},
                "spokenTextMode": "None",
                "allowedMessageTypes": ["Chat", "Suggestion"],
                "sliceIds": [],
                "threadLevelGptId": {"id": "a gpt"},
                "conversationId": UUID,
                "traceId": HASH,
                "isStartOfSession": True,
                "clientInfo": {"clientPlatform": "web", "clientAppName": "Office Web"},
                "message": {
                    "author": "user",
                    "inputMethod": "Keyboard",
                    "text": f"Charge {CARD} for {MAIL}",
                    "entityAnnotationTypes": ["People", "File"],
                    "requestId": HASH,
                    "locationInfo": {"timeZone": "Central Europe", "timeZoneOffset": 1},
                    "locale": "en-us",
                    "messageType": "Chat",
                    "experienceType": "Default",
                },
                "plugins": [{"id": "BingWebSearch", "source": "BuiltIn"}],
            }
        ],
        "invocationId": "0",
        "target": "chat",
        "type": 4,
    },
    {"arguments": [{"Metrics": {"name": "turn start", "at": "2026-11-28T12:00:00Z"}}], "target": "Metrics", "type": 1},
]

TABLE = """
protocol url             new     [0].{}
sealed   url             new     [0]
protocol url             new     [1].{}
sealed   url             new     [1]
protocol url             new     [2].{}
sealed   url             new     [2]
protocol url             new     [3].{}
sealed   url             new     [3]
protocol url             new     [4].{}
sealed   url             new     [4]
protocol url             new     [5].{}
sealed   url             new     [5]
protocol url             new     [6].{}
protocol url             new     [6]
protocol url             new     [7]
protocol other           new     [0].arguments[0].source
protocol key             new     [0].arguments[0].{clientCorrelationId}
protocol other           new     [0].arguments[0].clientCorrelationId
protocol other           new     [0].arguments[0].sessionId
protocol key             new     [0].arguments[0].{optionsSets}
protocol other           new     [0].arguments[0].optionsSets[0]
protocol other           new     [0].arguments[0].optionsSets[1]
protocol key             new     [0].arguments[0].options.{locale}
protocol other           new     [0].arguments[0].options.locale
protocol key             new     [0].arguments[0].{spokenTextMode}
protocol other           new     [0].arguments[0].spokenTextMode
protocol key             new     [0].arguments[0].{allowedMessageTypes}
protocol other           new     [0].arguments[0].allowedMessageTypes[0]
protocol other           new     [0].arguments[0].allowedMessageTypes[1]
protocol key             new     [0].arguments[0].{sliceIds}
protocol key             new     [0].arguments[0].{threadLevelGptId}
protocol other           new     [0].arguments[0].threadLevelGptId.id
protocol other           new     [0].arguments[0].conversationId
protocol key             new     [0].arguments[0].{traceId}
protocol other           new     [0].arguments[0].traceId
protocol key             new     [0].arguments[0].{isStartOfSession}
protocol key             new     [0].arguments[0].{clientInfo}
protocol key             new     [0].arguments[0].clientInfo.{clientPlatform}
protocol other           new     [0].arguments[0].clientInfo.clientPlatform
protocol key             new     [0].arguments[0].clientInfo.{clientAppName}
protocol other           new     [0].arguments[0].clientInfo.clientAppName
protocol user            new     [0].arguments[0].message.author
protocol key             new     [0].arguments[0].message.{inputMethod}
protocol user            new     [0].arguments[0].message.inputMethod
text     user            new     [0].arguments[0].message.text
protocol key             new     [0].arguments[0].message.{entityAnnotationTypes}
protocol user            new     [0].arguments[0].message.entityAnnotationTypes[0]
protocol user            new     [0].arguments[0].message.entityAnnotationTypes[1]
protocol key             new     [0].arguments[0].message.{requestId}
protocol user            new     [0].arguments[0].message.requestId
protocol key             new     [0].arguments[0].message.{locationInfo}
protocol key             new     [0].arguments[0].message.locationInfo.{timeZone}
protocol user            new     [0].arguments[0].message.locationInfo.timeZone
protocol key             new     [0].arguments[0].message.locationInfo.{timeZoneOffset}
protocol key             new     [0].arguments[0].message.{locale}
protocol user            new     [0].arguments[0].message.locale
protocol key             new     [0].arguments[0].message.{messageType}
protocol user            new     [0].arguments[0].message.messageType
protocol key             new     [0].arguments[0].message.{experienceType}
protocol user            new     [0].arguments[0].message.experienceType
protocol other           new     [0].arguments[0].plugins[0].id
protocol other           new     [0].arguments[0].plugins[0].source
protocol key             new     [0].{invocationId}
protocol other           new     [0].invocationId
protocol other           new     [0].target
protocol key             new     [1].arguments[0].{Metrics}
protocol other           new     [1].arguments[0].Metrics.name
protocol key             new     [1].arguments[0].Metrics.{at}
protocol other           new     [1].arguments[0].Metrics.at
protocol other           new     [1].target
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}
CARD_OF_BOT = {
    "type": "AdaptiveCard",
    "version": "1.0",
    "body": [{"type": "TextBlock", "text": "Stopped.", "wrap": True}],
}
SAID = {
    "text": "Stopped.",
    "author": "bot",
    "messageId": "pg-1",
    "contentOrigin": "PromptGuard",
    "adaptiveCards": [CARD_OF_BOT],
}

SAMPLE = Sample(
    "m365_copilot",
    BODY,
    TABLE,
    notice={
        "body": ERROR,
        "message": [
            {"type": 1, "target": "update", "arguments": [{"messages": [SAID], "requestId": "0"}]},
            {"type": 3, "invocationId": "0"},
        ],
    },
    path=f"/m365Copilot/Chathub/{UUID}@{UUID}",
    query=f"chatsessionid={HASH}&XRoutingParameterSessionKey={HASH}&clientrequestid={HASH}&X-SessionId={UUID}"
    f"&ConversationId={UUID}&access_token=" + "eyJlbmMi" * 20 + "&variants=feature.a,feature.b&source=officeweb",
    encoding="signalr",
    answer=SampleAnswer(
        "signalr",
        "",
        [{"type": 1, "target": "update", "arguments": [{"requestId": "1"}]}],
        '{"type":1,"target":"update","arguments":[{"writeAtCursor":"TEXT","requestId":"1"}]}',
        ("arguments", 0, "writeAtCursor"),
        [{"type": 2, "invocationId": "0", "item": {"result": {"value": "Success"}}}, {"type": 3, "invocationId": "0"}],
    ),
)
