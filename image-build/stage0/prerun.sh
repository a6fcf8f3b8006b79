#!/usr/bin/env bash
# Debian's userland, by mmdebstrap under emulation: the only slow step, so its result is kept. The key is everything that
# goes in: the very package versions the archive offers now, this script, the lists beside it.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

mapfile -t packages < <(read_list "$STAGE_DIR"/*/*-packages-nr)

trim=()
while read -r pattern; do trim+=("--dpkgopt=path-exclude=$pattern"); done < <(read_list "$STAGE_DIR/path-exclude")

key() {
  {
    apt_arm64 update >/dev/null
    # mmdebstrap's variant "apt" is what Debian marks essential, and apt.
    resolve_arm64 '?essential' apt "${packages[@]}" >"$STAGE_WORK_DIR/solution"
    grep -q '^apt ' "$STAGE_WORK_DIR/solution" || die "the archive offers no complete system for: ${packages[*]}"
    cat "$STAGE_WORK_DIR/solution" "$STAGE_DIR/prerun.sh" "$STAGE_DIR/path-exclude"
    printf '%s\n' "$RELEASE" "$(mmdebstrap --version)"
  } | sha256sum | cut -c1-32
}

# The time of the base is fixed, not the commit's: a new commit must not rebuild what it did not touch. export-image gives
# every file its final time.
bootstrap() {
  local out=$1 sources
  mapfile -t sources < <(debian_sources)
  SOURCE_DATE_EPOCH=1767225600 mmdebstrap --mode=root --architectures=arm64 --variant=apt --format=tar \
    --include="$(IFS=,; printf '%s' "${packages[*]}")" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' \
    ${APT_PROXY:+--aptopt="Acquire::http::Proxy \"$APT_PROXY\""} \
    --dpkgopt=force-unsafe-io "${trim[@]}" \
    "$RELEASE" "$out.part" "${sources[@]}"
  mv "$out.part" "$out"
}

tar=$CACHE_DIR/userland-$(key).tar
if [ -s "$tar" ]; then
  log "userland from the cache: $(wc -l <"$STAGE_WORK_DIR/solution") packages"
else
  log "userland of $(wc -l <"$STAGE_WORK_DIR/solution") packages, under emulation: this takes a quarter of an hour"
  bootstrap "$tar"
fi
mkdir -p "$ROOTFS_DIR"
tar -C "$ROOTFS_DIR" --numeric-owner --xattrs --xattrs-include='*' -xf "$tar"
