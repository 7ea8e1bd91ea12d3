#!/bin/sh
# Install MLServer, a server of the Open Inference Protocol, into .make/mlserver, for the tests that ask a real one: 320 MB
# in an environment of its own, for it takes no Python from 3.13 on. Usage: tools/install_mlserver.sh UV
# Where it cannot be installed, the file .make/mlserver/missing says why, and the tests are skipped with that reason.
set -eu
uv=$1
folder=.make/mlserver
packages=tools/mlserver.txt
mkdir -p "$folder"
if cmp -s "$packages" "$folder/installed"; then
    exit 0
fi
rm -rf "$folder/environment" "$folder/installed"
python=""
for version in 3.12 3.11; do
    python=$("$uv" python find --system --no-python-downloads --no-project "$version" 2>/dev/null) && break
    for found in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
        [ ! -x "$found" ] || python=$found
    done
    [ -z "$python" ] || break
done
if [ -z "$python" ]; then
    echo "no Python 3.11 or 3.12 on this machine" | tee "$folder/missing"
    exit 0
fi
echo "Installing MLServer into $folder: 320 MB …"
if "$uv" venv --quiet --no-project --python "$python" "$folder/environment" >"$folder/log" 2>&1 \
    && "$uv" pip install --quiet --python "$folder/environment" --requirement "$packages" >>"$folder/log" 2>&1; then
    rm -f "$folder/missing"
    cp "$packages" "$folder/installed"
else
    echo "MLServer could not be installed: $(tail -n 1 "$folder/log")" | tee "$folder/missing"
fi
