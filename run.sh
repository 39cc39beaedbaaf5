#!/usr/bin/env bash
# Builds TokenActors and serves it on http://127.0.0.1:8080, data in ./data. --urls URL and --data DIR change them; --help lists the rest.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/build/common.sh"

build "$root/src/Gateway/TokenActors.Gateway.csproj"
exec dotnet "$artifacts/bin/TokenActors.Gateway/release/tokenactors.dll" "$@"
