# Shared by run.sh and test.sh: which Orleans to build against, and how to build. Sourced, not run.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

props="$root/Directory.Build.local.props"

chosen_runtime() {
  sed -n 's/.*<OrleansRuntime>\(.*\)<\/OrleansRuntime>.*/\1/p' "$props"
}

# Tries once to restore the Orleans packages, and keeps the answer in Directory.Build.local.props (remove that file to ask again).
choose_runtime() {
  if ! command -v dotnet >/dev/null; then
    echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2
    exit 1
  fi
  if [ -z "$(chosen_runtime 2>/dev/null)" ]; then
    local runtime=Packages
    if ! dotnet restore "$root/src/Silo/TokenActors.Silo.csproj" -p:OrleansRuntime=Packages --verbosity quiet >/dev/null 2>&1; then
      runtime=Local
      echo "The Orleans packages cannot be had from this machine's NuGet sources: building on Orleans.Local (one process)." >&2
    fi
    printf '<Project>\n  <PropertyGroup>\n    <OrleansRuntime>%s</OrleansRuntime>\n  </PropertyGroup>\n</Project>\n' "$runtime" >"$props"
  fi
}

# build_quietly PROJECT RUNTIME: prints the build's output only if it fails.
build_quietly() {
  local log
  log=$(mktemp)
  if ! dotnet build "$1" -c Release -p:OrleansRuntime="$2" --verbosity quiet --nologo >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
}
