#!/usr/bin/env bash
# The program, its libraries, and their native parts unpacked: at run time they would be unpacked into a folder that others
# may write to, and the root file system is read-only.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

target=$REPOSITORY/appliance/target
place=$ROOTFS_DIR/usr/lib/noonmark

# native JAR PATH-INSIDE
native() { unzip -qjo "$1" "$2" -d "$place/native"; }

mkdir -p "$place/lib" "$place/native"
install -m 644 "$target/noonmark.jar" "$place/"
install -m 644 "$target"/lib/*.jar "$place/lib/"
native "$target"/lib/jna-[0-9]*.jar com/sun/jna/linux-aarch64/libjnidispatch.so
native "$target"/lib/jSerialComm-*.jar Linux/armv8_64/libjSerialComm.so
for library in libpi4j-gpiod.so libgpiod.so; do
  native "$target"/lib/pi4j-library-gpiod-*.jar "lib/aarch64/pi4j-gpiod/$library"
done
native "$target"/board/AmazonCorrettoCryptoProvider-*.jar com/amazon/corretto/crypto/provider/libamazonCorrettoCryptoProvider.so
# What was built for the machine that builds has its own library inside, which no board can load.
zip -qd "$place"/lib/AmazonCorrettoCryptoProvider-*.jar 'com/amazon/corretto/crypto/provider/*.so'
chmod 644 "$place"/native/*

# The identity of a build is its sources: the commit, and whether something was changed on top of it.
commit=${BUILD_ID:-$(git -C "$REPOSITORY" rev-parse --short=12 HEAD 2>/dev/null || printf unknown)}
if [ -z "$BUILD_ID" ] && [ -n "$(git -C "$REPOSITORY" status --porcelain 2>/dev/null)" ]; then commit=$commit-changed; fi
version=$(unzip -p "$target/noonmark.jar" META-INF/MANIFEST.MF | tr -d '\r' | sed -n 's/^Implementation-Version: //p')
cat >"$place/build-info" <<END
VERSION=$version
BUILD_ID=$commit
SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH
END

# No clock may start before this moment: export-image gives every new file the time SOURCE_DATE_EPOCH, and systemd and our
# initramfs look at this file's.
: >"$ROOTFS_DIR/usr/lib/clock-epoch"
