# shellcheck shell=dash
# chronyd with gpsd in the world of job-rough.sh: a sample every eight seconds.
# shellcheck source=/dev/null
. ./job-common.sh
rough_world
start_anchor 'poll 3'
until_second $restart_of_rough_world
kill -TERM "$daemon"
wait "$daemon"
start_anchor 'poll 3'
await_worlds_end
keep_logs
