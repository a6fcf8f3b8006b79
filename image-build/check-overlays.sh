#!/usr/bin/env bash
# Merges every overlay of ours into the device tree of every board that we promise, as the board's firmware does at each boot.
# A label that a tree does not have would show on the board alone, as a receiver that is not there.
#   check-overlays.sh BOOT-DIRECTORY      one that holds the kernel's bcm2*.dtb, such as deploy/NAME.boot
set -euo pipefail
BASE_DIR=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source "$BASE_DIR/scripts/lib.sh"
need dtc fdtoverlay fdtget

boot=${1:?the directory with the device trees}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Compute Module 3 has no Bluetooth and no Wi-Fi; Pi 5 is for the other kernel flavour.
boards() { find "$boot" -maxdepth 1 -name 'bcm2837-rpi-*.dtb' ! -name '*-cm3-*' -o -maxdepth 1 -name 'bcm2711-rpi-*.dtb' | sort; }

# Fragments that a parameter switches on count too: fdtoverlay passes over dormant ones.
compile() { sed 's/__dormant__/__overlay__/' "$1" | dtc -@ -q -I dts -O dtb -o "$2"; }

# What a merged tree must say; a merge that changes nothing would pass otherwise.
expect() {
  local tree=$1 overlay=$2
  case $overlay in
    pps-gpio) [ "$(fdtget "$tree" /pps-gpio compatible)" = pps-gpio ] ;;
    disable-bt) [ "$(fdtget "$tree" "$(fdtget "$tree" /__symbols__ bt)" status)" = disabled ] &&
      [ "$(fdtget "$tree" "$(fdtget "$tree" /__symbols__ uart0)" status)" = okay ] ;;
    disable-wifi) [ "$(fdtget "$tree" "$(fdtget "$tree" /__symbols__ sdhci)" status)" = disabled ] ;;
    i2c-rtc) [ "$(fdtget "$tree" "$(fdtget "$tree" /__symbols__ i2c1)/rtc@68" compatible)" = maxim,ds3231 ] ;;
    *) die "$overlay.dts: nothing is known here of what it must change" ;;
  esac
}

merges=0
while read -r board; do
  for source in "$BASE_DIR"/overlays/*.dts; do
    overlay=$(basename "$source" .dts)
    compile "$source" "$work/$overlay.dtbo"
    fdtoverlay -i "$board" -o "$work/merged.dtb" "$work/$overlay.dtbo" ||
      die "$overlay does not merge into $(basename "$board")"
    expect "$work/merged.dtb" "$overlay" || die "$overlay merges into $(basename "$board"), but changes nothing there"
    merges=$((merges + 1))
  done
  # As on a card: the shipped ones together.
  fdtoverlay -i "$board" -o "$work/merged.dtb" "$work"/*.dtbo || die "the overlays together do not merge into $(basename "$board")"
done < <(boards)
[ "$merges" -gt 0 ] || die "$boot holds no device tree of a Pi 3, 4 or Zero 2"
log "overlays: $merges merges into $(boards | wc -l) device trees"
