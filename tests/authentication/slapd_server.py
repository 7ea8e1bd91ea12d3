"""A real directory server (OpenLDAP's slapd) for tests: its own folder, a free port, TLS."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from promptguard.demo.certificates import CertificateAuthority

BASE = "dc=corp,dc=example"
READER = f"cn=reader,{BASE}"
READER_PASSWORD = "".join(("reads", "-", "only"))
PASSWORDS = {"anna": "anna's own", "Ben": "ben: with ) and *", "cleo": "x"}

_CONFIGURATION = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/pid
TLSCertificateFile {folder}/tls/server.pem
TLSCertificateKeyFile {folder}/tls/server.key
database mdb
suffix "{base}"
directory {folder}/data
rootdn "cn=root,{base}"
dbnosync
access to attrs=userPassword by anonymous auth
access to * by dn.exact="{reader}" read by anonymous auth
overlay memberof
"""


def _entries() -> str:
    people = "".join(
        f"dn: uid={user},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: {user}\ncn: {user}\nsn: {user}\n"
        f"userPassword: {password}\n" + (f"memberOf: cn=engineering,ou=groups,{BASE}\n\n" if user == "anna" else "\n")
        # The overlay notes it where entries are added while the server runs, and slapadd does so without.
        for user, password in PASSWORDS.items()
    )
    groups = {
        "engineering": f"uid=anna,ou=people,{BASE}",
        "all staff": f"cn=engineering,ou=groups,{BASE}",
        "circle": f"cn=all staff,ou=groups,{BASE}",
        "support": f"uid=Ben,ou=people,{BASE}",
    }
    told = "".join(
        f"dn: cn={name},ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: {name}\nmember: {member}\n"
        + (f"member: cn=circle,ou=groups,{BASE}\n" if name == "all staff" else "")
        + "\n"
        for name, member in groups.items()
    )
    return (
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Corp\ndc: corp\n\n"
        f"dn: {READER}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\n"
        f"userPassword: {READER_PASSWORD}\n\n"
        f"dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n\n{people}"
        f"dn: ou=groups,{BASE}\nobjectClass: organizationalUnit\nou: groups\n\n{told}"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SlapdServer:
    """One server with a few people, and groups that are members of each other in a circle."""

    def __init__(self) -> None:
        if not Path("/usr/sbin/slapd").exists():
            pytest.skip("slapd is not installed: install Debian's package `slapd`")
        self.folder = Path(tempfile.mkdtemp(prefix="slapd-", dir="/tmp"))
        (self.folder / "data").mkdir()
        files = CertificateAuthority("Directory authority").write(self.folder / "tls", ["localhost"])
        self.authority = files.authority
        self._file = self.folder / "slapd.conf"
        self._file.write_text(_CONFIGURATION.format(folder=self.folder, base=BASE, reader=READER))
        self._change("slapadd", _entries())
        self.port, self.secure_port = free_port(), free_port()
        self.password_file = self.folder / "password"
        self.password_file.write_text(READER_PASSWORD + "\n")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"ldaps://localhost:{self.secure_port}"

    @property
    def plain_url(self) -> str:
        """Where TLS is begun by StartTLS."""
        return f"ldap://localhost:{self.port}"

    def start(self) -> None:
        listeners = f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.secure_port}"
        self._process = subprocess.Popen(
            ["/usr/sbin/slapd", "-f", str(self._file), "-h", listeners, "-d", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.secure_port), 1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def modify(self, ldif: str) -> None:
        """Change entries: what `ldapmodify` reads."""
        self.stop()
        self._change("slapmodify", ldif)
        self.start()

    def _change(self, program: str, ldif: str) -> None:
        command = [f"/usr/sbin/{program}", "-f", str(self._file), "-q"]
        subprocess.run(command, input=ldif.encode(), check=True, capture_output=True)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)
