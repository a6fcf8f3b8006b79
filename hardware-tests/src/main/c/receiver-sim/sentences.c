#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "receiver.h"

enum { ALL = 1024, ONE = 100, SATELLITES = 8, IN_ONE_GSV = 4 };

/* A place on the zero meridian. */
#define POSITION "5128.67800,N,00000.00120,W"

__attribute__((format(printf, 2, 3))) static void append(char *text, const char *format, ...)
{
    char body[ONE];
    unsigned sum = 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(body, sizeof body, format, arguments);
    va_end(arguments);
    for (char *p = body; *p; p++) sum ^= (unsigned char)*p;
    size_t used = strlen(text);
    snprintf(text + used, ALL - used, "$%s*%02X\r\n", body, sum);
}

static void append_satellites(char *text)
{
    for (int message = 0; message < SATELLITES / IN_ONE_GSV; message++) {
        char list[ONE] = "";
        for (int i = IN_ONE_GSV * message; i < IN_ONE_GSV * (message + 1); i++)
            snprintf(list + strlen(list), sizeof list - strlen(list), ",%02d,%02d,%03d,%02d", 2 + 3 * i, 10 + 9 * i, 37 * i,
                30 + i);
        append(text, "GPGSV,%d,%d,%02d%s", SATELLITES / IN_ONE_GSV, message + 1, SATELLITES, list);
    }
}

void write_sentences(char *text, int64_t utc, bool sixty)
{
    time_t seconds = utc;
    struct tm t;
    gmtime_r(&seconds, &t);
    t.tm_sec += sixty; /* utc is the number of 23:59:59 then */
    text[0] = 0;
    append(text, "GNRMC,%02d%02d%02d.00,A," POSITION ",0.01,,%02d%02d%02d,,,A", t.tm_hour, t.tm_min, t.tm_sec, t.tm_mday,
        t.tm_mon + 1, t.tm_year % 100);
    append(text, "GNGGA,%02d%02d%02d.00," POSITION ",1,%02d,0.9,46.9,M,45.4,M,,", t.tm_hour, t.tm_min, t.tm_sec, SATELLITES);
    append(text, "GNGSA,A,3,02,05,08,11,14,17,20,23,,,,,1.7,0.9,1.4");
    append_satellites(text);
    append(text, "GNZDA,%02d%02d%02d.00,%02d,%02d,%04d,00,00", t.tm_hour, t.tm_min, t.tm_sec, t.tm_mday, t.tm_mon + 1,
        t.tm_year + 1900);
}
