# shellcheck shell=bash
# To be sourced by scripts that run programs of the unpacked Debian as on a system of theirs: in network and mount namespaces of their own, as
# root. All that is written is gone with the namespaces.

user=991
pids=()
end() {
  [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
}
trap end EXIT

# make_root ROOTS [FOLDER]: lays the unpacked ROOTS (parted by colons, the first before the others) over each other, and FOLDER over them all, as
# $root, which may be written; $work is a folder for all else.
make_root() {
  work=/mnt
  mount -t tmpfs -o mode=755 tmpfs "$work"
  mkdir "$work/upper" "$work/work" "$work/root"
  [ $# = 1 ] || cp -a "$2/." "$work/upper"
  # The folder may be its owner's alone.
  chmod 755 "$work/upper"
  mount -t overlay -o "lowerdir=$1,upperdir=$work/upper,workdir=$work/work" overlay "$work/root"
  root=$work/root
  local folder device name
  for folder in bin sbin lib lib64; do
    [ -e "$root/$folder" ] || [ ! -d "$root/usr/$folder" ] || ln -s "usr/$folder" "$root/$folder"
  done
  mkdir -p "$root"/{proc,sys,dev,run,tmp}
  [ -e "$root/var/run" ] || ln -s ../run "$root/var/run"
  mount -t proc proc "$root/proc"
  # Read-only, as in a container: so networkd does not wait for udev.
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  for device in null zero random urandom; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  # The first is how a hook knows that systemd runs.
  mkdir -p "$root"/run/systemd/{system,netif,timesync,resolve} "$root"/run/{dhcpcd,chrony,dbus,avahi-daemon}
  # Without what was learned by others that ran in the same folder.
  rm -rf "$root"/var/lib/{dhcp,dhcpcd}
  mkdir -p "$root"/var/lib/{dhcp,dhcpcd,chrony,systemd/timesync}
  chmod 700 "$root/run/chrony"
  # Users that the packages' scripts would have made.
  echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  for name in dhcpcd _chrony messagebus avahi netdev systemd-network systemd-timesync systemd-resolve; do
    echo "$name:x:$user:$user::/:/bin/false" >>"$root/etc/passwd"
    echo "$name:x:$user:" >>"$root/etc/group"
  done
  chown -R "$user:$user" "$root"/run/systemd/{netif,timesync,resolve} "$root/run/avahi-daemon" "$root/var/lib/systemd/timesync"
  : >"$root/etc/resolv.conf"
  echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
}

# start NAME COMMAND...: beside this script, its words in the file $work/NAME.
start() {
  local name=$1
  shift
  : >"$work/$name"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console "$@" >"$work/$name" 2>&1 &
  pids+=($!)
}

# wait_for SECONDS COMMAND
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

# tell NAME...: the last that these files have.
tell() {
  local name
  for name in "$@"; do
    [ ! -e "$work/$name" ] || { echo "--- $name" && tail -n 40 "$work/$name"; }
  done
}
