/* The clocks of the guest, and the true time that only the simulation knows. */
#ifndef CLOCKS_H
#define CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define SECOND INT64_C(1000000000)
#define MILLI INT64_C(1000000)

/*
 * True time. The machine's own counter (CLOCK_MONOTONIC_RAW), which nothing slews, is taken for a crystal that is wrong by a known
 * rate: true time is what that crystal would have to be corrected to. So nothing that steers the system clock can move it.
 */
struct truth {
    double second_raw; /* the counter at the last true second; doubles resolve better than 0.1 ns up to 1e6 s of uptime */
    int64_t utc;       /* which second that was, since 1970 */
    double ppm;        /* by how much the counter runs fast during this second */
    int64_t leap_at;   /* the midnight that a leap second is inserted before; 0: none */
    bool sixty;        /* this is that second: 23:59:60, which has the number of the one before it */
};

/* The counter now, in nanoseconds since boot. */
int64_t raw_now(void);

/* True time when the counter showed "raw", in nanoseconds since 1970. */
int64_t true_at(const struct truth *truth, int64_t raw);

/* On to the next second; the crystal's rate walks by "walk_ppm" (standard deviation). */
void next_second(struct truth *truth, double walk_ppm);

/* Returns when the counter shows "raw", or earlier when the program is to stop. Spins over the last "spin" nanoseconds. */
void wait_until(int64_t raw, int64_t spin);

/* What the system clock showed when the counter showed "raw", a few microseconds ago at most. */
int64_t system_clock_at(int64_t raw);

/* Sets the system clock. */
void set_system_clock(int64_t nanos);

/* The same sequence for the same seed. */
void seed_random(uint64_t seed);
double uniform(void); /* 0 to 1 */
double gauss(void);   /* mean 0, standard deviation 1 */

/* Set by SIGTERM and SIGINT. */
extern volatile bool stopping;

/* Ends the program with a message, like printf, and the reason in errno. */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
