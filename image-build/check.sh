#!/usr/bin/env bash
# Looks at the scripts and at a finished image from outside: what a build could get wrong without anybody noticing.
#   check.sh             the scripts alone
#   check.sh IMAGE.img   the image too, with what lies beside it; needs no root and no loop device
set -euo pipefail
BASE_DIR=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
source "$BASE_DIR/scripts/lib.sh"

faults=0
fault() {
  log "FAULT: $*"
  faults=$((faults + 1))
}

check_scripts() {
  local scripts
  need shellcheck
  mapfile -t scripts < <(find "$BASE_DIR" -path "$BASE_DIR/deploy" -prune -o -name '*.sh' -print)
  shellcheck -x -P SCRIPTDIR "${scripts[@]}" "$BASE_DIR/config" "$BASE_DIR/initramfs/init" || fault 'shellcheck'
  log "shellcheck: $((${#scripts[@]} + 2)) scripts"
}

# partition NUMBER FIELD, as sfdisk says it.
partition() { jq -r ".partitiontable.partitions[$1 - 1].$2" <<<"$table"; }

is() { [ "$2" = "$3" ] || fault "$1 is '$2', must be '$3'"; }

label_of() { blkid -p -s LABEL -o value --offset $(($(partition "$1" start) * 512)) "$image"; }

check_partitions() {
  local number
  table=$(sfdisk --json "$image")
  is 'kind of partition table' "$(jq -r .partitiontable.label <<<"$table")" dos
  is 'number of partitions' "$(jq '.partitiontable.partitions | length' <<<"$table")" 4
  for number in 1 2 3 4; do
    is "alignment of partition $number (8 MiB)" "$(($(partition $number start) % 16384))" 0
  done
  is 'type of the boot partition' "$(partition 1 type)" c
  is 'size of root B' "$(partition 3 size)" "$(partition 2 size)"
  is 'label of the boot partition' "$(label_of 1)" BOOTFS
  is 'label of the data partition' "$(label_of 4)" noonmark-data
  is 'first bytes of root B, which is empty' \
    "$(dd if="$image" bs=512 skip="$(partition 3 start)" count=2048 status=none | tr -d '\0' | wc -c)" 0
  local id
  id=$(jq -r .partitiontable.id <<<"$table")
  grep -q "root=PARTUUID=${id#0x}-02 " "$boot/cmdline.txt" || fault "cmdline.txt does not name root A of disk $id"
  ! grep -Eq 'console=(serial|ttyAMA|ttyS)' "$boot/cmdline.txt" || fault 'cmdline.txt has a console on the receiver'\''s serial port'
}

# absent WHAT PATTERN: no line "octal-mode uid gid /path" of the root file system may match.
absent() {
  local found
  found=$(grep -P "$2" "$work/list" | head -n 3 || true)
  [ -z "$found" ] || fault "$1: $found"
}

# in_root PATH: the content of a file.
in_root() { cat "$work/root$1"; }

# Everything with its mode and owner. Unpacking alone would lose the special bits, so debugfs lists each directory.
list_root() {
  mkdir "$work/root"
  debugfs -R "rdump / $work/root" "$root" 2>/dev/null
  find "$work/root" -type d -printf 'ls -p "/%P"\n' | debugfs -f - "$root" 2>/dev/null | awk -F/ '
    /^debugfs: ls -p / { directory = $0; sub(/^[^"]*"/, "", directory); sub(/"$/, "", directory); next }
    NF > 6 && $6 !~ /^[.][.]?$/ { print $3, $4, $5, (directory == "/" ? "" : directory) "/" $6 }'
}

# A pattern for setuid and setgid files other than these.
setuid_but() {
  local IFS='|'
  printf '^10[2-7].* (?!(%s)$)/' "$*"
}

check_root() {
  list_root >"$work/list"
  absent 'world-writable' '^(10\d{3}[2367]|040\d{2}[2367]) '
  absent 'setuid or setgid, and not known to be so' "$(setuid_but \
    /usr/bin/{chfn,chsh,gpasswd,mount,newgrp,passwd,su,sudo,umount,chage,expiry,ssh-agent} \
    /usr/sbin/unix_chkpwd /usr/lib/dbus-1.0/dbus-daemon-launch-helper /usr/lib/openssh/ssh-keysign)"
  absent 'a compiler or Python' '/bin/(gcc|cc|c\+\+|g\+\+|clang|tcc|as|ld|make|javac|python[0-9.]*|pip[0-9]*)$'
  absent 'Perl beyond perl-base' '/share/perl/|/bin/(perldoc|cpan)$'
  absent 'a rival time daemon' '/(systemd-timesyncd|chronyd|ntpd|ntpd-rs|openntpd|timesyncd\.conf)$'
  absent 'an SSH host key' '/etc/ssh/ssh_host_'
  absent 'a program of the build machine' '/(qemu-aarch64[^/]*|policy-rc\.d)$'
  is 'size of /etc/machine-id' "$(in_root /etc/machine-id | wc -c)" 0
  is 'accounts with a password' "$(in_root /etc/shadow | awk -F: '$2 !~ /^[*!]/ { printf "%s ", $1 }')" ''
  # Without it nobody could ever become root: no account has a password.
  is "mode of the login user's sudo rule" "$(awk '$4 ~ "^/etc/sudoers.d/010_" { print $1, $2, $3 }' "$work/list")" '100440 0 0'
  is "the login user's sudo rule" "$(cat "$work"/root/etc/sudoers.d/010_* | grep -c '^[a-z][^ ]* ALL=(ALL:ALL) NOPASSWD: ALL$')" 1
  absent 'an archive for apt, perhaps the mirror of the machine that built it' '/etc/apt/sources\.list(\.d/.+)?$'
}

check_imager() {
  local list found size
  list=$(dirname "$image")/os_list.json
  found=$(jq -r --slurpfile schema "$BASE_DIR/imager/os-list-schema.json" -f "$BASE_DIR/imager/validate.jq" "$list")
  [ -z "$found" ] || fault "$found"
  # The newest image of the folder is the one that the list offers.
  size=$(stat -c %s "$image")
  is 'extract_size in os_list.json' "$(jq '.os_list[0].extract_size' "$list")" "$size"
  is 'extract_sha256 in os_list.json' "$(jq -r '.os_list[0].extract_sha256' "$list")" "$(sha256sum <"$image" | cut -d' ' -f1)"
}

check_beside() {
  (cd "$(dirname "$image")" && sha256sum --quiet -c "$(basename "$image" .img).sha256") || fault 'SHA-256 file'
  jq -e '.bomFormat == "CycloneDX" and (.components | length > 100)' "${image%.img}.sbom.json" >/dev/null || fault 'SBOM'
  jq -e '[.components[]."bom-ref"] | length == (unique | length)' "${image%.img}.sbom.json" >/dev/null || fault 'SBOM: two components of one name'
}

check_image() {
  need sfdisk jq blkid debugfs tar
  image=$(realpath "$1")
  boot=${image%.img}.boot
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  check_partitions
  root=$work/root.ext4
  dd if="$image" of="$root" bs=512 skip="$(partition 2 start)" count="$(partition 2 size)" conv=sparse status=none
  e2fsck -fn "$root" >/dev/null 2>&1 || fault 'the root file system has errors'
  check_root
  check_imager
  check_beside
  "$BASE_DIR/check-overlays.sh" "$boot" || fault 'overlays'
  log "image: $(wc -l <"$work/list") files looked at"
}

check_scripts
if [ $# -gt 0 ]; then check_image "$1"; fi
[ "$faults" = 0 ] || die "$faults faults"
log 'no fault found'
