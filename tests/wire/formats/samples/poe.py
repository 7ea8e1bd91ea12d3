"""poe.com: `gql_POST`."""

from tests.wire.formats.samples.interface import CARD, HASH, MAIL, Sample

BODY = {
    "queryName": "sendMessageMutation",
    "variables": {
        "chatId": 123456,
        "bot": "claude_opus",
        "query": f"Charge {CARD} for {MAIL}",
        "source": {"sourceType": "chat_input", "chatInputMetadata": {"useVoiceRecord": False}},
        "clientNonce": "aB3dE5fG7hJ9kL1m",
        "sdid": "0b1e7c5a-3f6d-4a8e",
        "attachments": [],
        "existingMessageAttachmentsIds": [],
        "messagePointDisplayPrice": 20,
    },
    "extensions": {"hash": HASH * 2},
}

TABLE = """
protocol key             new     {queryName}
protocol user            new     queryName
protocol key             new     variables.{chatId}
protocol user            new     variables.chatId
protocol key             new     variables.{bot}
protocol user            new     variables.bot
text     user            new     variables.query
protocol key             new     variables.source.{sourceType}
protocol user            new     variables.source.sourceType
protocol key             new     variables.source.{chatInputMetadata}
protocol key             new     variables.source.chatInputMetadata.{useVoiceRecord}
protocol key             new     variables.{clientNonce}
sealed   user            new     variables.clientNonce
protocol key             new     variables.{sdid}
protocol user            new     variables.sdid
protocol key             new     variables.{existingMessageAttachmentsIds}
protocol key             new     variables.{messagePointDisplayPrice}
protocol key             new     {extensions}
protocol key             new     extensions.{hash}
protocol user            new     extensions.hash
"""

ERROR = {"data": None, "errors": [{"message": "Stopped."}]}

SAMPLE = Sample(
    "poe",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    path="/api/gql_POST",
    headers={"poe-tag-id": HASH},
)
