#!/bin/sh
# PromptGuard's commands, on the folders of the service. As root they look at what belongs to the service's user: take
# `sudo -u promptguard promptguard …` for all that writes.
PROMPTGUARD_CONFIG=${PROMPTGUARD_CONFIG:-/etc/promptguard}
PROMPTGUARD_DATA=${PROMPTGUARD_DATA:-/var/lib/promptguard}
PROMPTGUARD_CACHE=${PROMPTGUARD_CACHE:-/var/cache/promptguard}
export PROMPTGUARD_CONFIG PROMPTGUARD_DATA PROMPTGUARD_CACHE
exec /opt/promptguard/bin/promptguard "$@"
