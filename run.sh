#!/usr/bin/env bash
# Builds TokenActors and serves it on http://127.0.0.1:8080, data in ./data. --urls URL and --data DIR change them; --help lists the rest.
# --demo fills ./data-demo (or what --data says) with a company's five weeks first, and serves that.
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

demo=
arguments=()
for argument in "$@"; do
  if [ "$argument" = --demo ]; then demo=yes; else arguments+=("$argument"); fi
done
set -- ${arguments[@]+"${arguments[@]}"}

# What would fail after the build is said before it; the program checks again.
url=$(value_of --urls http://127.0.0.1:8080 "$@")
data=$(value_of --data data${demo:+-demo} "$@")
if [ -z "$data" ]; then
  say "--data needs a folder: ./run.sh --data ./other"
  exit 1
fi
if [ -n "$demo" ] && [ -e "$data" ]; then
  say "$data is there already, and nothing is written over it. Serve it: ./run.sh --data $data. Or remove it, and run this again."
  exit 1
fi
if [[ $url =~ ^http://(127\.0\.0\.1|localhost):([0-9]+)/?$ ]] && [ "${BASH_REMATCH[2]}" != 0 ] &&
  (exec 3<>"/dev/tcp/127.0.0.1/${BASH_REMATCH[2]}") 2>/dev/null; then
  say "Port ${BASH_REMATCH[2]} is in use. Stop the program that listens there, or listen elsewhere: ./run.sh --urls http://127.0.0.1:8081"
  exit 1
fi
if command -v flock >/dev/null && [ -e "$data/tokenactors.db.lock" ] && ! flock --nonblock "$data/tokenactors.db.lock" true; then
  say "Another process serves the data in $data. Stop it first, or keep other data: ./run.sh --data ./other"
  exit 1
fi

# The rules of style are test.sh's to check: a start need not wait for them.
if [ -n "$demo" ]; then
  build "$root/tools/TokenActors.Demo/TokenActors.Demo.csproj" -p:RunAnalyzers=false
  say "Filling $data with three customers, their people and a hundred tokens, used for five weeks (half a minute) ..."
  dotnet "$artifacts/bin/TokenActors.Demo/release/tokenactors-demo.dll" "$data"
  case " $* " in *" --data "* | *" --data="*) ;; *) set -- "$@" --data "$data" ;; esac
else
  build "$root/src/Gateway/TokenActors.Gateway.csproj" -p:RunAnalyzers=false
fi
say "Starting ... Try the command line beside it: TOKENACTORS_URL=$url dotnet run --project src/Cli -- --help"
exec dotnet "$artifacts/bin/TokenActors.Gateway/release/tokenactors.dll" "$@"
