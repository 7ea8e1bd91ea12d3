#!/bin/sh
# Fill .venv from uv.lock. Usage: tools/sync.sh UV [OPTION…]
# Takes the interpreter that .python-version names where there is one, else any installed Python from 3.12 on, else one
# that uv downloads. Compiles all modules now, which takes seconds off the first start.
set -eu
uv=$1
shift
wanted=$(cat .python-version)
for request in "$wanted" ">=3.12,<3.14"; do
    if python=$("$uv" python find --no-python-downloads --no-project "$request" 2>/dev/null); then
        exec "$uv" sync --frozen --compile-bytecode --python "$python" "$@"
    fi
done
exec "$uv" sync --frozen --compile-bytecode --python "$wanted" "$@"
