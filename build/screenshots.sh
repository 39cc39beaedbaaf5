#!/usr/bin/env bash
# Makes the pictures of the console anew, from a running service with sample data: every screen, 1280 pixels wide, in few colours. docs/console.md shows them.
# Needs Chromium and pngquant. TOKENACTORS_SCREENSHOTS=folder keeps what the browser saw too, in both themes and at two widths.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/build/common.sh"

largest=$((3 * 1024 * 1024))
for program in chromium pngquant; do
  command -v "$program" >/dev/null || { say "$program is needed: apt-get install $program"; exit 1; }
done

pictures=${TOKENACTORS_SCREENSHOTS:-}
if [ -z "$pictures" ]; then
  pictures=$(mktemp -d)
  trap 'rm -rf "$pictures"' EXIT
fi
build "$root/tests/Console.Tests/TokenActors.Console.Tests.csproj"
TOKENACTORS_SCREENSHOTS=$pictures dotnet test "$root/tests/Console.Tests" -c Release --no-build --nologo --filter 'FullyQualifiedName~ScreenTests' >&2
folder=$root/docs/images
mkdir -p "$folder"
rm -f "$folder"/*.png
for picture in "$pictures"/*-1280-light.png "$pictures"/token-1280-dark.png; do
  name=$(basename "$picture" .png)
  pngquant --speed 1 --strip --nofs 64 --output "$folder/${name/-1280/}.png" "$picture"
done
for picture in "$folder"/*-light.png; do
  mv "$picture" "${picture/-light/}"
done
size=$(cat "$folder"/*.png | wc -c)
say "Made $(ls "$folder"/*.png | wc -l) pictures in docs/images, $((size / 1024)) KiB."
if [ "$size" -gt "$largest" ]; then
  say "They are too large together: at most $((largest / 1024)) KiB."
  exit 1
fi
