#!/usr/bin/env bash
# Builds TokenActors and runs every test that this machine can; TOKENACTORS_LONG=1 runs the long forms too.
# Ends with a line "N passed, N failed, N skipped". Arguments go to 'dotnet test' (such as --filter Name~Race).
set -uo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/build/common.sh"

passed=0 failed=0 skipped=0
notes=()
failures=

# Debian's programs that tests run: used where they are; as root on a Debian installed where they are not.
install_postgresql() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing PostgreSQL for the tests."
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql; } >/dev/null 2>&1
  fi
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || notes+=("PostgreSQL is not installed: its tests are skipped")
}

# The proxies whose configurations of the guide are run.
install_proxies() {
  local missing=()
  [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || missing+=(nginx-light)
  command -v caddy >/dev/null || missing+=(caddy)
  [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] || missing+=(apache2-bin libapache2-mod-auth-openidc)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} for the tests."
    # As programs for tests only: no service is started.
    local policy=/usr/sbin/policy-rc.d own=
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && own=1; }
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1
    [ -z "$own" ] || rm -f "$policy"
  fi
  { [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null; } && command -v caddy >/dev/null || notes+=("nginx or caddy is not installed: the proxies of the guide did not run")
  [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] || notes+=("Apache with mod_auth_openidc is not installed: its configuration did not run")
}

# The browser that looks at every page of the console.
install_browser() {
  command -v chromium >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing chromium for the tests."
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1
  fi
  command -v chromium >/dev/null || notes+=("Chromium is not installed: no browser looked at the console")
}

# The clients of other APIs that run against the gateway: npm packages, where Node is there.
install_clients() {
  local clients="$root/tests/clients"
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    notes+=("Node is not installed: no real client of the other APIs ran")
  elif [ ! -e "$clients/node_modules/.package-lock.json" ] || [ "$clients/package-lock.json" -nt "$clients/node_modules/.package-lock.json" ]; then
    echo "Installing the npm packages of tests/clients."
    (cd "$clients" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null 2>&1) ||
      { rm -rf "$clients/node_modules"; notes+=("the npm packages of tests/clients cannot be had: no real client of the other APIs ran"); }
  fi
}

# timed NAME COMMAND...: runs it and prints how long it took.
timed() {
  local name=$1 since=$SECONDS
  shift
  "$@"
  printf '%-16s %4d s\n' "$name" $((SECONDS - since))
}

# run_project PROJECT [ARGUMENTS]: adds its counts to the totals.
run_project() {
  local project=$1 log since=$SECONDS
  shift
  log=$(mktemp)
  dotnet test "$root/tests/$project" -c Release --no-build --nologo --logger "console;verbosity=normal" ${hang[@]+"${hang[@]}"} "$@" >"$log" 2>&1
  local status=$?
  local p f s
  p=$(sed -n 's/^ *Passed: *\([0-9]*\)$/\1/p' "$log" | tail -1)
  f=$(sed -n 's/^ *Failed: *\([0-9]*\)$/\1/p' "$log" | tail -1)
  s=$(sed -n 's/^ *Skipped: *\([0-9]*\)$/\1/p' "$log" | tail -1)
  passed=$((passed + ${p:-0}))
  failed=$((failed + ${f:-0}))
  skipped=$((skipped + ${s:-0}))
  sed -n 's/^ *CLUSTER /  /p' "$log"
  printf '%-16s %4d s   %d passed, %d failed, %d skipped\n' "$project" $((SECONDS - since)) "${p:-0}" "${f:-0}" "${s:-0}"
  if [ "$status" -ne 0 ]; then
    [ "${f:-0}" -gt 0 ] || failed=$((failed + 1))
    cat "$log"
    # Told once more at the end, where a log that was cut still shows it.
    failures+=$(awk '/^  Failed /{p=1} /^  (Passed|Skipped) /{p=0} p' "$log" | head -40; [ "${f:-0}" -gt 0 ] || echo "  $project did not end: $(grep -A 3 'running when the crash' "$log" || tail -n 3 "$log")")$'\n'
  fi
  rm -f "$log"
}

timed "what tests need" eval 'install_postgresql; install_proxies; install_clients; install_browser'
[ -n "${TOKENACTORS_SQLSERVER:-}" ] || notes+=("no SQL Server is given (TOKENACTORS_SQLSERVER): its storage tests are skipped")
command -v kubectl >/dev/null || notes+=("kubectl is not installed: the Kubernetes manifests were not rendered")
command -v ip >/dev/null && [ "$(id -u)" = 0 ] || notes+=("no root or no 'ip': silos were not cut off from each other")
timed "build" build "$root/TokenActors.sln"
timed "format" eval 'dotnet format whitespace "$root/TokenActors.sln" --verify-no-changes --no-restore >/dev/null 2>&1 || { failed=$((failed + 1)); echo "The white space is not what \"dotnet format whitespace\" makes of it."; }'
echo "The house:"
"$root/build/house.sh" || failed=$((failed + 1))

# Whatever tests leave behind, also where their host is ended before they can clean up, lies in one folder and ends with this script.
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/tokenactors-test-XXXXXX")
export TMPDIR
chmod 755 "$TMPDIR"
trap 'sweep "$TMPDIR"' EXIT

# Programs that live for a test or two never earn back what profiling their own code costs them.
export DOTNET_TieredPGO=0

# A test that never ends is named and ended, and the next project runs. Some of the long forms take hours.
hang=()
[ "${TOKENACTORS_LONG:-}" = 1 ] || [ $# -gt 0 ] ||
  hang=(--blame-hang-timeout 15m --blame-hang-dump-type none --results-directory "$TMPDIR/results")
for project in Domain.Tests Storage.Tests Grains.Tests Gateway.Tests Client.Tests Console.Tests Mcp.Tests Cluster.Tests; do
  run_project "$project" "$@"
done

[ -z "$failures" ] || printf 'Failed:\n%s' "$failures"
for note in ${notes[@]+"${notes[@]}"}; do
  echo "Note: $note."
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
