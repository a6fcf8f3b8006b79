#!/usr/bin/env bash
# Writes what Raspberry Pi Imager offers: a list with this one image. In Imager: App Options, Content Repository, Use custom file.
#   imager.sh IMAGE ARCHIVE
set -euo pipefail

image=$1 archive=$2

# Where the archive lies: published, or in this folder (Imager reads file: too).
url=${PUBLISH_URL:-file://$DEPLOY_DIR}

jq -n --arg url "${url%/}" --arg archive "$(basename "$archive")" --arg image "$(basename "$image")" --arg version "$3" \
  --argjson size "$(stat -c %s "$image")" --arg sha256 "$(sha256sum <"$image" | cut -d' ' -f1)" \
  --argjson packed "$(stat -c %s "$archive")" --arg date "$IMG_DATE" --arg flavour "$KERNEL_FLAVOUR" '{
  os_list: [{
    name: "Noonmark \($version)",
    description: "GPS time server (NTP stratum 1); settings in noonmark.toml on the boot partition",
    icon: "\($url)/noonmark.svg",
    url: "\($url)/\($archive)",
    bmap_url: "\($url)/\($image | rtrimstr(".img")).bmap",
    extract_size: $size, extract_sha256: $sha256, image_download_size: $packed,
    release_date: $date,
    architecture: "armv8",
    # The tags by which Imager sorts boards: Zero 2 W counts as a Pi 3, CM4 and 400 as a Pi 4.
    devices: (["pi4-64bit", "pi3-64bit"] + if $flavour == "raspios" then ["pi5-64bit"] else [] end),
    # Its questions (host name, SSH key, Wi-Fi, time zone) end in rpi-preseed.toml on the boot partition, which we read.
    init_format: "rpi-preseed"
  }]
}'
