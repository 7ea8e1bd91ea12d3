"""Builds a Debian package and an RPM: PromptGuard with all it needs, but for Python itself.

Both hold the same files, staged once: an environment in /opt/promptguard as uv.lock pins it, compiled, for one minor
version of the machine's own Python; the configuration in /etc/promptguard; a hardened systemd unit; the command. All is
dated with the commit (https://reproducible-builds.org/docs/source-date-epoch/).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
EXTRAS = ("postgresql", "kafka")
PLACES = {
    "promptguard.service": "usr/lib/systemd/system/promptguard.service",
    "sysusers.conf": "usr/lib/sysusers.d/promptguard.conf",
    "promptguard.sh": "usr/bin/promptguard",
    "default": "etc/default/promptguard",
}
"""Where the files beside this one go."""

DOCUMENTS = ("README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "docs")


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="+", choices=["deb", "rpm"])
    parser.add_argument("--uv", default="uv", help="the uv command")
    parser.add_argument("--python", default="3.13", help="the minor version of Python that the target has")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    given = parser.parse_args()
    out: Path = given.out.resolve()
    work = out / "stage"
    shutil.rmtree(work, ignore_errors=True)
    root = work / "root"
    stage(root, given.uv, given.python)
    for form in given.formats:
        made = {"deb": build_deb, "rpm": build_rpm}[form](root, work, out, given.python)
        print(made)
    shutil.rmtree(work)


def version() -> str:
    """The version in pyproject.toml."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def epoch() -> str:
    """When the newest commit was made, which all files are dated with."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return given or _said(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"])


def stage(root: Path, uv: str, python: str) -> None:
    """Lay out the files of a package below `root`."""
    _stage_environment(root / "opt" / "promptguard", uv, python)
    stage_files(root)
    _date(root)


def stage_files(root: Path) -> None:
    """All but the environment."""
    shutil.copytree(ROOT / "config", root / "etc" / "promptguard")
    for name, place in PLACES.items():
        target = root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / name, target)
        target.chmod(0o755 if place.startswith("usr/bin/") else 0o644)
    documents = root / "usr" / "share" / "doc" / "promptguard"
    documents.mkdir(parents=True)
    for name in DOCUMENTS:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, documents / name)


def _stage_environment(folder: Path, uv: str, python: str) -> None:
    work = folder.parents[2]
    requirements, wheels = work / "requirements.txt", work / "wheels"
    extras = [word for extra in EXTRAS for word in ("--extra", extra)]
    export = ["export", "--frozen", "--no-default-groups", "--no-emit-project", *extras, "--output-file", requirements]
    run([uv, *export], cwd=ROOT, quiet=True)
    run([uv, "build", "--wheel", "--quiet", "--out-dir", wheels, ROOT])
    (wheel,) = wheels.glob("promptguard-*.whl")
    run([uv, "venv", "--quiet", "--relocatable", "--python", python, folder])
    interpreter = folder / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--link-mode", "copy", "--no-deps", "--python", interpreter]
    run([*install, "--requirement", requirements])
    run([*install, wheel])
    # The service may not write there, and what is not compiled would be compiled at each start. By hash, not by date.
    how = ["--invalidation-mode", "unchecked-hash", "-s", folder.parents[1], "-p", "/"]
    # A package has a file for Python 2 beside, which nothing imports.
    run([interpreter, "-m", "compileall", "-qq", "-j", "0", *how, folder / "lib"], may_fail=True)
    _point_at(folder, f"/usr/bin/python{python}")
    for name in ("uv.lock", ".lock", ".gitignore", "CACHEDIR.TAG"):
        (folder / name).unlink(missing_ok=True)


def _point_at(folder: Path, interpreter: str) -> None:
    """Have an environment start the target's Python in place of the one that it was made with."""
    for path in (folder / "bin").glob("python*"):
        path.unlink()
    (folder / "bin" / "python").symlink_to(interpreter)
    for name in ("python3", Path(interpreter).name):
        (folder / "bin" / name).symlink_to("python")
    config = folder / "pyvenv.cfg"
    lines = config.read_text().splitlines()
    config.write_text("".join(f"{'home = /usr/bin' if line.startswith('home =') else line}\n" for line in lines))


def build_deb(root: Path, work: Path, out: Path, python: str) -> Path:
    """See deb(5) and Debian's policy; needs dpkg-deb."""
    control = work / "deb"
    shutil.copytree(root, control, symlinks=True)
    architecture = _said(["dpkg", "--print-architecture"])
    write_control(control, architecture, python)
    target = out / f"promptguard_{version()}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "--build", control, target]
    run(command, environment={"SOURCE_DATE_EPOCH": epoch()}, quiet=True)
    shutil.rmtree(control)
    return target


def write_control(root: Path, architecture: str, python: str) -> None:
    """Write the folder DEBIAN of a staged package."""
    folder = root / "DEBIAN"
    folder.mkdir()
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    values = {
        "VERSION": version(),
        "ARCHITECTURE": architecture,
        "KIBIBYTES": str(size),
        "PYTHON": f"python{python}",
    }
    text = (HERE / "deb" / "control").read_text("utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    (folder / "control").write_text(text)
    for name in ("postinst", "prerm", "postrm"):
        shutil.copyfile(HERE / "deb" / name, folder / name)
        (folder / name).chmod(0o755)
    kept = sorted(path.relative_to(root) for path in (root / "etc").rglob("*") if path.is_file())
    (folder / "conffiles").write_text("".join(f"/{path}\n" for path in kept))


def build_rpm(root: Path, work: Path, out: Path, python: str) -> Path:
    """Needs rpmbuild."""
    values = {
        "_topdir": str(work / "rpm"),
        "_rpmdir": str(work / "rpms"),
        "staged": str(root),
        "staged_version": version(),
        "staged_python": f"/usr/bin/python{python}",
        "_binary_payload": "w6.zstdio",
        "use_source_date_epoch_as_buildtime": "1",
        "clamp_mtime_to_source_date_epoch": "1",
        "_buildhost": "localhost",
    }
    defined = [word for name, value in values.items() for word in ("--define", f"{name} {value}")]
    command = ["rpmbuild", "-bb", "--quiet", *defined, HERE / "rpm" / "promptguard.spec"]
    run(command, environment={"SOURCE_DATE_EPOCH": epoch()}, quiet=True)
    (made,) = (work / "rpms").rglob("*.rpm")
    target = out / made.name
    made.replace(target)
    return target


def _date(root: Path) -> None:
    seconds = int(epoch())
    for path in [*root.rglob("*"), root]:
        os.utime(path, (seconds, seconds), follow_symlinks=False)


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
    quiet: bool = False,
    may_fail: bool = False,
) -> None:
    """Run a command, or end with what it said."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env={**os.environ, **environment}, capture_output=quiet, text=True)
    if done.returncode and not may_fail:
        sys.exit(f"{' '.join(words)}\n{done.stderr or ''}")


def _said(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
