#!/bin/sh
# Writes the locks anew from the .in files: dev first, the others constrained by it, so that one package has one version everywhere.
set -eu
cd "$(dirname "$0")"
compile() { uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 "$@"; }
compile dev.in -o dev.txt
for kind in local service gateway; do compile "$kind.in" -c dev.txt -o "$kind.txt"; done
