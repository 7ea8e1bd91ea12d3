"""Entity types in words for people: `GITHUB_TOKEN` is a GitHub token."""

from __future__ import annotations

from functools import lru_cache

# Words of entity types that are not simply written small.
_SPELLING = {
    word.upper().replace("-", ""): word
    for word in (
        "AI API AWS BSN CPR DB DE DK DSN ES FR GCP GPG HMAC IBAN ICCID ID IE IMEI IN IP IT JWT MAC NHS NINO NIR NL NPM OTP PAN PEM "
        "PGP PIN PT PyPI SAML SAS SDK SID SK SMTP SQL SSH SSN SSO TLS UK URL US UUID VAT VIN XML "
        "Adyen Airtable Anthropic Asana Atlassian Auth0 Azure Bitbucket Braintree Cloudflare Cohere Databricks Datadog "
        "DigitalOcean Discord Docker Doppler Fastly Figma Firebase GitHub GitLab Google Grafana Groq HashiCorp Heroku "
        "HuggingFace Linear Mailchimp Mailgun Mistral MongoDB Netlify NewRelic Notion NuGet Okta OpenAI OpenSSH "
        "PagerDuty PayPal Perplexity PlanetScale Postman PuTTY Replicate RubyGems SendGrid Sentry Shopify Slack "
        "Snowflake Square Stripe Supabase Tailscale Teams Telegram Terraform Twilio Vault Vercel"
    ).split()
}
_VOWELS = "aeiou"


@lru_cache(maxsize=1024)
def readable(entity_type: str) -> tuple[str, str]:
    """Singular and plural of an entity type that no language file names, in English."""
    words = [_SPELLING.get(word, word.lower()) for word in entity_type.split("_") if word]
    if not words:
        return "sensitive value", "sensitive values"
    return " ".join(words), " ".join([*words[:-1], _plural(words[-1])])


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word}s"
