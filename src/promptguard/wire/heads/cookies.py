"""Cookies (RFC 6265): what the service has set itself is its own, and all others are texts.

Web chats are full of cookies with the person's own address, sessions, and the numbers of measuring services. A browser
sends back what the service, or its page, has set; programs may send anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from promptguard.model import Role
from promptguard.wire.formats.members import PROTOCOL, SEALED
from promptguard.wire.heads.interface import SECRET_NAME, HeadText, decoded, said

_NAMES = r"""
    __(?:Secure|Host)-.+ __(?:cf|hs|stripe|client_uat|session|ga|gads|gpi|eoi|utm|td|qca|zlc|ddg)\w* _+cf\w+ cf_\w+
    (?:\w+[._-])?(?:next-?auth|authjs|better-auth|auth0|clerk|supabase|firebase|msal|cognito|okta)[._-].+
    auth0(?:_compat)? did(?:_compat)? a0:.+ oai[-_].+ _?puid _u[am]sid unified_session_manifest sessionKey\w*
    routingHint lastActiveOrg activitySessionId anthropic[-_].+ CH-prefers-color-scheme sb-[\w-]+(?:\.\d+)?
    [AHS]?P?SID(?:TS|CC)? S?APISID [LNO]S?ID\w* NID AEC SOCS SNID SIDCC COMPASS OTZ CONSENT 1P_JAR ANID IDE DSID
    FLC TAID DV ACCOUNT_CHOOSER GAPS SMSV OGPC? SEARCH_SAMESITE
    MUID\w* MSFPC MC1 MS0 ANON\w* _U _SS _C_\w* _EDGE_\w* SRCH\w* USRLOC BCP ai_(?:user|session) BFB\w* WLS
    MicrosoftApplicationsTelemetry\w+ ESTS\w+ RPS\w+ MSCC MSPAuth MSPProf WLSSC PPAuth KievRPS\w+ buid fpc esctx.*
    brcap x-ms-.+ OH\..+ OpenIdConnect\..+ OIDCAuthCookie\w* \.AspNet.+ ARRAffinity\w* GRNID
    _ga\w* _gid _gat\w* _gcl_\w+ _gac_.+ FPID FPLC FPAU FPGSID _fb[pc] fr _pin_unauth _ttp _tt_\w+ ttcsid\w*
    _uet[sv]id _cl[cs]k _dd_\w+ dd_\w+ _hj\w+ hubspotutk _hp2_.+ ajs_.+ analytics_session_id.* intercom-.+ mp_.+
    ph_.+ posthog.* amp_\w+ AMP_\w+ amplitude.* AMCVS?_.+ kndctr_.+ mbox s_(?:cc|sq|vi|fid|nr|ppv|ecid) optimizely\w+
    _vwo\w* _vis_\w+ statsig.* sentry.* li_\w+ liap lidc b?scookie bcookie UserMatchHistory AnalyticsSyncHistory ln_or
    _rdt_\w+ _sp_.+ _scid\w* OptanonConsent OptanonAlertBoxClosed CookieConsent cookieyes-.+ usprivacy euconsent.*
    _iub_cs.* ak_bmsc bm_\w+ _abck datadome incap_ses.* visid_incap.* nlbi_.+ AWSALB\w* AWSELB\w* _px\w* pxcts
    osano\w+ mutiny\.\w+ _gd_\w+ _zitok _lfa\w* _mkto_trk ndp_session\w* guest_id\w* gt ct0 auth_token twid kdt
    personalization_id datr sb c_user xs ps_[ln] p-b p-lat hf-chat token_v2 notion_\w+ pplx\..+ aws-waf-token
    acw_\w+ cna isg tfstk ssxmod_\w+ [\w.-]*(?:csrf|xsrf|CSRF|XSRF)[\w.-]* [A-Z]*SESS(?:ION)?ID connect\.sid
"""
_OWN: Final = re.compile("|".join(f"(?:{name})" for name in _NAMES.split()))
"""Names of sessions, sign-ins, anti-forgery tokens, consents and measurements, of the services themselves and of those
that they use: Auth.js, Auth0, Clerk, Cloudflare, Google, Microsoft, Akamai, DataDome, Intercom, Segment, PostHog and so
on. What stands in them is made by these, and is sealed."""

_ABOUT_SESSION: Final = re.compile(r"sess|sid\b|token|auth|jwt|sso|refresh|access|account|user|login", re.IGNORECASE)
_OPAQUE: Final = re.compile(r"eyJ[\w-]+(?:\.[\w-]*){0,4}|(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=\D*\d)[A-Za-z0-9+/=]{60,}")
"""A JSON web token (RFC 7519), or base64 without a break."""


def cookie_texts(value: str, headers: Mapping[str, str]) -> Iterator[HeadText]:
    """The names and values of a `cookie` field, but for those that a service sets itself by all that is known."""
    from_browser = "sec-fetch-site" in headers  # no program sends it, and no script can (Fetch standard 2.2.2)
    for pair in value.split(";"):
        name, equals, raw = pair.strip().partition("=")
        if not equals:
            name, raw = "", name
        name = decoded(name)
        if not _OWN.fullmatch(name):
            yield from _texts(name, decoded(raw.strip('"')), from_browser=from_browser)


def _texts(name: str, value: str, *, from_browser: bool) -> Iterator[HeadText]:
    if name:
        yield said(name, Role.KEY)
    if not value:
        return
    if (from_browser or _ABOUT_SESSION.search(name)) and _OPAQUE.fullmatch(value):
        yield HeadText(value, standing=SEALED)
    elif not from_browser or SECRET_NAME.search(name):
        yield said(value, label=name)
    else:
        # A page keeps in its cookies whom it has signed in: that address is its own.
        text = said(value)
        yield text if text.standing is SEALED else text._replace(standing=SEALED if "@" in value else PROTOCOL)
