#!/usr/bin/env bash
# The gateway under faults: run.sh [--only NAME,...] [--minutes N] [--opa PATH] | --list; results go to bench/results. See docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build bench/faults/ToolGateway.Faults -c Release -v q -nologo
exec dotnet bench/faults/ToolGateway.Faults/bin/Release/net10.0/ToolGateway.Faults.dll "$@"
