#!/usr/bin/env bash
# End-to-end load: run.sh [--quick] [--opa PATH] | --growth; results go to bench/results. --rows 2,3 only prints those rows; --trial FOLDER is the smallest run, whose figures mean nothing,
# with results there. See docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build bench/load/ToolGateway.Load -c Release -v q -nologo
exec dotnet bench/load/ToolGateway.Load/bin/Release/net10.0/ToolGateway.Load.dll run "$@"
