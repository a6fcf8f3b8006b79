/*
 * Preloaded into a peer (LD_PRELOAD): a clock that lets itself be steered and does not move, so that a daemon which insists on steering
 * one can be a client on a machine whose clock nobody may touch. Reading is real.
 */
#include <string.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

static int hold(struct timex *tx) {
  memset(tx, 0, sizeof *tx);
  tx->tick = 10000;
  return TIME_OK;
}

int adjtimex(struct timex *tx) { return hold(tx); }

int ntp_adjtime(struct timex *tx) { return hold(tx); }

int clock_adjtime(clockid_t clock, struct timex *tx) {
  (void)clock;
  return hold(tx);
}

int clock_settime(clockid_t clock, const struct timespec *time) {
  (void)clock;
  (void)time;
  return 0;
}

int settimeofday(const struct timeval *time, const struct timezone *zone) {
  (void)time;
  (void)zone;
  return 0;
}

int adjtime(const struct timeval *delta, struct timeval *old) {
  (void)delta;
  if (old) {
    memset(old, 0, sizeof *old);
  }
  return 0;
}
