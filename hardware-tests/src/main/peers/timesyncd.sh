#!/usr/bin/env bash
# timesyncd.sh ROOT LIBRARY SERVER...: systemd-timesyncd of the unpacked Debian in ROOT asks these servers, without the privilege to set a clock
# and with one that stands still (LIBRARY). It knows no other folders than the system's, so it runs in that root, with empty ones over them; to
# be called in a mount namespace of its own, as root.
set -euo pipefail

root=$1 library=$2
shift 2
state=var/lib/systemd/timesync
user=991

for folder in run tmp etc "$state"; do
  mkdir -p "$root/$folder"
  mount -t tmpfs -o mode=755 tmpfs "$root/$folder"
done
# There it looks whether there is IPv6.
mkdir -p "$root/proc"
mount -t proc proc "$root/proc"
mkdir -p "$root/etc/systemd" "$root/run/systemd/timesync"
chown "$user:$user" "$root/run/systemd/timesync" "$root/$state"
cp "$library" "$root/tmp/still-clock.so"
echo "systemd-timesync:x:$user:$user::/:/bin/false" >"$root/etc/passwd"
echo "systemd-timesync:x:$user:" >"$root/etc/group"
printf '[Time]\nNTP=%s\nFallbackNTP=\nPollIntervalMinSec=16\n' "$*" >"$root/etc/systemd/timesyncd.conf"

linker=$(cd "$root" && echo usr/lib*/ld-linux-*.so.*)
libraries=$(cd "$root" && echo usr/lib/*-linux-gnu)
export SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console
exec setpriv --bounding-set -sys_time --inh-caps -sys_time chroot "--userspec=$user:$user" "$root" "/${linker%% *}" \
  --preload /tmp/still-clock.so --library-path "/$libraries:/$libraries/systemd" /usr/lib/systemd/systemd-timesyncd
