#include "receiver.h"

#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "clocks.h"

/* The attribute that plays the outer world of a gpio-sim line: its pull resistor, which decides what an input reads. */
static const char PULL[] = "/sys/devices/platform/*/gpiochip*/sim_gpio4/pull";
static int pull = -1;

void open_pulse(void)
{
    glob_t found;
    if (glob(PULL, 0, NULL, &found)) fail("no %s", PULL);
    pull = open(found.gl_pathv[0], O_WRONLY | O_CLOEXEC);
    if (pull < 0) fail("%s", found.gl_pathv[0]);
    globfree(&found);
}

void set_pulse(bool high)
{
    const char *level = high ? "pull-up" : "pull-down";
    if (pwrite(pull, level, strlen(level), 0) < 0) fail("the pulse cannot be set");
}
