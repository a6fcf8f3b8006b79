#include "receiver.h"

#include <asm/termbits.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clocks.h"

enum { BITS = 10 }; /* of a byte on the line: a start bit (0), eight of data, the lowest first, and a stop bit (1) */
enum { LONGEST = 1024 };

static int sending = -1, sent_baud;
static const char *heard_on;

static int open_port(const char *path, int flags)
{
    int port = open(path, flags | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port < 0) fail("%s", path);
    return port;
}

static void set_raw(int port, int baud)
{
    struct termios2 t;
    if (ioctl(port, TCGETS2, &t)) fail("no serial port");
    t.c_iflag = t.c_oflag = t.c_lflag = 0;
    t.c_cflag = CS8 | CLOCAL | CREAD | BOTHER;
    t.c_ospeed = t.c_ispeed = baud;
    if (ioctl(port, TCSETS2, &t)) fail("%d baud cannot be set", baud);
}

void open_line(const char *sender, const char *listener, int baud)
{
    sending = open_port(sender, O_WRONLY);
    set_raw(sending, baud);
    heard_on = listener;
    sent_baud = baud;
}

/*
 * The speed that the listener has set, or 0 when there is none: what is sent then is lost, as on a wire, and does not wait in the
 * emulator for the next one. A listener makes its port its own, gpsd by an exclusive open and jSerialComm by a lock.
 */
static int heard_baud(void)
{
    struct termios2 t;
    int exclusive, port = open_port(heard_on, O_RDONLY);
    if (ioctl(port, TCGETS2, &t) || ioctl(port, TIOCGEXCL, &exclusive)) fail("the listener's port cannot be read");
    bool listening = exclusive || flock(port, LOCK_SH | LOCK_NB);
    close(port);
    return listening ? t.c_ospeed : 0;
}

/* The level of the line at bit "at" of a message; the line rests high. */
static bool level(const char *text, size_t length, double at)
{
    size_t bit = (size_t)at, byte = bit / BITS;
    if (byte >= length) return true;
    int in_byte = bit % BITS;
    return in_byte == BITS - 1 || (in_byte > 0 && (text[byte] >> (in_byte - 1) & 1));
}

/* What a port at another speed makes of a message: it looks at the line when it expects a bit, from each falling edge on. */
static size_t misheard(const char *text, size_t length, double sender_bits_per_bit, char *heard)
{
    size_t count = 0;
    double at = 0;
    while (count < LONGEST) {
        while (at < length * BITS && level(text, length, at)) at = (size_t)at + 1;
        if (at >= length * BITS) break;
        unsigned char byte = 0;
        for (int i = 0; i < 8; i++) byte |= level(text, length, at + (1.5 + i) * sender_bits_per_bit) << i;
        heard[count++] = byte;
        at += 9.5 * sender_bits_per_bit;
    }
    return count;
}

int64_t send_sentence(const char *text)
{
    char heard[LONGEST];
    size_t length = strlen(text);
    int baud = heard_baud();
    ssize_t written = 0;
    if (baud == sent_baud)
        written = write(sending, text, length);
    else if (baud)
        written = write(sending, heard, misheard(text, length, (double)sent_baud / baud, heard));
    (void)written; /* a listener that does not read loses it */
    return length * BITS * SECOND / sent_baud;
}
