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

# start_world OPTIONS: starts the receiver and the observer of the true time.
start_world() {
  ./receiver-sim --seed 7 --ppm 12 --walk 0.001 --jitter 30 --clock-offset 0.35 "$@" >world.log &
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

keep_logs() { cp ./*.log /share; }
