#!/usr/bin/env bash
# What the board's firmware reads: itself, overlays, config.txt, cmdline.txt.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

boot=$ROOTFS_DIR/boot/firmware
firmware=$STAGE_WORK_DIR/unpacked/usr/lib/raspi-firmware

# Pi 3 and Zero 2 W read the first three, Pi 4 and CM4 the last two; a Pi 5 has its firmware in flash.
cp "$firmware"/{bootcode.bin,start.elf,fixup.dat,start4.elf,fixup4.dat} "$boot/"

if [ "$KERNEL_FLAVOUR" = debian ]; then
  mkdir -p "$boot/overlays"
  for source in "$BASE_DIR"/overlays/*.dts; do
    dtc -@ -q -I dts -O dtb -o "$boot/overlays/$(basename "$source" .dts).dtbo" "$source"
  done
fi

{
  cat <<'END'
# Read by the board's firmware before anything else. What noonmark.toml decides stands in the marked block at the end;
# lines of your own go above it.

# The kernel is a 64-bit one.
arm_64bit=1
kernel=vmlinuz
initramfs initrd.img followkernel
# Pins 8 and 10 are a serial port, and the core clock stands still, so that its speed is right.
enable_uart=1
# No rainbow square; nothing waits for a screen.
disable_splash=1
boot_delay=0
END
  if [ "$KERNEL_FLAVOUR" = debian ]; then
    cat <<'END'
# The device trees are Debian's own, under the names that Linux itself gives them.
upstream_kernel=1
END
  fi
  if [ "$KERNEL_FLAVOUR" = raspios ]; then
    cat <<'END'
# On a Pi 5 the port on pins 8 and 10 is one of several, and off; enable_uart means another one there.
[pi5]
dtparam=uart0=on
[all]
END
  fi
  cat "$SUB_STAGE_DIR/default-block"
} >"$boot/config.txt"

# export-image puts the disk's identifier in. The serial port is the receiver's: no console on it.
printf '%s\n' \
  'console=tty1 root=PARTUUID=@DISK-ID@-02 rootfstype=ext4 rootwait ro net.ifnames=0 panic=10 loglevel=4' >"$boot/cmdline.txt"
