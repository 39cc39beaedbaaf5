# Shared by run.sh, test.sh and bench.sh: restore and build. Sourced, not run. Sets $artifacts.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

artifacts="$root/artifacts"

say() { printf '%s\n' "$*" >&2; }

# require_sdk: ends the script where there is no 'dotnet'.
require_sdk() {
  if ! command -v dotnet >/dev/null; then
    say "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download"
    exit 1
  fi
}

# build PROJECT [ARGUMENTS]: restores and builds it (configuration Release); arguments go to 'dotnet build'. Prints a line for each step, and
# the compiler's output only if it fails.
build() {
  local project=$1 log since
  shift
  require_sdk
  log=$(mktemp)
  say "Restoring packages ..."
  if ! dotnet restore "$project" --verbosity quiet >"$log" 2>&1; then
    explain_restore "$log"
    rm -f "$log"
    exit 1
  fi
  say "Building (a first build takes two minutes or more on two processors, the next ones seconds) ..."
  since=$SECONDS
  if ! dotnet build "$project" -c Release --no-restore --verbosity quiet --nologo "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  say "Built in $((SECONDS - since)) s."
  rm -f "$log"
}

# explain_restore LOG: names each package that could not be restored, with its version; prints the log where none is named.
explain_restore() {
  local wanted name version
  wanted=$(grep -oE "error NU1[0-9]+: .*" "$1" | sed -nE "s/.*[Uu]nable to find (a stable )?package '?([A-Za-z0-9._-]+[A-Za-z0-9])'?.*/\2/p" | sort -u)
  if [ -z "$wanted" ]; then
    cat "$1" >&2
    return
  fi
  say "These packages cannot be had from this machine's NuGet sources (see 'dotnet nuget list source'):"
  for name in $wanted; do
    version=$(sed -nE "s/.*PackageVersion Include=\"$name\" Version=\"([^\"]+)\".*/\1/p" "$root/Directory.Packages.props" | head -n 1)
    case $version in '$(OrleansVersion)') version=$(sed -nE 's/.*<OrleansVersion>(.*)<.*/\1/p' "$root/Directory.Packages.props") ;; esac
    say "  $name ${version:-(asked for by another package)}"
  done
}

# sweep FOLDER: ends what was started with FOLDER for its temporary files, and the database servers whose data lie in it, and removes it.
sweep() {
  local folder=$1 data pid
  for data in "$folder"/*/data; do
    pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || continue
    # The server works in its folder; the number in a file that a crash left may be another's by now.
    [ "$(readlink "/proc/$pid/cwd")" = "$(readlink -f "$data")" ] && kill -QUIT "$pid" 2>/dev/null
  done
  for pid in /proc/[0-9]*; do
    pid=${pid#/proc/}
    [ "$pid" != $$ ] && [ "$pid" != "$BASHPID" ] && grep -qzxF "TMPDIR=$folder" "/proc/$pid/environ" 2>/dev/null && kill -KILL "$pid" 2>/dev/null
  done
  rm -rf "$folder" 2>/dev/null || { sleep 1; rm -rf "$folder"; }
}
