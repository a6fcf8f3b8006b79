# shellcheck shell=dash
# One fault after the other, with time to come back between them. The daemon starts as its owner would leave it: the speed of the
# line is found.
# shellcheck source=/dev/null
. ./job-common.sh
configure baud auto
prepare_daemon
start_world --clock-offset 0.35 --seconds 400 \
  --mute 100-125 \
  --mute 140-165 --no-pulse 140-165 \
  --no-pulse 180-220 \
  --second-off 235-241 \
  --second-off 255-275
start_daemon cold

until_second 60
stop_daemon TERM
# What this run left in the kernel must not help the next: only the drift file may.
adjtimex -f 0 >/dev/null
start_daemon warm

until_second 315
stop_daemon KILL
start_daemon killed

until_second 360
stop_daemon TERM
configure baud 9600
start_daemon wrong-speed
await_worlds_end
stop_daemon TERM
keep_logs
