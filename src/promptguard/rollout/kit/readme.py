"""The instructions that come with each kit: `templates/TARGET.txt`."""

from __future__ import annotations

from promptguard.rollout.kit.filling import filled
from promptguard.rollout.kit.interface import Rollout
from promptguard.rollout.kit.scripts import DOCKER_FILE

_FIREWALL = """
At the firewall, block TCP and UDP port 443 from laptops to anything but the proxy: programs that know
of no proxy go direct."""


def readme(rollout: Rollout, target: str) -> bytes:
    """A plain text in UTF-8: in steps what goes where, and how to undo it.

    Args:
        target: its id.
    """
    facts = [
        f"For:      {rollout.organisation}",
        f"Proxy:    {rollout.url}",
        f"PAC file: {rollout.pac or 'none: browsers send everything to the proxy'}",
        f"CA:       {rollout.thumbprint} (SHA-1)",
    ]
    end = _FIREWALL + (_credentials(rollout) if rollout.asks else "")
    return filled(f"{target}.txt", {"FACTS": "\n".join(facts), "FIREWALL": end}).encode("utf-8")


def _credentials(rollout: Rollout) -> str:
    named = rollout.url.replace("://", "://USER:PASSWORD@")
    return f"""

The proxy asks who uses it. Browsers and editors ask the person, or bring a ticket or certificate. Most other
programs, coding agents among them, say only what their variables hold. So name the proxy with credentials in
each person's own variables, which go before those of the machine, and in no file that others can read:
    Linux, macOS:  export HTTPS_PROXY={named}
                   export https_proxy="$HTTPS_PROXY"
                   as lines of ~/.profile and ~/.zprofile
    Windows:       setx HTTPS_PROXY {named}
Rather than the person's password, use credentials that open nothing else and run out: on the proxy, with
`identity: {{devices: true}}`, `promptguard devices issue --user NAME` prints some. In a password, write
@ as %40, : as %3A, / as %2F and % as %25.

Docker's service on Linux, for the images that it fetches: as root, in a file of its own with one line,
    umask 077; echo 'HTTPS_PROXY={named}' > {DOCKER_FILE}
    then: systemctl restart docker
    It goes before what the script has set. Docker Desktop has the proxy in its own settings, and asks for
    credentials there. For containers: httpsProxy in each person's own .docker/config.json.
Java: the JDK has no setting for credentials. Programs that have one send them (JetBrains IDEs ask; Maven has
    <proxy> in .m2/settings.xml; Gradle has systemProp.https.proxyUser and systemProp.https.proxyPassword in
    .gradle/gradle.properties). Others are turned away, unless a local proxy that adds them stands between."""
