"""Entity types in words for people: `GITHUB_TOKEN` is a GitHub token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

# Words of entity types that are not simply written small.
_WORDS = """
AI API AWS BSN CPR DB DE DK DSN ES FR GCP GPG HMAC IBAN ID IMEI IN IP IT JWT MAC NHS NINO NIR NL npm NVIDIA OAuth OTP
PAN PEM PGP PIN PyPI SAML SAS SDK SMTP SQL SSH SSN SSO TLS UK URL US UUID VAT VIN XML Adyen Airtable Alibaba Amazon
Anthropic Artifactory Asana Atlassian Auth0 Azure Bedrock Bitbucket Braintree Brevo Buildkite Cerebras CircleCI
Cloudflare Cohere Confluent Contentful Cursor Databricks Datadog DevOps DigitalOcean Discord Docker DockerHub Doppler
Dropbox Dynatrace ElevenLabs Facebook Fastly Figma Firebase Fireworks GitHub GitLab Google Grafana Groq HashiCorp
Heroku Honeycomb HubSpot HuggingFace Jina Klaviyo LangSmith LaunchDarkly Linear Mailchimp Mailgun Mapbox Mistral
Mollie MongoDB Netlify Notion NuGet Okta OpenAI OpenRouter OpenShift OpenSSH PagerDuty PayPal Perplexity Pinecone
Plaid PlanetScale PostHog Postman Pulumi PuTTY Razorpay Replicate RubyGems Scaleway SendGrid Sentry Shopify Slack
Snowflake Snyk Sourcegraph Square Stripe Supabase Tailscale Teams Telegram Tencent Terraform Twilio Twitter Typeform
Vercel Voyage xAI Yandex Zapier AfterShip AI21 Aiven Akamai AppVeyor AssemblyAI BigCommerce Binance Blockfrost Brex
BrowserStack Cashfree ClickUp Cloudsmith CockroachDB Codecov Codefresh CoinGecko CoinMarketCap ConfigCat Consul
Coralogix Coveralls dbt DeepGram DeepInfra DeepL DeepSource DevCycle DingTalk eBay Elastic Etherscan Feishu Freshdesk
GitBook Gitea Gitpod GrowthBook Gumroad HCP Hetzner IBM IFTTT Infisical Infobip Inngest Intercom Jenkins JumpCloud
Kaggle Keycloak Klarna Kubernetes LinkedIn Linode MailerSend Mailjet Mattermost Meraki MessageBird Mezmo Mixpanel
Modrinth NetBird OneSignal OpenWeather Opsgenie OVH Packagist Pinterest Pipedrive Portainer Postmark PubNub Pusher
QuickNode Rancher RapidAPI reCAPTCHA Reddit Roblox Rollbar RPC RunPod Salesforce SES Shodan Sidekiq SP Splunk Spotify
Statsig Strava TeamCity Trello Twitch Unkey Unleash Unsplash UpCloud Upstash URI VirusTotal VK Vultr Weaviate Webex
Webflow WeCom WooCommerce WordPress Zendesk Zoho Zulip
"""
_SPELLING = {word.upper(): word for word in _WORDS.split()}
_VOWELS = "aeiou"


def with_ending(entity_type: str, endings: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Singular and plural by the longest known ending: `GITLAB_DEPLOY_TOKEN` ends in `TOKEN`; None where none is known.

    `endings` have `{name}` for what stands before.
    """
    words = entity_type.split("_")
    for start in range(1, len(words)):
        if known := endings.get("_".join(words[start:])):
            name = {"name": " ".join(_words(words[:start]))}
            return known[0].format_map(name), known[1].format_map(name)
    return None


@lru_cache(maxsize=1024)
def readable(entity_type: str) -> tuple[str, str]:
    """Singular and plural of an entity type that no language file names, in English."""
    words = _words(entity_type.split("_"))
    if not words:
        return "sensitive value", "sensitive values"
    return " ".join(words), " ".join([*words[:-1], _plural(words[-1])])


def _words(parts: Iterable[str]) -> list[str]:
    return [_SPELLING.get(word, word.lower()) for word in parts if word]


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word}s"
