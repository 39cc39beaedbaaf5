#!/usr/bin/env bash
# Prints the ratios of the benchmarks, each beside its baseline in the same run. --quick takes less time for each,
# --only http|grain runs one part.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/build/common.sh"

choose_runtime
build_quietly "$root/bench/TokenActors.Bench/TokenActors.Bench.csproj" "$(chosen_runtime)"
exec "$root/artifacts/$(chosen_runtime)/bin/TokenActors.Bench/release/TokenActors.Bench" "$@"
