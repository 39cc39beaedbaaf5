#!/usr/bin/env bash
# Prints a table of figures, each beside its baseline of the same run. --quick takes three to four minutes, --only http,kill,refresh,cold,sqlite,
# callers,tokens,start,stock,organization,cluster runs some parts, --out FOLDER writes the results and their plots. --micro times the small parts instead.
# --beside tokenactors.dll [--pairs N] [--only introspection,issue,refresh,cold,sqlite] compares this build with another by processor time.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/build/common.sh"

binaries="$artifacts/bin"
if [ "${1:-}" = --micro ]; then
  shift
  build "$root/bench/TokenActors.Micro/TokenActors.Micro.csproj"
  exec "$binaries/TokenActors.Micro/release/TokenActors.Micro" "$@"
fi

build "$root/bench/TokenActors.Bench/TokenActors.Bench.csproj"
build "$root/src/Silo/TokenActors.Silo.csproj"
oidc="$root/bench/peers/oidc-provider"
if ! command -v node >/dev/null || ! (cd "$oidc" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent); then
  echo "oidc-provider cannot be installed (it needs node and npm): measured without it." >&2
fi

openiddict="$root/bench/peers/openiddict"
if ! dotnet build "$openiddict/OpenIddictPeer.csproj" -c Release --nologo --verbosity quiet >/dev/null 2>&1; then
  echo "OpenIddict cannot be built (its packages cannot be had here): measured without it." >&2
fi

exec "$binaries/TokenActors.Bench/release/TokenActors.Bench" --oidc "$oidc" --openiddict "$binaries/OpenIddictPeer/release/OpenIddictPeer.dll" \
  --silo "$binaries/TokenActors.Silo/release/tokenactors-silo.dll" "$@"
