#!/usr/bin/env bash
# Makes the pictures of the console anew, from a running service with sample data: every screen, in both themes. The guides show those in docs/images.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/build/common.sh"

pictures=$(mktemp -d)
trap 'rm -rf "$pictures"' EXIT
build "$root/tests/Console.Tests/TokenActors.Console.Tests.csproj"
TOKENACTORS_SCREENSHOTS=$pictures dotnet test "$root/tests/Console.Tests" -c Release --no-build --nologo --filter 'FullyQualifiedName~ScreenTests' >&2
mkdir -p "$root/docs/images/screens"
rm -f "$root"/docs/images/screens/*.png
for picture in "$pictures"/*-1280-light.png; do
  cp "$picture" "$root/docs/images/screens/$(basename "$picture" -1280-light.png).png"
done
cp "$pictures/token-1280-dark.png" "$root/docs/images/console-token-dark.png"
say "Made $(ls "$root/docs/images/screens" | wc -l) pictures in docs/images/screens."
