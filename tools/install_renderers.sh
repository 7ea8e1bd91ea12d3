#!/bin/sh
# Install the renderers that what is put back is held against, at pinned versions, into .make/renderers. They are used by
# tests alone. Exits with 1, and says why, where they cannot be installed.
set -eu
folder=.make/renderers
packages="commonmark@0.31.2 marked@18.2.1 markdown-it@15.0.3 micromark@4.0.3 micromark-extension-gfm@3.0.0 \
parse5@8.1.1 remark-gfm@4.0.1 remark-parse@11.0.0 remark-rehype@11.1.2 rehype-raw@7.0.0 rehype-stringify@10.0.1 \
unified@11.0.5 markdown-it-footnote@4.0.0 markdown-it-deflist@4.0.0 katex@0.16.22 \
@vscode/markdown-it-katex@1.1.2 marked-footnote@1.4.0 remark-math@6.0.0 rehype-katex@7.0.1 remark-directive@4.0.0 \
markdown-it-container@4.0.0 markdown-it-admon@1.0.1 markdown-it-collapsible@2.0.2 @mdit/plugin-tab@1.0.4 \
@mdit/plugin-spoiler@0.23.2 @mdit/plugin-alert@1.0.3 marked-directive@1.0.7 marked-admonition-extension@0.0.4 \
marked-katex-extension@5.1.13 marked-alert@2.1.2 remark-definition-list@2.0.0"
if [ "$(cat "$folder/installed" 2>/dev/null)" = "$packages" ]; then
    exit 0
fi
command -v npm >/dev/null || { echo "no npm on this machine"; exit 1; }
rm -rf "$folder"
mkdir -p "$folder"
echo '{"private": true}' >"$folder/package.json"
# The packages are words of their own.
# shellcheck disable=SC2086
if ! npm install --prefix "$folder" --no-save --no-package-lock --legacy-peer-deps --no-audit --no-fund \
    --loglevel=error $packages \
    >"$folder/log" 2>&1; then
    tail -n 1 "$folder/log"
    exit 1
fi
echo "$packages" >"$folder/installed"
