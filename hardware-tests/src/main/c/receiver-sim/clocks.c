#include "clocks.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

volatile bool stopping;
static uint64_t random_state;

void fail(const char *format, ...)
{
    int reason = errno;
    va_list arguments;
    va_start(arguments, format);
    fputs("receiver-sim: ", stderr);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, ": %s\n", strerror(reason));
    va_end(arguments);
    exit(1);
}

static int64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

int64_t raw_now(void)
{
    return now(CLOCK_MONOTONIC_RAW);
}

int64_t true_at(const struct truth *truth, int64_t raw)
{
    return truth->utc * SECOND + llround((raw - truth->second_raw) / (1 + truth->ppm * 1e-6));
}

void next_second(struct truth *truth, double walk_ppm)
{
    truth->second_raw += SECOND * (1 + truth->ppm * 1e-6);
    truth->ppm += walk_ppm * gauss();
    truth->sixty = truth->leap_at && truth->utc == truth->leap_at - 1 && !truth->sixty;
    if (!truth->sixty) truth->utc++;
}

void wait_until(int64_t raw, int64_t spin)
{
    while (!stopping) {
        int64_t left = raw - spin - raw_now();
        if (left <= 0) break;
        /* A long sleep is cut: the clock that measures it may be slewed. */
        if (left > SECOND / 4) left = SECOND / 4;
        struct timespec t = {0, left};
        nanosleep(&t, NULL);
    }
    while (spin > 0 && raw_now() < raw && !stopping)
        ;
}

int64_t system_clock_at(int64_t raw)
{
    int64_t narrowest = INT64_MAX, result = 0;
    /* Of a few readings between two of the counter, the one that left the least room for an interruption. */
    for (int i = 0; i < 5; i++) {
        int64_t before = raw_now(), system = now(CLOCK_REALTIME), after = raw_now();
        if (after - before < narrowest) {
            narrowest = after - before;
            result = system - ((before + after) / 2 - raw);
        }
    }
    return result;
}

void set_system_clock(int64_t nanos)
{
    struct timespec t = {nanos / SECOND, nanos % SECOND};
    if (clock_settime(CLOCK_REALTIME, &t)) fail("the clock cannot be set");
}

/* xorshift64*: small, and the same on every machine. */
static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * UINT64_C(0x2545F4914F6CDD1D);
}

void seed_random(uint64_t seed)
{
    random_state = seed * 2 + 1; /* never 0, which would stay 0 */
    for (int i = 0; i < 20; i++) next_random(); /* a small seed needs some turns to spread */
}

double uniform(void)
{
    return ((next_random() >> 11) + 0.5) / 9007199254740992.0;
}

double gauss(void)
{
    return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}
