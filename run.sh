#!/usr/bin/env bash
# Builds TokenActors and serves it on http://127.0.0.1:8080, data in ./data. --urls URL and --data DIR change them; --help lists the rest.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/build/common.sh"

# value_of FLAG DEFAULT ARGUMENTS...: what the command line gives for a flag, as "--flag value" or "--flag=value".
value_of() {
  local flag=$1 value=$2
  shift 2
  while [ $# -gt 0 ]; do
    case $1 in
      "$flag") value=${2:-} ;;
      "$flag"=*) value=${1#*=} ;;
    esac
    shift
  done
  printf '%s' "$value"
}

# What would fail after the build is said before it; the program checks again.
url=$(value_of --urls http://127.0.0.1:8080 "$@")
data=$(value_of --data data "$@")
if [[ $url =~ ^http://(127\.0\.0\.1|localhost):([0-9]+)/?$ ]] && [ "${BASH_REMATCH[2]}" != 0 ] &&
  (exec 3<>"/dev/tcp/127.0.0.1/${BASH_REMATCH[2]}") 2>/dev/null; then
  say "Port ${BASH_REMATCH[2]} is in use. Stop the program that listens there, or listen elsewhere: ./run.sh --urls http://127.0.0.1:8081"
  exit 1
fi
if command -v flock >/dev/null && [ -e "$data/tokenactors.db.lock" ] && ! flock --nonblock "$data/tokenactors.db.lock" true; then
  say "Another process serves the data in $data. Stop it first, or keep other data: ./run.sh --data ./other"
  exit 1
fi

build "$root/src/Gateway/TokenActors.Gateway.csproj"
say "Starting ... Try the command line beside it: TOKENACTORS_URL=$url dotnet run --project src/Cli -- --help"
exec dotnet "$artifacts/bin/TokenActors.Gateway/release/tokenactors.dll" "$@"
