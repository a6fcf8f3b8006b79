# shellcheck shell=dash
# What the jobs of the pulse guest share. Programs lie in /share, which the host shares and which is slow; all work is done in /tmp,
# in memory, and the logs are copied back at the end.

socket=/run/noonmark/control.sock
cd /tmp || exit 1

# What will be run goes into the page cache first (directories do not, and complain): a wait for the disk of a busy host costs virtual
# time, and makes pulses late.
java=/usr/lib/jvm/java-25-openjdk-arm64/lib
cp /share/receiver-sim /share/watch-status .
cat /usr/bin/* /usr/sbin/* /usr/lib/aarch64-linux-gnu/*.so* $java/modules $java/*.so $java/server/* >/dev/null 2>&1

# start_world OPTIONS: starts the receiver and the observer of the true time. The same world for the same options and the same
# seed, which the rig gives.
start_world() {
  ./receiver-sim --seed "$(cat /share/seed)" --ppm 12 --walk 0.001 --jitter 30 "$@" >world.log &
  world=$!
}

await_worlds_end() { wait "$world"; }

# The second that the world has last written down.
second() { tail -n 1 world.log | cut -f 1; }

# until_second N: the world has written down its second N.
until_second() {
  until [ "$(second)" -ge "$1" ] 2>/dev/null; do sleep 0.3; done
}

# mark NAME: for the host, what happened after which second.
mark() { printf '%s\t%s\n' "$(second)" "$1" >>marks.log; }

# configure RECEIVER-OPTIONS: the daemon's configuration. Pulses are simulated inside the guest, in its own time: far more punctual than
# what the daemon must expect of an emulated board.
configure() {
  cat >noonmark.conf <<END
receiver /dev/ttyS1 $* refid GPS pps /dev/pps0 pps-latency 0 pps-latency-error 25e-6
allow 127.0.0.0/8
driftfile /tmp/drift
controlsocket $socket
END
}

prepare_daemon() {
  mkdir -p ${socket%/*}
  cp -r /share/noonmark.jar /share/lib .
  ./watch-status $socket >status.log &
}

# start_daemon NAME: marks the start so. The options of the virtual machine are those of the appliance's launcher.
start_daemon() {
  java -XX:+UseSerialGC -XX:-UsePerfData -XX:+DisableAttachMechanism -Xms64m -Xmx64m -Xmn8m -Xss256k \
    --enable-native-access=ALL-UNNAMED -jar noonmark.jar run -f noonmark.conf >>daemon.log 2>&1 &
  daemon=$!
  mark "$1"
}

# stop_daemon SIGNAL: marks how it ended.
stop_daemon() {
  kill "-$1" "$daemon"
  wait "$daemon"
  mark "$1 ended it with $?"
}

receiver_on=0 # the second from which the receiver speaks

# start_anchor SETTINGS: chronyd with gpsd, set up as their manuals say: gpsd's sentences number the seconds of the pulses. How late the
# sentences come, which the two do not measure, is told to them. SETTINGS are those of the pulses.
start_anchor() {
  cat >chrony.conf <<END
refclock SHM 0 offset 0.2 delay 0.1 poll 3 refid NMEA noselect
refclock PPS /dev/pps0 lock NMEA $1 refid PPS
makestep 0.01 3
driftfile /tmp/drift
allow 127.0.0.0/8
END
  chronyd -d -u root -f /tmp/chrony.conf >>chronyd.log 2>&1 &
  daemon=$!
  if [ -z "${gpsd:-}" ]; then
    start_gpsd
  fi
}

# start_gpsd: when the receiver speaks, and anew when chronyd has got nothing of it after half a minute, at most twice: on a line that was
# silent when it began, or began within a sentence, gpsd may look for another speed for good (seen once in two worlds).
start_gpsd() {
  tries=0
  until_second $receiver_on
  until grep -q 'Selected source' chronyd.log || [ $tries -ge 3 ]; do
    if [ $tries -gt 0 ]; then
      kill "$gpsd"
      wait "$gpsd"
      mark 'gpsd again'
    fi
    gpsd -n -N -s 115200 /dev/ttyS1 >>gpsd.log 2>&1 &
    gpsd=$!
    tries=$((tries + 1))
    until_source_or_second $((receiver_on + 30 * tries))
  done
}

# until_source_or_second N: chronyd follows a source, or the world has written down its second N.
until_source_or_second() {
  until grep -q 'Selected source' chronyd.log || [ "$(second)" -ge "$1" ] 2>/dev/null; do sleep 0.3; done
}

# rough_world: in turn peace, late stamps, pulses that are missing or false, a restart, no receiver at all for ten minutes, and peace.
# The receiver is switched on after half a minute, when the program that is judged has long started.
rough_world() {
  receiver_on=30
  start_world --clock-offset 0.02 --seconds 1410 --mute 0-$receiver_on --no-pulse 0-$receiver_on \
    --tails 240-420 --missing 420-600 --false-pulse 420-600 \
    --mute 720-1320 --no-pulse 720-1320
}
restart_of_rough_world=600

keep_logs() { cp ./*.log /share; }
