#!/bin/sh
# Has launchd run PromptGuard on macOS, as a user of its own that nobody signs in as. Any number of times; `remove` undoes it.
#   sudo ./install.sh           PromptGuard is in /opt/promptguard: `python3.13 -m venv`, then pip, or the offline bundle
#   sudo ./install.sh remove    configuration, record, keys and CA stay
set -eu
here=$(cd "$(dirname "$0")" && pwd)
label=com.promptguard.proxy
user=_promptguard
root=${PROMPTGUARD_ROOT:-}      # a folder that stands for the machine, for trials
program=/opt/promptguard/bin/promptguard
configuration=/usr/local/etc/promptguard
data=/usr/local/var/promptguard
log=/usr/local/var/log/promptguard.log
plist=/Library/LaunchDaemons/$label.plist

say() { echo "$@" >&2; }
[ "$(id -u)" = 0 ] || { say "Run it as root: sudo $0"; exit 1; }
case ${1:-install} in
install | remove) ;;
*) say "What to do: install (the default) or remove"; exit 2 ;;
esac

launchctl bootout "system/$label" 2>/dev/null || true
tries=0     # launchd ends it meanwhile
while launchctl print "system/$label" >/dev/null 2>&1 && [ "$tries" -lt 30 ]; do
    sleep 1
    tries=$((tries + 1))
done
if [ "${1:-install}" = remove ]; then
    rm -f "$root$plist"
    say "Removed. $configuration and $data stay; so does the user $user, who owns them."
    exit 0
fi

[ -x "$root$program" ] || { say "There is no $program: install PromptGuard there first. Nothing was changed but that it is stopped."; exit 1; }
if ! dscl . -read "/Users/$user" >/dev/null 2>&1; then
    # Apple keeps ids below 500 for services; the first one that no user and no group has.
    taken=" $(dscl . -list /Users UniqueID | awk '{print $2}' | tr '\n' ' ')$(dscl . -list /Groups PrimaryGroupID | awk '{print $2}' | tr '\n' ' ')"
    number=400
    while [ "$number" -lt 500 ]; do
        case $taken in *" $number "*) number=$((number + 1)) ;; *) break ;; esac
    done
    [ "$number" -lt 500 ] || { say "No id from 400 to 499 is free for the user $user."; exit 1; }
    dscl . -create "/Groups/$user" PrimaryGroupID "$number"
    dscl . -create "/Users/$user" UniqueID "$number"
    dscl . -create "/Users/$user" PrimaryGroupID "$number"
    dscl . -create "/Users/$user" UserShell /usr/bin/false
    dscl . -create "/Users/$user" NFSHomeDirectory "$data"
    dscl . -create "/Users/$user" RealName PromptGuard
    dscl . -create "/Users/$user" IsHidden 1
fi
mkdir -p "$root$data" "$root${log%/*}" "$root${plist%/*}" "$root${configuration%/*}"
chmod 700 "$root$data"
: >>"$root$log"
chmod 640 "$root$log"
[ -e "$root$configuration" ] || "$root$program" init "$root$configuration" >&2
chown -R "$user:$user" "$root$data" "$root$log"
chown -R "root:$user" "$root$configuration"
chmod -R u=rwX,g=rX,o= "$root$configuration"
install -m 644 "$here/$label.plist" "$root$plist"
launchctl enable "system/$label"
launchctl bootstrap system "$root$plist"
say "It runs. Its log, with the link that makes the console's first account: $log"
