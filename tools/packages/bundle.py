"""Builds what a machine without the internet needs: one archive with all wheels, a bill of materials and checksums.

`SHA256SUMS` covers every file. With `--sign KEY` it is signed with an SSH key (ssh-keygen(1), `-Y sign`), in the
namespace `promptguard`. The bill of materials is CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import shutil
import subprocess
import tarfile
import uuid
from datetime import UTC, datetime
from pathlib import Path

from tools.packages.build import EXTRAS, HERE, ROOT, epoch, run, version

NAMESPACE = "promptguard"
CHECKSUMS = "SHA256SUMS"


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uv", default="uv", help="the uv command")
    parser.add_argument("--python", default="3.13", help="the minor version of Python that the target has")
    parser.add_argument("--sign", type=Path, metavar="KEY", help="an SSH private key to sign the checksums with")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    given = parser.parse_args()
    name = f"promptguard-{version()}-offline-{platform.system().lower()}-{platform.machine().lower()}"
    folder = given.out.resolve() / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fill(folder, given.uv, given.python)
    write_checksums(folder)
    if given.sign:
        sign(folder, given.sign)
    print(pack(folder))
    shutil.rmtree(folder)


def fill(folder: Path, uv: str, python: str) -> None:
    """Fetch and build everything."""
    requirements = folder / "requirements.txt"
    run([uv, *_export(), "--no-header", "--no-annotate", "--output-file", requirements], cwd=ROOT, quiet=True)
    pip = [uv, "run", "--quiet", "--no-project", "--python", python, "--with", "pip", "python", "-m", "pip"]
    fetch = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    run([*pip, *fetch, "--only-binary", ":all:", "--dest", folder / "wheels", "--requirement", requirements])
    run([uv, "build", "--wheel", "--quiet", "--out-dir", folder / "wheels", ROOT])
    (folder / "wheels" / ".gitignore").unlink(missing_ok=True)
    (folder / "sbom.cdx.json").write_text(bill_of_materials(uv))
    put_installer(folder, platform.system())
    for name in ("README.md", "LICENSE", "NOTICE"):
        shutil.copyfile(ROOT / name, folder / name)


def put_installer(folder: Path, system: str) -> None:
    """Put in what installs the bundle on its system.

    Args:
        system: as `platform.system` names it.
    """
    if system == "Windows":
        shutil.copyfile(HERE / "windows" / "install.ps1", folder / "install.ps1")
        return
    shutil.copyfile(HERE / "install.sh", folder / "install.sh")
    (folder / "install.sh").chmod(0o755)


def bill_of_materials(uv: str) -> str:
    """All packages of an installation, with versions, addresses and hashes. The same for the same commit."""
    command = [uv, *_export(), "--quiet", "--format", "cyclonedx1.5"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    bill = json.loads(told)
    lock = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    bill["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'promptguard:{version()}:{lock}')}"
    made = datetime.fromtimestamp(int(epoch()), UTC)
    bill["metadata"]["timestamp"] = made.isoformat().replace("+00:00", "Z")
    component = bill["metadata"]["component"]
    component |= {"type": "application", "licenses": [{"license": {"id": "Apache-2.0"}}]}
    return json.dumps(bill, indent=2) + "\n"


def write_checksums(folder: Path) -> None:
    """Write the checksum of every file, as sha256sum(1) reads them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CHECKSUMS)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in paths
    ]
    (folder / CHECKSUMS).write_bytes("".join(lines).encode())


def sign(folder: Path, key: Path) -> None:
    """Put a signature beside the checksums, `SHA256SUMS.sig`."""
    run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", NAMESPACE, folder / CHECKSUMS])


def pack(folder: Path) -> Path:
    """One archive of a folder, dated with the commit. Wheels are compressed already."""
    target = folder.with_name(f"{folder.name}.tar")
    seconds = int(epoch())

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = seconds
        member.mode = 0o755 if member.isdir() or member.name.endswith(".sh") else 0o644
        return member

    with tarfile.open(target, "w") as archive:
        archive.add(folder, folder.name, recursive=False, filter=plain)
        for path in sorted(folder.rglob("*")):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            archive.add(path, name, recursive=False, filter=plain)
    return target


def _export() -> list[str]:
    extras = [word for extra in EXTRAS for word in ("--extra", extra)]
    return ["export", "--frozen", "--no-default-groups", "--no-emit-project", *extras]


if __name__ == "__main__":
    main()
