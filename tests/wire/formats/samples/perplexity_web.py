"""perplexity.ai: `perplexity_ask`, a question after another."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

QUESTION = f"Charge {CARD} for {MAIL}"
BODY = {
    "params": {
        "last_backend_uuid": UUID,
        "read_write_token": UUID,
        "attachments": [],
        "language": "en-US",
        "timezone": "Europe/Berlin",
        "search_focus": "internet",
        "sources": ["web"],
        "search_recency_filter": None,
        "frontend_uuid": UUID,
        "frontend_context_uuid": UUID,
        "mode": "copilot",
        "model_preference": "pplx_pro",
        "is_related_query": False,
        "visitor_id": UUID,
        "user_nextauth_id": UUID,
        "prompt_source": "user",
        "query_source": "followup",
        "followup_source": "link",
        "time_from_first_type": 812,
        "supported_block_use_cases": ["answer_modes", "diff_blocks"],
        "supported_features": ["browser_agent_permission_banner_v1.1"],
        "client_search_results_cache_key": UUID,
        "mentions": [],
        "dsl_query": QUESTION,
        "source": "default",
        "rum_session_id": UUID,
        "version": "2.18",
    },
    "query_str": QUESTION,
}  # fmt: skip

TABLE = """
protocol key             new     params.{last_backend_uuid}
protocol user            new     params.last_backend_uuid
protocol key             new     params.{read_write_token}
sealed   user            new     params.read_write_token
protocol user            new     params.language
protocol user            new     params.timezone
protocol key             new     params.{search_focus}
protocol user            new     params.search_focus
protocol user            new     params.sources[0]
protocol key             new     params.{search_recency_filter}
protocol key             new     params.{frontend_uuid}
protocol user            new     params.frontend_uuid
protocol key             new     params.{frontend_context_uuid}
protocol user            new     params.frontend_context_uuid
protocol user            new     params.mode
protocol key             new     params.{model_preference}
protocol user            new     params.model_preference
protocol key             new     params.{is_related_query}
protocol key             new     params.{visitor_id}
protocol user            new     params.visitor_id
protocol key             new     params.{user_nextauth_id}
protocol user            new     params.user_nextauth_id
protocol key             new     params.{prompt_source}
protocol user            new     params.prompt_source
protocol key             new     params.{query_source}
protocol user            new     params.query_source
protocol key             new     params.{followup_source}
protocol user            new     params.followup_source
protocol key             new     params.{time_from_first_type}
protocol key             new     params.{supported_block_use_cases}
protocol user            new     params.supported_block_use_cases[0]
protocol user            new     params.supported_block_use_cases[1]
protocol key             new     params.{supported_features}
protocol user            new     params.supported_features[0]
protocol key             new     params.{client_search_results_cache_key}
protocol user            new     params.client_search_results_cache_key
protocol key             new     params.{mentions}
protocol key             new     params.{dsl_query}
text     user            new     params.dsl_query
protocol user            new     params.source
protocol key             new     params.{rum_session_id}
protocol user            new     params.rum_session_id
protocol user            new     params.version
text     user            new     query_str
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}
SAID = {
    "status": "COMPLETED",
    "final": True,
    "text": "Stopped.",
    "blocks": [
        {
            "intended_usage": "ask_text",
            "markdown_block": {"progress": "DONE", "chunks": ["Stopped."], "answer": "Stopped."},
        }
    ],
    "backend_uuid": UUID,
}

SAMPLE = Sample(
    "perplexity_web",
    BODY,
    TABLE,
    notice={"body": ERROR, "stream": SAID, "message": [ERROR]},
    host="www.perplexity.ai",
    path="/rest/sse/perplexity_ask",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [
            {"status": "PENDING", "final": False, "backend_uuid": UUID, "blocks": []},
            {"status": "PENDING", "final": False, "blocks": [{"intended_usage": "ask_text", "diff_block": {
                "field": "markdown_block",
                "patches": [{"op": "replace", "path": "", "value": {"progress": "IN_PROGRESS", "chunks": []}}]}}]},
        ],
        '{"status":"PENDING","final":false,"blocks":[{"intended_usage":"ask_text","diff_block":{"field":'
        '"markdown_block","patches":[{"op":"add","path":"/chunks/0","value":"TEXT"}]}}]}',
        ("blocks", 0, "diff_block", "patches", 0, "value"),
        [{"status": "COMPLETED", "final": True, "backend_uuid": UUID, "blocks": []}],
    ),
)  # fmt: skip
