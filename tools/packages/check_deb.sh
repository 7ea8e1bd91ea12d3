#!/bin/sh
# Installs a Debian package into a Debian of its own, below a folder, and tries it there: it starts as the service's user, stops
# a password, is removed and purged, and leaves the record. As root; needs debootstrap and curl.
#   check_deb.sh PACKAGE.deb [MIRROR]
set -eu
package=$1
root=$(mktemp -d)
chmod 755 "$root" # it becomes the root that the service's user sees
trap 'kill "${proxy:-}" 2>/dev/null || true; umount "$root/proc" "$root/dev" 2>/dev/null || true; rm -rf "$root"' EXIT

debootstrap --variant=minbase --include=python3.13,systemd trixie "$root" ${2:+"$2"} >/dev/null
cp "$package" "$root/root/promptguard.deb"
chroot "$root" dpkg --install /root/promptguard.deb
chroot "$root" promptguard --version
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
# What systemd does before it starts the service.
for folder in lib cache; do
    install -d -m 0700 "$root/var/$folder/promptguard"
    chroot "$root" chown promptguard: "/var/$folder/promptguard"
done
chroot "$root" setpriv --reuid=promptguard --regid=promptguard --init-groups \
    promptguard run --listen 127.0.0.1:18999 --console off >"$root/root/log" 2>&1 &
proxy=$!
tries=0
until grep -q '^Ready' "$root/root/log"; do
    tries=$((tries + 1))
    [ "$tries" -lt 180 ] && kill -0 "$proxy" || { cat "$root/root/log"; exit 1; }
    sleep 1
done
curl --silent --proxy http://127.0.0.1:18999 --cacert "$root/var/lib/promptguard/ca/promptguard-ca-cert.pem" \
    -H 'content-type: application/json' -d '{"messages":[{"role":"user","content":"my password is Tr0ub4dor&3"}]}' \
    https://api.openai.com/v1/chat/completions | grep -q 'Nothing was sent'
chroot "$root" promptguard doctor
kill "$proxy"
wait "$proxy"
chroot "$root" promptguard audit verify
chroot "$root" dpkg --remove promptguard
[ -e "$root/etc/promptguard/policy.yaml" ]
find "$root/opt" -mindepth 1 | head -20
[ ! -e "$root/opt/promptguard" ]
chroot "$root" dpkg --purge promptguard
[ ! -e "$root/etc/promptguard" ]
[ -e "$root/var/lib/promptguard/promptguard.db" ]
[ -z "$(chroot "$root" dpkg --audit)" ]
echo "$package is installed, works, and is removed; the record stays."
