# shellcheck shell=dash
# The daemon in a rough world.
# shellcheck source=/dev/null
. ./job-common.sh
configure baud 115200
prepare_daemon
rough_world
start_daemon cold
until_second $restart_of_rough_world
stop_daemon TERM
start_daemon warm
await_worlds_end
stop_daemon TERM
keep_logs
