/* The two outputs of the simulated receiver: the pulse and the sentences. */
#ifndef RECEIVER_H
#define RECEIVER_H

#include <stdbool.h>
#include <stdint.h>

/* Finds line 4 of the guest's simulated GPIO bank, on which the kernel's pps-gpio listens. */
void open_pulse(void);
void set_pulse(bool high);

/*
 * Opens the port of the sender, at "baud". The speed to which the listener has set its own decides which bytes arrive there, as on a
 * real wire.
 */
void open_line(const char *sender, const char *listener, int baud);

/* Sends one sentence; returns how long the line is busy with it, in nanoseconds. Lost when nobody listens. */
int64_t send_sentence(const char *text);

/* The sentences of one second, each with its end of line, in "text" of 1024 bytes: RMC, GGA, GSA, GSV, ZDA, with a fix; "sixty": of the 60th. */
void write_sentences(char *text, int64_t utc, bool sixty);

#endif
