"""Member names that wire formats use again and again.

They carry no text of anyone's, so they are not listed as texts; and those among them that only hold a format together
say nothing about the value under them, so they label nothing.
"""

from __future__ import annotations

from typing import Final

_TRANSPARENT = """
    arguments array args attachments body candidates choices chunk chunks content contents data delta deltas document
    documents element elements entries entry events extracted_content field fields function function_call
    functionCall functionResponse function_response history input inputs instances instructions item items
    json list message messages messageInput object objects op ops output outputs params parameters part parts payload
    preamble prompt properties query query_str raw_content record records request requests response responses result
    results role root row rows cells segments string suffix system system_instruction systemInstruction systemPrompt
    system_prompt text texts tool_calls tool_result tools transcript turn turns type value values variables
"""

_TYPED = """
    #text $t $value @value BS N NS S SS _ _text boolValue const default defaultValue doubleValue example examples
    integerValue int_value
    longValue number numberValue plain raw rawValue string stringValue string_value strVal val v
"""
"""Names under which a value stands that another name says something of: DynamoDB, Firestore, XML as JSON."""

TRANSPARENT: Final = frozenset((_TRANSPARENT + _TYPED).split())
"""Names that say nothing of their value: the label is looked for further up."""

_STRUCTURAL = """
    $schema $ref $defs additionalProperties allOf allowed_tools alt annotations anyOf audio author
    background bbox beta betas budget_tokens cacheControl cache_control cachedContent call_id chat_history chat_id
    citations client_metadata code completion_tokens container context context_management conversation
    conversation_id conversationId conversation_mode countTokens created created_at create_time definitions
    deprecated description detail developer_instructions dimensions disable_parallel_tool_use documentation
    echo effort enabled encoding encoding_format encrypted_content end enum error errors eventType event_type
    exclusiveMaximum exclusiveMinimum explanation f.req file
    extra_body extra_headers features fileData file_data file_id file_ids
    fileUri filename file_name file_size files finish_reason force_paragen format frequency_penalty
    functionCallingConfig functionDeclarations function_declarations functions generationConfig generation_config
    grammar guided_json headers height history_and_training_disabled id ids image image_url images
    include includeThoughts include_usage index inlineData inline_data inputSchema input_audio input_schema input_text
    is_error item_id json_schema keep_alive kind label language
    limit logit_bias logprobs maxItems maxLength maxOutputTokens maxProperties max_completion_tokens max_new_tokens
    max_output_tokens max_tokens maximum media_type mediaType metadata method mimeType mime_type min_p minItems
    minLength minProperties minimum modalities mode model modelId modelVersion model_id mode_slug n name names not
    num_ctx num_predict nullable offset oneOf op options optional order organization
    parallel_tool_calls parent parent_message_id parentUuid path patch pattern patternProperties personality phase
    plugins position prediction prefixItems presence_penalty previous_response_id priority prompt_cache_key
    project prompt_cache_retention prompt_tokens propertyNames propertyOrdering provider quality read_only readOnly
    reasoning reasoning_content reasoning_effort refusal repetition_penalty required response_format response_id
    responseMimeType responseModalities responseSchema rules safetySettings safety_identifier schema seed
    sequence_number service_tier session_id sessionId signature size source sources start state status stop
    stopSequences stop_sequences store stream stream_options streaming strict style subtype suggestions summary
    supported_encodings tags target task temperature template thinking thinkingBudget thinkingConfig thought
    thoughtSignature thoughts time timestamp timeout timezone timezone_offset_min title toolConfig
    toolUseId toolUse toolResult tool_call_id tool_choice tool_name tool_plan tool_resources tool_use_id topK topP top_k
    top_logprobs top_p total_tokens truncation ttl types unevaluatedProperties uniqueItems uri url urls usage user uuid
    verbosity version video voice weight width writeOnly
"""

WELL_KNOWN: Final = TRANSPARENT | frozenset(_STRUCTURAL.split())
"""Names that are not listed as texts."""
