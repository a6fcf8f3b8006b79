/*
 * watch-status SOCKET - asks the daemon's control socket once a second for "status --json" and writes a line for each answer: what the
 * system clock shows, in seconds since 1970, a tab, the JSON. Seconds without an answer have no line. In C, since a Java virtual
 * machine a second is more than an emulated board can start.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST = 65536 };

static const char REQUEST[] = "status --json\n";

/* The answer is a line with the exit code and the length, then the text; the daemon closes after it. Returns the length of the whole. */
static size_t ask(const char *path, char answer[LONGEST])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {5, 0};
    size_t length = 0;
    ssize_t got;
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (!connect(s, (struct sockaddr *)&address, sizeof address) && write(s, REQUEST, strlen(REQUEST)) > 0)
        while ((got = read(s, answer + length, LONGEST - 1 - length)) > 0) length += got;
    close(s);
    answer[length] = 0;
    return length;
}

int main(int argc, char **argv)
{
    static char answer[LONGEST];
    if (argc != 2) {
        fputs("usage: watch-status SOCKET >LOG\n", stderr);
        return 2;
    }
    for (;; sleep(1)) {
        char *json = ask(argv[1], answer) ? strchr(answer, '\n') : NULL;
        if (!json) continue;
        json++;
        json[strcspn(json, "\n")] = 0;
        printf("%" PRId64 "\t%s\n", (int64_t)time(NULL), json);
        fflush(stdout);
    }
}
