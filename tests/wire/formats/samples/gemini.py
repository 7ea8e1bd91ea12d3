"""Code Assist's generateContent, as Gemini CLI uses it: the Gemini API's request within another."""

from tests.wire.formats.samples.interface import CARD, MAIL, SEAL, UUID, Sample, SampleAnswer

BODY = {
    "model": "gemini-3-pro-preview",
    "project": "corp-dev-7",
    "user_prompt_id": f"{UUID}########0",
    "request": {
        "contents": [
            {"role": "user", "parts": [
                {"text": f"Charge {CARD}"},
                {"fileData": {"mimeType": "text/plain", "fileUri": "https://nordwind.example/files/march list"}},
            ]},
            {"role": "model", "parts": [
                {"text": "The card first.", "thought": True},
                {"text": f"Asking {MAIL}.", "thoughtSignature": SEAL},
                {"functionCall": {"id": "c1", "name": "charge", "args": {"no": CARD, "name": f"for {MAIL}"}},
                 "thoughtSignature": SEAL},
                {"executableCode": {"language": "PYTHON", "code": f"print('{MAIL}')"}},
                {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": f"{MAIL}\n"}},
            ]},
            {"role": "user", "parts": [
                {"functionResponse": {"id": "c1", "name": "charge", "response": {"output": f"charged {CARD}"}}},
            ]},
        ],
        "systemInstruction": {"role": "user", "parts": [{"text": f"You are an agent of {MAIL}."}]},
        "tools": [{"functionDeclarations": [
            {"name": "charge", "description": f"Ask {MAIL}.", "behavior": "BLOCKING",
             "parametersJsonSchema": {"type": "object", "properties": {
                 "no": {"type": "string", "description": "The card."}}, "required": ["no"]}},
        ]}],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["charge"]}},
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
        "generationConfig": {
            "temperature": 1,
            "stopSequences": ["\nUser:"],
            "responseMimeType": "text/plain",
            "responseModalities": ["TEXT"],
            "thinkingConfig": {"includeThoughts": True, "thinkingLevel": "HIGH"},
        },
        "session_id": UUID,
    },
}  # fmt: skip

TABLE = """
protocol url             new     [0]
protocol user            new     model
protocol user            new     project
protocol key             new     {user_prompt_id}
protocol user            new     user_prompt_id
protocol user            history request.contents[0].role
text     user            history request.contents[0].parts[0].text
protocol file            history request.contents[0].parts[1].fileData.mimeType
text     file            history request.contents[0].parts[1].fileData.fileUri
protocol assistant       history request.contents[1].role
text     assistant       history request.contents[1].parts[0].text
text     assistant       history request.contents[1].parts[1].text
issued   assistant       history request.contents[1].parts[1].thoughtSignature
protocol tool_call       history request.contents[1].parts[2].functionCall.id
protocol tool_call       history request.contents[1].parts[2].functionCall.name
protocol key             history request.contents[1].parts[2].functionCall.args.{no}
text     tool_call       history request.contents[1].parts[2].functionCall.args.no
text     tool_call       history request.contents[1].parts[2].functionCall.args.name
issued   assistant       history request.contents[1].parts[2].thoughtSignature
protocol key             history request.contents[1].parts[3].{executableCode}
protocol assistant       history request.contents[1].parts[3].executableCode.language
text     assistant       history request.contents[1].parts[3].executableCode.code
protocol key             history request.contents[1].parts[4].{codeExecutionResult}
protocol key             history request.contents[1].parts[4].codeExecutionResult.{outcome}
protocol assistant       history request.contents[1].parts[4].codeExecutionResult.outcome
text     assistant       history request.contents[1].parts[4].codeExecutionResult.output
protocol user            new     request.contents[2].role
protocol tool_result     new     request.contents[2].parts[0].functionResponse.id
protocol tool_result     new     request.contents[2].parts[0].functionResponse.name
text     tool_result     new     request.contents[2].parts[0].functionResponse.response.output
protocol system          history request.systemInstruction.role
text     system          history request.systemInstruction.parts[0].text
protocol tool_definition history request.tools[0].functionDeclarations[0].name
text     tool_definition history request.tools[0].functionDeclarations[0].description
protocol key             history request.tools[0].functionDeclarations[0].{behavior}
protocol tool_definition history request.tools[0].functionDeclarations[0].behavior
protocol key             history request.tools[0].functionDeclarations[0].{parametersJsonSchema}
protocol tool_definition history request.tools[0].functionDeclarations[0].parametersJsonSchema.type
protocol key             history request.tools[0].functionDeclarations[0].parametersJsonSchema.properties.{no}
protocol tool_definition history request.tools[0].functionDeclarations[0].parametersJsonSchema.properties.no.type
text     tool_definition history request.tools[0].functionDeclarations[0].parametersJsonSchema.properties.no.description
protocol tool_definition history request.tools[0].functionDeclarations[0].parametersJsonSchema.required[0]
protocol user            new     request.toolConfig.functionCallingConfig.mode
protocol key             new     request.toolConfig.functionCallingConfig.{allowedFunctionNames}
protocol user            new     request.toolConfig.functionCallingConfig.allowedFunctionNames[0]
protocol key             new     request.safetySettings[0].{category}
protocol user            new     request.safetySettings[0].category
protocol key             new     request.safetySettings[0].{threshold}
protocol user            new     request.safetySettings[0].threshold
protocol tool_definition history request.generationConfig.stopSequences[0]
protocol tool_definition history request.generationConfig.responseMimeType
protocol tool_definition history request.generationConfig.responseModalities[0]
protocol key             history request.generationConfig.thinkingConfig.{thinkingLevel}
protocol tool_definition history request.generationConfig.thinkingConfig.thinkingLevel
protocol user            new     request.session_id
"""

ERROR = {"error": {"code": 400, "message": "Stopped.", "status": "INVALID_ARGUMENT"}}
CANDIDATE = {
    "content": {"role": "model", "parts": [{"text": "Stopped."}]},
    "index": 0,
    "finishReason": "PROHIBITED_CONTENT",
    "finishMessage": "Nothing was sent",
}

SAMPLE = Sample(
    "gemini",
    BODY,
    TABLE,
    notice={
        "body": ERROR,
        "stream": {"response": {"candidates": [CANDIDATE], "responseId": "pg-1"}},
        "message": [ERROR],
    },
    path="/v1internal:streamGenerateContent",
    query="alt=sse",
    headers={"user-agent": "GeminiCLI/0.30.0/gemini-3-pro (linux; x64)"},
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [{"response": {"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": ""}]}}]}}],
        '{"response":{"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"TEXT"}]}}]}}',
        ("response", "candidates", 0, "content", "parts", 0, "text"),
        [{"response": {"candidates": [{"index": 0, "content": {"role": "model"}, "finishReason": "STOP"}]}}],
    ),
)
