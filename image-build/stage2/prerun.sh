#!/usr/bin/env bash
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"
copy_previous
