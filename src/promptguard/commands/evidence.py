"""`promptguard evidence`: the company's pair of keys, and opening what was released."""

from __future__ import annotations

from pathlib import Path

import click

from promptguard.commands.support.key_files import key_pair_options, write_pair
from promptguard.commands.support.options import Group
from promptguard.errors import PromptGuardError

_PASSPHRASE = "PROMPTGUARD_EVIDENCE_PASSPHRASE"  # noqa: S105 - the name of a variable


@click.group("evidence", cls=Group)
def command() -> None:
    """Sealed evidence: make the company's keys, open what was released."""


@command.command("keygen")
@key_pair_options(_PASSPHRASE)
def keygen(out: Path, passphrase: str) -> None:
    """Make a pair of keys for evidence. Do it on a machine that is no proxy.

    The private key is written as PKCS#8 PEM under a passphrase, the public key beside it.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from promptguard.evidence.keys import encrypted_pem, public_pem

    key = X25519PrivateKey.generate()
    public = write_pair(out, encrypted_pem(key, passphrase), public_pem(key.public_key()))
    click.echo(f"Private key  {out}")
    click.echo(
        "             Keep it where no proxy is, never in config/ or data/: on an encrypted stick in a safe, with a"
    )
    click.echo(
        "             copy. Give the passphrase to somebody else. Without both nobody opens what was sealed to it."
    )
    click.echo(f"Public key   {public}")
    click.echo(
        f"             Put it into config/, and into promptguard.yaml:  evidence: {{public_keys: {public.name}}}"
    )


@command.command("open")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="File of the private key.",
)
@click.option(
    "--passphrase",
    envvar=_PASSPHRASE,
    prompt="Passphrase of the private key",
    hide_input=True,
    help=f"Asked for where it is not in {_PASSPHRASE}; on the command line other users of the machine see it.",
)
def open_file(file: Path, key: Path, passphrase: str) -> None:
    """Open FILE, as the console released it, and show what was found. Do it on a machine that is no proxy."""
    from promptguard.evidence.keys import load_private
    from promptguard.evidence.opening import MAX_FILE, open_evidence

    if file.stat().st_size > MAX_FILE:
        raise PromptGuardError(f"{file}: This is longer than any evidence.")
    opened = open_evidence(file.read_bytes(), load_private(key.read_bytes(), passphrase))
    click.echo(f"Decision {opened.decision} of installation {opened.installation}")
    for each in opened.excerpts:
        more = f" … and {each.cut} bytes more" if each.cut else ""
        click.echo(f"\nFinding {each.finding + 1}")
        click.echo(f"  {shown(each.before)}⟦{shown(each.found)}⟧{shown(each.after)}{more}")
    if opened.left_out:
        click.echo(f"\nOf {opened.left_out} further findings no evidence was kept: there were too many.")


def shown(text: str) -> str:
    """A text as a terminal may show it: nothing in it moves the cursor, colours or hides (ECMA-48)."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
