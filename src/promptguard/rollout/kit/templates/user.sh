#!/bin/sh
# PromptGuard for the person who runs this (@@SYSTEM@@): editors and Docker, whose settings are each person's own.
#
#   sh FILE apply    adds marked lines to settings, or makes them; once more for editors that came since
#   sh FILE undo     puts everything back as it was
#
# Run it at sign-in, as the person. What says otherwise already is left alone and named; it then ends with status 1.
set -eu
umask 077 # settings may hold what is secret, and so do the copies of them
SYSTEM=@@SYSTEM@@
ROOT=$HOME
ACTION=${1:-@@ACTION@@}
# Device managements start it without a word; a person who does is asked for one.
if [ $# = 0 ] && [ "$ACTION" = apply ] && [ -t 0 ]; then ACTION=nothing; fi
case $ACTION in
  apply | undo) ;;
  *)
    echo "Say 'apply' or 'undo'${1:+, not '$ACTION'}." >&2
    exit 2
    ;;
esac
if [ "$(id -u)" = 0 ] && [ "${AS_ROOT:-}" != yes ]; then
  echo "Run this as the person whose settings they are, not as root." >&2
  exit 2
fi
case $SYSTEM in
  linux) APPS=/.config ;;
  macos) APPS="/Library/Application Support" ;;
esac
MEMORY=$ROOT/.local/state/promptguard-client

@@LIBRARY@@

editors() {
  COMMENT='//'
  AFTER='{'
  EMPTY=$(printf '{\n}\nx')
  EMPTY=${EMPTY%x}
  for EDITOR_NAME in Code "Code - Insiders" VSCodium Cursor Windsurf; do
    SETTINGS=$APPS/$EDITOR_NAME/User/settings.json
    [ -d "$ROOT$APPS/$EDITOR_NAME" ] || continue
    if [ -e "$ROOT$SETTINGS" ] && without_lines "$ROOT$SETTINGS" | grep -q '"http\.proxy"'; then
      complain "$ROOT$SETTINGS names a proxy already: left as it is. It should say @@PROXY_URL@@."
      continue
    fi
    add_lines "$SETTINGS" <<'END'
@@EDITOR@@
END
  done
}

jetbrains() {
  for IDE in "$ROOT$APPS"/JetBrains/*[0-9].[0-9]* "$ROOT$APPS"/Google/AndroidStudio*; do
    [ -d "$IDE" ] || continue
    put "${IDE#"$ROOT"}/options/proxy.settings.xml" <<'END'
@@JETBRAINS@@
END
  done
}

docker_client() {
  [ -d "$ROOT/.docker" ] || command -v docker >/dev/null || return 0
  put /.docker/config.json <<'END'
@@DOCKER@@
END
}

if [ "$ACTION" = apply ]; then
  remember
  editors
  jetbrains
  docker_client
  forget_what_is_no_more
else
  COMMENT='//'
  undo
fi
finish
