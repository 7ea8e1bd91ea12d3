"""Converse, with an API key."""

from tests.wire.formats.samples.interface import CARD, MAIL, SEAL, Sample, SampleAnswer

BODY = {
    "modelId": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "system": [{"text": f"You work for {MAIL}."}, {"cachePoint": {"type": "default"}}],
    "messages": [
        {"role": "user", "content": [
            {"text": f"Charge {CARD}"},
            {"document": {"format": "txt", "name": "March list", "source": {"text": f"1: {MAIL}"}}},
            {"cachePoint": {"type": "default"}},
        ]},
        {"role": "assistant", "content": [
            {"reasoningContent": {"reasoningText": {"text": "The card first.", "signature": SEAL}}},
            {"reasoningContent": {"redactedContent": SEAL}},
            {"text": f"Asking {MAIL}."},
            {"toolUse": {"toolUseId": "tooluse_1", "name": "charge", "input": {"card": CARD, "name": f"for {MAIL}"}}},
        ]},
        {"role": "user", "content": [
            {"toolResult": {"toolUseId": "tooluse_1", "status": "success",
                            "content": [{"text": f"charged {CARD}"}, {"json": {"to": MAIL}}]}},
        ]},
    ],
    "toolConfig": {
        "tools": [
            {"toolSpec": {"name": "charge", "description": f"Ask {MAIL}.", "inputSchema": {"json": {
                "type": "object", "properties": {"card": {"type": "string", "description": "The card."}},
                "required": ["card"]}}}},
            {"cachePoint": {"type": "default"}},
        ],
        "toolChoice": {"tool": {"name": "charge"}},
    },
    "inferenceConfig": {"maxTokens": 4096, "stopSequences": ["\nHuman:"]},
    "guardrailConfig": {"guardrailIdentifier": "gr-1a2b", "guardrailVersion": "DRAFT", "trace": "enabled"},
    "additionalModelResponseFieldPaths": ["/stop_sequence"],
    "performanceConfig": {"latency": "standard"},
    "requestMetadata": {"team": "sales north"},
}  # fmt: skip

TABLE = """
protocol other           new     modelId
text     system          history system[0].text
protocol key             history system[1].{cachePoint}
protocol system          history system[1].cachePoint.type
protocol user            history messages[0].role
text     user            history messages[0].content[0].text
protocol file            history messages[0].content[1].document.format
text     file            history messages[0].content[1].document.name
text     file            history messages[0].content[1].document.source.text
protocol key             history messages[0].content[2].{cachePoint}
protocol user            history messages[0].content[2].cachePoint.type
protocol assistant       history messages[1].role
protocol key             history messages[1].content[0].{reasoningContent}
protocol key             history messages[1].content[0].reasoningContent.{reasoningText}
issued   assistant       history messages[1].content[0].reasoningContent.reasoningText.text
issued   assistant       history messages[1].content[0].reasoningContent.reasoningText.signature
protocol key             history messages[1].content[1].{reasoningContent}
protocol key             history messages[1].content[1].reasoningContent.{redactedContent}
issued   assistant       history messages[1].content[1].reasoningContent.redactedContent
text     assistant       history messages[1].content[2].text
protocol tool_call       history messages[1].content[3].toolUse.toolUseId
protocol tool_call       history messages[1].content[3].toolUse.name
protocol key             history messages[1].content[3].toolUse.input.{card}
text     tool_call       history messages[1].content[3].toolUse.input.card
text     tool_call       history messages[1].content[3].toolUse.input.name
protocol user            new     messages[2].role
protocol tool_result     new     messages[2].content[0].toolResult.toolUseId
protocol tool_result     new     messages[2].content[0].toolResult.status
text     tool_result     new     messages[2].content[0].toolResult.content[0].text
protocol key             new     messages[2].content[0].toolResult.content[1].json.{to}
text     tool_result     new     messages[2].content[0].toolResult.content[1].json.to
protocol key             history toolConfig.tools[0].{toolSpec}
protocol tool_definition history toolConfig.tools[0].toolSpec.name
text     tool_definition history toolConfig.tools[0].toolSpec.description
protocol tool_definition history toolConfig.tools[0].toolSpec.inputSchema.json.type
protocol key             history toolConfig.tools[0].toolSpec.inputSchema.json.properties.{card}
protocol tool_definition history toolConfig.tools[0].toolSpec.inputSchema.json.properties.card.type
text     tool_definition history toolConfig.tools[0].toolSpec.inputSchema.json.properties.card.description
protocol tool_definition history toolConfig.tools[0].toolSpec.inputSchema.json.required[0]
protocol key             history toolConfig.tools[1].{cachePoint}
protocol tool_definition history toolConfig.tools[1].cachePoint.type
protocol key             history toolConfig.{toolChoice}
protocol key             history toolConfig.toolChoice.{tool}
protocol tool_definition history toolConfig.toolChoice.tool.name
protocol key             new     {inferenceConfig}
protocol key             new     inferenceConfig.{maxTokens}
protocol user            new     inferenceConfig.maxTokens
protocol user            new     inferenceConfig.stopSequences[0]
protocol key             new     {guardrailConfig}
protocol key             new     guardrailConfig.{guardrailIdentifier}
protocol user            new     guardrailConfig.guardrailIdentifier
protocol key             new     guardrailConfig.{guardrailVersion}
protocol user            new     guardrailConfig.guardrailVersion
protocol key             new     guardrailConfig.{trace}
protocol user            new     guardrailConfig.trace
protocol key             new     {additionalModelResponseFieldPaths}
protocol user            new     additionalModelResponseFieldPaths[0]
protocol key             new     {performanceConfig}
protocol key             new     performanceConfig.{latency}
protocol user            new     performanceConfig.latency
protocol key             new     {requestMetadata}
protocol key             new     requestMetadata.{team}
text     other           new     requestMetadata.team
"""

SAMPLE = Sample(
    "bedrock",
    BODY,
    TABLE,
    notice={"body": {"message": "Stopped."}, "message": [{"message": "Stopped."}]},
    path="/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream",
    headers={"authorization": "Bearer " + "k" * 40},
    answer=SampleAnswer(
        "aws_eventstream",
        "application/vnd.amazon.eventstream",
        [{"p": "abc", "role": "assistant"}],
        '{"contentBlockIndex":0,"delta":{"text":"TEXT"},"p":"abcd"}',
        ("delta", "text"),
        [{"contentBlockIndex": 0, "p": "ab"}, {"p": "a", "stopReason": "end_turn"}],
    ),
)
