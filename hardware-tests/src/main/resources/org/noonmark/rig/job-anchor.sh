# shellcheck shell=dash
# The same world as in job-discipline.sh for chronyd with gpsd.
# shellcheck source=/dev/null
. ./job-common.sh
start_world --clock-offset 0.35 --seconds 240
start_anchor 'poll 3'
await_worlds_end
keep_logs
