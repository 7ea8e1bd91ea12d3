#!/bin/sh
# PromptGuard on this machine (@@SYSTEM@@): its CA, the proxy, and the policies of browsers and agents.
#
#   sh FILE apply    puts all of it in place; once more changes nothing, or what a newer kit has changed
#   sh FILE undo     puts everything back as it was
#
# Run it as root. With ROOT=/a/folder it works on the system in that folder, and starts none of its programs.
# It writes no file that others have made, but for the marked lines that it adds to a few; what it left alone
# it names, and then ends with status 1.
set -eu
umask 022
SYSTEM=@@SYSTEM@@
ROOT=${ROOT:-}
ACTION=${1:-@@ACTION@@}
# Device managements start it without a word; a person who does is asked for one.
if [ $# = 0 ] && [ "$ACTION" = apply ] && [ -t 0 ]; then ACTION=nothing; fi
# Jamf Pro passes mount point, computer and user first; a parameter of one's own is the fourth.
case $ACTION in /*) ACTION=${4:-@@ACTION@@} ;; esac
case $ACTION in
  apply | undo) ;;
  *)
    echo "Say 'apply' or 'undo'${1:+, not '$ACTION'}." >&2
    exit 2
    ;;
esac
if [ -z "$ROOT" ] && [ "$(id -u)" != 0 ]; then
  echo "Run this as root: it changes the system's settings." >&2
  exit 2
fi

# Where root alone writes: shells of all users read it (Homebrew gives /usr/local to one of them).
case $SYSTEM in
  linux) PLACE=/etc/promptguard STATE=/var/lib/promptguard-client ;;
  macos) PLACE=/Library/PromptGuard STATE="/Library/Application Support/PromptGuard" ;;
esac
CERTIFICATE=$PLACE/ca.pem
MEMORY=$ROOT$STATE

@@LIBRARY@@

certificate() {
  cat <<'END'
@@PEM@@
END
}

# Those that name a list of CAs are left out where there is none: one with ours alone would shut out all other hosts.
variables() {
  sed '/=$/d' <<END
@@PROXY_VARIABLES@@
@@CERTIFICATE_VARIABLES@@
JAVA_TOOL_OPTIONS=@@JAVA_OPTIONS@@$JAVA_STORE
END
}

# The system's own list of CAs, which holds ours once its tool has run; else one that is made of it here.
bundle() {
  for BUNDLE in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem; do
    if [ -s "$ROOT$BUNDLE" ] && holds_ours "$ROOT$BUNDLE"; then return; fi
  done
  if [ "$SYSTEM" = macos ] && [ -z "$ROOT" ]; then
    security find-certificate -a -p /System/Library/Keychains/SystemRootCertificates.keychain >"$MEMORY/theirs"
    security find-certificate -a -p /Library/Keychains/System.keychain >>"$MEMORY/theirs"
  else
    for BUNDLE in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem \
      /etc/ssl/cert.pem; do
      if [ -s "$ROOT$BUNDLE" ]; then break; fi
    done
    cat "$ROOT$BUNDLE" >"$MEMORY/theirs" 2>/dev/null || :
  fi
  if [ -s "$MEMORY/theirs" ]; then
    BUNDLE=$PLACE/bundle.pem
    {
      cat "$MEMORY/theirs"
      echo
      certificate
    } | put $BUNDLE
  else
    BUNDLE=
    complain "This system has no list of CAs: install the package ca-certificates, and run this again."
  fi
  rm -f "$MEMORY/theirs"
}

holds_ours() {
  # The certificate's last full line stands in no other certificate: it is a part of the signature.
  grep -qF -e "$(certificate | grep -v -e '-----' | tail -n 2 | head -n 1)" "$1"
}

# Java has a list of its own. Distributions keep one of the system's CAs; elsewhere it is a copy of the JDK's.
java_store() {
  JAVA_STORE=
  for STORE in /etc/ssl/certs/java/cacerts /etc/pki/java/cacerts; do
    if [ -s "$ROOT$STORE" ]; then
      JAVA_STORE=" -Djavax.net.ssl.trustStore=$STORE"
      return
    fi
  done
  [ -z "$ROOT" ] || return 0
  HOME_OF_JAVA=$(/usr/libexec/java_home 2>/dev/null || dirname "$(dirname "$(readlink -f "$(command -v keytool)")")")
  KEYTOOL=$HOME_OF_JAVA/bin/keytool
  THEIRS=$HOME_OF_JAVA/lib/security/cacerts
  [ -x "$KEYTOOL" ] && [ -s "$THEIRS" ] || return 0
  rm -f "$MEMORY/java"
  "$KEYTOOL" -importkeystore -noprompt -srckeystore "$THEIRS" -srcstorepass changeit \
    -destkeystore "$MEMORY/java" -deststoretype JKS -deststorepass changeit >/dev/null 2>&1 &&
    certificate >"$MEMORY/pem" &&
    "$KEYTOOL" -importcert -noprompt -alias promptguard -file "$MEMORY/pem" -keystore "$MEMORY/java" \
      -storepass changeit >/dev/null 2>&1 || {
    complain "Java's list of CAs could not be copied: Java programs will not trust the CA."
    return 0
  }
  put $PLACE/java-cacerts <"$MEMORY/java"
  rm -f "$MEMORY/java" "$MEMORY/pem"
  JAVA_STORE=" -Djavax.net.ssl.trustStore=$PLACE/java-cacerts"
}

# Debian, SUSE and Red Hat each have a folder for a company's CAs, and a tool that takes them up.
anchor() {
  for FOLDER in /usr/local/share/ca-certificates /etc/pki/trust/anchors /etc/pki/ca-trust/source/anchors; do
    if [ -d "$ROOT$FOLDER" ]; then certificate | put $FOLDER/promptguard.crt; fi
  done
}

take_up() {
  [ -z "$ROOT" ] || return 0
  case $SYSTEM in
    linux)
      if command -v update-ca-certificates >/dev/null; then
        # Debian's leaves links to what is gone, unless it is to make all of them anew; then it does not tell its
        # hooks, which keep lists of their own (Java's), what is gone.
        if [ "$ACTION" = apply ]; then
          update-ca-certificates >/dev/null 2>&1 || complain "update-ca-certificates failed."
        else
          update-ca-certificates --fresh >/dev/null 2>&1 || complain "update-ca-certificates failed."
          for HOOK in /etc/ca-certificates/update.d/*; do
            [ -x "$HOOK" ] || continue
            echo "-/etc/ssl/certs/promptguard.pem" | "$HOOK" >/dev/null 2>&1 || complain "$HOOK failed: it may still hold the CA."
          done
        fi
      elif command -v update-ca-trust >/dev/null; then
        update-ca-trust || complain "update-ca-trust failed."
      fi
      if [ -d /run/systemd/system ]; then systemctl daemon-reload || :; fi
      ;;
    macos)
      # A profile brings the CA too; this is for machines that are not managed.
      if [ "$ACTION" = apply ]; then
        security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain $CERTIFICATE ||
          complain "The CA could not be added to the system's keychain: the profile has to bring it."
      else
        security delete-certificate -Z @@THUMBPRINT@@ -t /Library/Keychains/System.keychain 2>/dev/null || :
      fi
      ;;
  esac
}

policies_of_browsers() {
  for FOLDER in @@CHROMIUM_FOLDERS@@; do
    put $FOLDER/promptguard.json <<'END'
@@CHROMIUM@@
END
  done
  put @@FIREFOX_FILE@@ <<'END'
@@FIREFOX@@
END
}

agents() {
  put "$1/managed-settings.d/60-promptguard.json" <<'END'
@@CLAUDE_CODE@@
END
}

apply() {
  remember
  certificate | put $CERTIFICATE
  if [ "$SYSTEM" = linux ]; then
    anchor
    policies_of_browsers
    agents /etc/claude-code
    put /etc/systemd/system/docker.service.d/promptguard.conf <<'END'
# For the images that Docker fetches. Restart Docker when it suits.
[Service]
Environment="HTTPS_PROXY=@@PROXY_URL@@" "NO_PROXY=@@NO_PROXY@@"
@@DOCKER_CREDENTIALS@@END
    take_up
    bundle
    java_store
    variables | put /etc/environment.d/60-promptguard.conf
    variables | sed "s/\([^=]*\)=\(.*\)/export \1='\2'/" | put /etc/profile.d/promptguard.sh
  else
    agents "/Library/Application Support/ClaudeCode"
    take_up
    bundle
    java_store
    variables | sed "s/\([^=]*\)=\(.*\)/export \1='\2'/" | put $PLACE/environment.sh
    # Programs that are not started from a shell have their variables from launchd.
    variables | sed "s/\([^=]*\)=\(.*\)/launchctl setenv \1 '\2'/" | put $PLACE/launchd.sh
    put /Library/LaunchAgents/com.promptguard.environment.plist <<END
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Label</key><string>com.promptguard.environment</string>
<key>ProgramArguments</key><array><string>/bin/sh</string><string>$PLACE/launchd.sh</string></array>
<key>RunAtLoad</key><true/>
</dict></plist>
END
    for SHELL_FILE in /etc/zshenv /etc/profile; do
      echo "[ ! -r $PLACE/environment.sh ] || . $PLACE/environment.sh" | add_lines $SHELL_FILE
    done
  fi
  if [ "@@GIT@@" = yes ]; then
    add_lines /etc/gitconfig <<'END'
[http]
	proxy = @@PROXY_URL@@
END
  fi
  forget_what_is_no_more
}

if [ "$ACTION" = apply ]; then
  apply
else
  undo
  take_up
fi
finish
