#!/usr/bin/env bash
# unpack.sh SUITE DIRECTORY PACKAGE...: Debian packages and all that they need, unpacked into DIRECTORY and never installed, from the archive
# that this machine's apt knows. For peers of a later Debian than this machine's: their own dynamic linker runs them.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

die() {
  printf 'peers: %s\n' "$*" >&2
  exit 1
}

# shellcheck source=../../../../image-build/scripts/archives.sh
source "$here/../../../../image-build/scripts/archives.sh"

suite=$1 root=$2
shift 2
command -v mmdebstrap >/dev/null || die "mmdebstrap is missing: sudo apt-get install mmdebstrap"
archive=$(archive_of DEBIAN_MIRROR Debian)
rm -rf --one-file-system "$root.new"
# Maintainers' scripts do not run in this variant, so no daemon starts.
mmdebstrap --quiet --variant=extract --include="$(IFS=, && echo "$*")" --aptopt='APT::Install-Recommends "false"' \
  "$suite" "$root.new" "deb $archive $suite main"
mv "$root.new" "$root"
