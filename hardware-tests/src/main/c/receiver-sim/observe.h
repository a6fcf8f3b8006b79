/* What the guest's kernel and its NTP server say, for the log; "-" stands in it for what is not there. */
#ifndef OBSERVE_H
#define OBSERVE_H

#include <stdio.h>

#include "clocks.h"

void open_observations(const char *pps, int ntp_port);

/* The names of the columns, each group with a tab before each. */
extern const char KERNEL_COLUMNS[], SERVER_COLUMNS[];

/* The latest pulse as the kernel stamped it, against the true second; then what adjtimex(2) reports. */
void log_kernel(FILE *log, const struct truth *truth);

/*
 * Asks the server on the loopback. The error of its time is the middle of the four stamps, the client's two being true time: positive
 * when the server is fast. It is known to half the round trip.
 */
void log_server(FILE *log, const struct truth *truth);

#endif
