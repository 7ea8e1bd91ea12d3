#!/bin/sh
# Is this laptop (@@SYSTEM@@) routed through PromptGuard? Run it as the person, in a new terminal. It changes nothing.
#
#   sh FILE            ok: as it should be;  BAD: what is wrong, and what to do.  Status 1 if anything is BAD
#   HOST=NAME sh FILE    asks for another AI service than @@HOST@@
#
# It asks the service for its start page, from each runtime that is installed, and sends nothing else.
set -u
SYSTEM=@@SYSTEM@@
ROOT=${ROOT:-}
HOST=${HOST:-@@HOST@@}
URL=https://$HOST/
PROXY='@@PROXY_URL@@'
PAC='@@PAC@@'
# HTTPS_PROXY may have credentials before the proxy's name, which are printed nowhere.
GIVEN=${HTTPS_PROXY:-${https_proxy:-}}
case $GIVEN in
  *://*@*) NAMED=${GIVEN%%://*}://${GIVEN##*@} ;;
  *) NAMED=$GIVEN ;;
esac
if [ "$NAMED" = "$PROXY" ]; then WITH=$GIVEN; else WITH=$PROXY; fi
NOWHERE=http://127.0.0.1:9
STATUS=0
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
CA=$FOLDER/ca.pem
cat >"$CA" <<'END'
@@PEM@@
END

ok() { printf 'ok   %-14s %s\n' "$1" "$2"; }
bad() {
  printf 'BAD  %-14s %s\n' "$1" "$2"
  STATUS=1
}
has() { command -v "$1" >/dev/null 2>&1; }
get() { curl -sS -o /dev/null --max-time 15 "$@" "$URL" 2>/dev/null; }

# turned_away STATUS: what it answered to CONNECT, 000 if nothing.
turned_away() {
  case $1 in
    407)
      if [ "$WITH" = "$PROXY" ]; then
        bad proxy "$PROXY asks who this is: name user and password in HTTPS_PROXY and https_proxy, as README.txt says"
      else
        bad proxy "$PROXY does not take the user and password in HTTPS_PROXY"
      fi
      ;;
    429) bad proxy "$PROXY has this laptop wait, because of wrong passwords" ;;
    503) bad proxy "$PROXY cannot ask the directory who this is (status 503)" ;;
    000 | '') bad proxy "$PROXY is not reached" ;;
    *) bad proxy "$PROXY turns this laptop away (status $1)" ;;
  esac
}

the_proxy() {
  if ! has curl; then
    bad proxy "curl is not installed: proxy and PAC file cannot be tried"
    return
  fi
  # By its variable, so that credentials stand in no list of processes.
  code=$(https_proxy=$WITH get --noproxy '' --cacert "$CA" -w '%{http_connect}')
  case $? in
    0) ok proxy "$PROXY answers for $HOST with its CA" ;;
    60) bad proxy "$PROXY answers for $HOST with another CA: make the kit anew" ;;
    *) turned_away "$code" ;;
  esac
  get --noproxy '*' --cacert "$CA"
  case $? in
    0) ok 'past the proxy' "what knows of no proxy is routed too" ;;
    60) bad 'past the proxy' "$HOST is reached directly: block TCP and UDP port 443 at the firewall" ;;
    *) ok 'past the proxy' "$HOST is not reached directly" ;;
  esac
  [ -n "$PAC" ] || return 0
  if curl -sS --noproxy '*' --max-time 15 "$PAC" 2>/dev/null | grep -q FindProxyForURL; then
    ok 'PAC file' "$PAC"
  else
    bad 'PAC file' "$PAC is not served: browsers with the policy reach nothing, others go direct"
  fi
}

the_variables() {
  if [ "$NAMED" = "$PROXY" ]; then
    ok variables "HTTPS_PROXY names the proxy"
  elif [ -z "$GIVEN" ]; then
    bad variables "HTTPS_PROXY is not set: run the machine's script, then sign out and in"
  else
    bad variables "HTTPS_PROXY names another proxy than $PROXY"
  fi
  set -f # a lone * is no pattern of files here
  for name in $(printf '%s\n' "${NO_PROXY:-}" "${no_proxy:-}" | tr ',' '\n' | sort -u); do
    domain=${name#'*'}
    case $name in '*') domain=$HOST ;; esac
    case .$HOST in
      *."${domain#.}") bad variables "NO_PROXY lets $HOST go past the proxy: take $name out" ;;
    esac
  done
  set +f
}

the_system() {
  # The store of the system, which Go, .NET, Safari and others read.
  if [ "$SYSTEM" = macos ] && [ -z "$ROOT" ]; then
    security find-certificate -a -Z 2>/dev/null | grep -q @@THUMBPRINT@@
  else
    last=$(grep -v -e '-----' "$CA" | tail -n 2 | head -n 1)
    grep -qsF -e "$last" "$ROOT/etc/ssl/certs/ca-certificates.crt" "$ROOT/etc/pki/tls/certs/ca-bundle.crt" \
      "$ROOT/etc/ssl/ca-bundle.pem"
  fi
  if [ $? = 0 ]; then
    ok 'system store' "holds the CA: Go, .NET and others trust it"
  else
    bad 'system store' "does not hold the CA: Go, .NET and others fail for AI services"
  fi
}

# runtime NAME WHAT-MAKES-IT-TRUST: `ask` is tried as it is, with a proxy that is none, and with our CA alone.
runtime() {
  ask >"$FOLDER/said" 2>&1
  if [ $? = 0 ]; then
    if (HTTPS_PROXY=$NOWHERE https_proxy=$NOWHERE NO_PROXY='' no_proxy=''; export HTTPS_PROXY https_proxy NO_PROXY no_proxy
      through_nowhere=yes ask >/dev/null 2>&1); then
      bad "$1" "takes no notice of the proxy: $2"
    elif [ "$NAMED" = "$PROXY" ]; then
      ok "$1" "is routed, and trusts the CA"
    else
      bad "$1" "reaches $HOST, but not through $PROXY"
    fi
  elif grep -qiE 'certificate|PKIX|SSL|self.signed' "$FOLDER/said"; then
    bad "$1" "does not trust the CA: $2"
  else
    bad "$1" "does not reach $HOST: $2"
  fi
}

the_runtimes() {
  if has curl; then
    ask() { curl -sS -o /dev/null --max-time 15 "$URL"; }
    runtime curl 'CURL_CA_BUNDLE has to name a list with the CA, HTTPS_PROXY the proxy'
  fi
  if has python3; then
    ask() {
      python3 -c 'import sys, urllib.error, urllib.request as r
try: r.urlopen(sys.argv[1], timeout=15)
except urllib.error.HTTPError: pass' "$URL"
    }
    runtime Python 'SSL_CERT_FILE has to name a list with the CA, HTTPS_PROXY the proxy'
    if python3 -c 'import requests' 2>/dev/null; then
      ask() { python3 -c 'import requests, sys; requests.get(sys.argv[1], timeout=15)' "$URL"; }
      runtime 'Python requests' 'REQUESTS_CA_BUNDLE has to name a list with the CA, HTTPS_PROXY the proxy'
    fi
  fi
  if has node; then
    ask() {
      node -e 'fetch(process.argv[1], { signal: AbortSignal.timeout(15000) }).then(() => process.exit(0), (error) => {
        console.error(String(error), String(error.cause && error.cause.code)); process.exit(1) })' "$URL"
    }
    runtime Node 'NODE_EXTRA_CA_CERTS has to name the CA, NODE_USE_ENV_PROXY be 1, and Node be 24 or later'
  fi
  if has java; then
    cat >"$FOLDER/Ask.java" <<'END'
public class Ask {
    public static void main(String[] arguments) throws Exception {
        var connection = (java.net.HttpURLConnection) new java.net.URL(arguments[0]).openConnection();
        connection.setConnectTimeout(15000);
        connection.setReadTimeout(15000);
        connection.getResponseCode();
    }
}
END
    ask() {
      if [ -n "${through_nowhere:-}" ]; then
        java -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9 "$FOLDER/Ask.java" "$URL"
      else
        java "$FOLDER/Ask.java" "$URL"
      fi
    }
    runtime Java 'JAVA_TOOL_OPTIONS has to name the proxy, and a list of CAs with this one'
  fi
}

policy() {
  if grep -qsE "$3" "$ROOT$2"; then
    ok "$1" "has its policies: $2"
  else
    bad "$1" "has no policy against QUIC and ways past the proxy in $2"
  fi
}

the_browsers() {
  if [ "$SYSTEM" = macos ]; then
    for domain in com.google.Chrome com.microsoft.Edge com.brave.Browser; do
      name=${domain##*.}
      [ -d "$ROOT/Applications/Google Chrome.app" ] || [ "$name" != Chrome ] || continue
      [ -d "$ROOT/Applications/Microsoft Edge.app" ] || [ "$name" != Edge ] || continue
      [ -d "$ROOT/Applications/Brave Browser.app" ] || [ "$name" != Browser ] || continue
      if [ "$(defaults read "/Library/Managed Preferences/$domain" QuicAllowed 2>/dev/null)" = 0 ]; then
        ok "$domain" "has its policies"
      else
        bad "$domain" "has no policy against QUIC: the profile is missing"
      fi
    done
    return
  fi
  quic='"QuicAllowed": *false'
  if has chromium || has chromium-browser; then
    policy Chromium /etc/chromium/policies/managed/promptguard.json "$quic"
  fi
  if has google-chrome; then policy Chrome /etc/opt/chrome/policies/managed/promptguard.json "$quic"; fi
  if has microsoft-edge; then policy Edge /etc/opt/edge/policies/managed/promptguard.json "$quic"; fi
  if has brave-browser; then policy Brave /etc/brave/policies/managed/promptguard.json "$quic"; fi
  if has firefox; then policy Firefox @@FIREFOX_FILE@@ 'network.proxy.failover_direct'; fi
}

the_agents() {
  has claude || return 0
  case $SYSTEM in
    linux) file=/etc/claude-code/managed-settings.d/60-promptguard.json ;;
    macos) file="/Library/Application Support/ClaudeCode/managed-settings.d/60-promptguard.json" ;;
  esac
  policy 'Claude Code' "$file" '@@CLAUDE_CODE@@'
}

the_proxy
the_variables
the_system
the_runtimes
the_browsers
the_agents
exit $STATUS
