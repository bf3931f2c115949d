#!/usr/bin/env bash
# usage: ./publish.sh [FOLDER]
# Publishes toolgateway for linux-x64 with the .NET runtime in it: nothing needs to be installed where it runs. FOLDER is artifacts/linux-x64 by default, and is replaced.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(realpath -m "${1:-$here/artifacts/linux-x64}")
if [ -e "$folder" ] && [ -n "$(ls -A "$folder")" ] && [ ! -e "$folder/toolgateway.dll" ]; then
  echo "publish.sh: $folder holds something else; name a new or empty folder" >&2
  exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Intermediate files of their own: a build for one platform beside the usual one would make both restore again. The build has looked at the style already.
if ! dotnet publish "$here/src/ToolGateway.Host" -c Release -r linux-x64 --self-contained -p:RunAnalyzers=false --artifacts-path "$work/build" -o "$work/out" -v q -nologo > "$work/log" 2>&1; then
  cat "$work/log" >&2
  if grep -qE 'NU110[0-3].*(Microsoft\.(NETCore|AspNetCore)\.App\.(Runtime|Host)|ILCompiler)' "$work/log"; then
    echo "publish.sh: the package source has no runtime pack for linux-x64 (Microsoft.NETCore.App.Runtime.linux-x64, Microsoft.AspNetCore.App.Runtime.linux-x64)." >&2
    echo "Add a source that has it (dotnet nuget add source), or publish without the runtime: dotnet publish src/ToolGateway.Host -c Release -o FOLDER" >&2
  fi
  exit 1
fi
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
mv "$work/out" "$folder"
echo "$("$folder/toolgateway" --version) in $folder, $(du -sh "$folder" | cut -f1)"
