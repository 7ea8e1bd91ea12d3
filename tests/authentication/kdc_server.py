"""A real Kerberos realm (MIT's krb5kdc) for tests: its own folder, a free port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from slapd_server import free_port

REALM = "CORP.EXAMPLE"
PASSWORD = "".join(("not", "-", "said"))

_CLIENT = """\
[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 {realm} = {{
  kdc = 127.0.0.1:{port}
 }}
"""
_SERVER = """\
[kdcdefaults]
 kdc_listen = ""
 kdc_tcp_listen = 127.0.0.1:{port}
[realms]
 {realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
  max_life = 1h
 }}
"""


class KeyDistributionCenter:
    """A realm with users, and a proxy on localhost."""

    def __init__(self, users: tuple[str, ...]) -> None:
        if not Path("/usr/sbin/krb5kdc").exists() or not shutil.which("kinit"):
            pytest.skip("krb5kdc is not installed: install Debian's packages `krb5-kdc` and `krb5-user`")
        self.folder = Path(tempfile.mkdtemp(prefix="kdc-", dir="/tmp"))
        words = {"realm": REALM, "port": free_port(), "folder": self.folder}
        (self.folder / "krb5.conf").write_text(_CLIENT.format(**words))
        (self.folder / "kdc.conf").write_text(_SERVER.format(**words))
        self.environment = {
            "KRB5_CONFIG": str(self.folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"),
            "KRB5RCACHENAME": f"file2:{self.folder / 'replays'}",
        }
        self._run("kdb5_util", "create", "-s", "-r", REALM, "-P", "master")
        for user in users:
            self.admin(f"addprinc -pw {PASSWORD} {user}")
        self.keytab = self.keys("HTTP/localhost", "proxy.keytab")
        self._process = subprocess.Popen(
            ["/usr/sbin/krb5kdc", "-n"],
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def admin(self, command: str) -> None:
        self._run("kadmin.local", "-r", REALM, "-q", command)

    def keys(self, principal: str, name: str) -> Path:
        """A keytab with new keys of a service."""
        path = self.folder / name
        self.admin(f"addprinc -randkey {principal}")
        self.admin(f"ktadd -k {path} {principal}")
        return path

    def signed_in(self, user: str) -> dict[str, str]:
        """The environment of somebody with a ticket of the realm."""
        mine = self.environment | {"KRB5CCNAME": f"FILE:{self.folder / user.replace('/', '_')}.tickets"}
        deadline = time.monotonic() + 30
        while True:  # until it listens
            done = subprocess.run(
                ["kinit", user], input=PASSWORD.encode(), env=os.environ | mine, capture_output=True, check=False
            )
            if done.returncode == 0:
                return mine
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(done.stderr.decode())
            time.sleep(0.02)

    def _run(self, program: str, *arguments: str) -> None:
        path = shutil.which(program) or f"/usr/sbin/{program}"
        subprocess.run([path, *arguments], env=os.environ | self.environment, check=True, capture_output=True)

    def remove(self) -> None:
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self.folder)
