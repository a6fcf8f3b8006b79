#!/usr/bin/env bash
# Judges everything in rootfs/ with Debian trixie's own programs: systemd, sshd, nft, udev.
#   ./check.sh            as root: in a trixie root that is made once and kept (see cache below)
# As any other user only what needs no trixie: reasons, shellcheck, the scripts' tests; it says what it left out.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
rootfs=$here/rootfs
# What trixie's programs must be there: the packages that the image needs for this tree.
packages=systemd-sysv,udev,dbus,systemd-resolved,openssh-server,nftables,iproute2,netcat-openbsd,fdisk,e2fsprogs,ethtool,kmod,wpasupplicant

say() { printf 'check: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
# shellcheck source=../image-build/scripts/archives.sh
source "$here/../image-build/scripts/archives.sh"

# need COMMAND PACKAGE: installs it as root on Debian, or says how to get it.
need() {
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing $2"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; } >/dev/null && return
  fi
  die "$1 is missing. On Debian or Raspberry Pi OS: sudo apt-get install $2"
}

# Files whose every line must have its reason: all configuration of ours but the firewall and the daemon's own, which are prose by nature.
explained_files() {
  find "$rootfs/usr/lib/systemd" "$rootfs"/usr/lib/{sysusers,tmpfiles,sysctl,modules-load}.d "$rootfs/usr/lib/udev" \
    "$rootfs"/etc/ssh "$rootfs/etc/fstab" "$rootfs/etc/noonmark/tuning.conf" -type f | sort
}

# A reason is a comment right above the line.
check_reasons() {
  local without
  # shellcheck disable=SC2016 # the variables are awk's
  without=$(explained_files | xargs awk -v base="$rootfs/" '
    FNR == 1 { previous = "" }
    /^[^#;[[:space:]]/ && previous !~ /^[#;]/ { print substr(FILENAME, length(base) + 1) ":" FNR ": " $0 }
    { previous = $0 }')
  if [ -n "$without" ]; then
    printf '%s\n' "$without" >&2
    die 'these lines have no reason above them'
  fi
  say "every line of $(explained_files | wc -l) files has its reason"
}

shell_scripts() { grep -rlE '^#!/bin/(ba)?sh|^#!/usr/bin/env bash' "$rootfs" "$here"/*.sh; }

check_shell() {
  local scripts
  mapfile -t scripts < <(shell_scripts)
  shellcheck -x -P SCRIPTDIR "${scripts[@]}"
  say "shellcheck: ${#scripts[@]} scripts"
}

# trixie_root: makes, once for this list of packages, the root in which trixie's programs judge; prints where it is.
trixie_root() {
  local cache root archive
  cache=${NOONMARK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/noonmark}/units
  root=$cache/trixie-$(printf '%s' "$packages" | sha256sum | cut -c1-12)
  if [ ! -d "$root" ]; then
    need mmdebstrap mmdebstrap
    archive=$(archive_of DEBIAN_MIRROR Debian)
    mkdir -p "$cache"
    rm -rf "$root.new"
    say 'making a trixie root (half a minute, 130 MB)'
    # variant=apt: a system without the packages that only a login needs. force-unsafe-io: nothing here must survive a crash.
    mmdebstrap --quiet --mode=root --variant=apt --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --dpkgopt='path-exclude=/usr/lib/udev/hwdb.d/*' --include="$packages" trixie "$root.new" "deb $archive trixie main" >&2
    mv "$root.new" "$root"
  fi
  printf '%s' "$root"
}

# in_trixie COMMAND...: runs the judges below in a copy of the trixie root with our tree over it. A namespace of its own: every mount is
# gone when it ends.
in_trixie() {
  local root
  root=$(trixie_root)
  unshare --mount -- "${BASH_SOURCE[0]}" --judge "$root"
}

# judge ROOT: inside that namespace.
judge() {
  local base=$1 work=/run
  mount -t tmpfs judge "$work"
  mkdir "$work"/{changes,work,root}
  mount -t overlay judge -o "lowerdir=$base,upperdir=$work/changes,workdir=$work/work" "$work/root"
  cp -rT --no-preserve=ownership "$rootfs" "$work/root"
  mount -t proc proc "$work/root/proc"
  # Generators take a /sys that cannot be written for a container's.
  mount -t tmpfs sys "$work/root/sys"
  mount -t tmpfs run "$work/root/run"
  cp "$here/judge.sh" "$here/README.md" "$here/firewall-example.nft" "$work/root/run/"
  chroot "$work/root" /bin/bash /run/judge.sh
}

if [ "${1:-}" = --judge ]; then
  judge "$2"
  exit 0
fi

need shellcheck shellcheck
check_reasons
check_shell
need sfdisk fdisk
"$here/test-scripts.sh"
if [ "$(id -u)" = 0 ]; then
  in_trixie
else
  say 'NOT judged by trixie (systemd-analyze verify and security, sshd, nft, udev): that takes root'
fi
say 'all well'
