#!/bin/sh
# Installs PromptGuard out of this folder, without the internet: into an environment of its own.
#   ./install.sh [FOLDER]      default /opt/promptguard; PYTHON names the interpreter (3.12 or 3.13, as the wheels are for)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/promptguard}
python=${PYTHON:-python3.13}
cd "$here"
sha256sum --check --quiet SHA256SUMS || { echo "A file is not what was packed: nothing was installed." >&2; exit 1; }
command -v "$python" >/dev/null || { echo "$python is missing: install it, or name another one as PYTHON." >&2; exit 1; }
"$python" -m venv "$target"
pip() { "$target/bin/python" -m pip --quiet --disable-pip-version-check install --no-index --find-links wheels "$@"; }
pip --no-deps --require-hashes --requirement requirements.txt
pip --no-deps promptguard
"$target/bin/promptguard" prepare
echo "Start it: $target/bin/promptguard run"
