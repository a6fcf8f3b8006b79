/*
 * receiver-sim - a simulated GPS receiver inside the guest: pulses on a simulated GPIO line, sentences on a serial line; and the
 * observer that knows the true time. It writes one line a second: how far the system clock is off, what the kernel says of it, and
 * what the NTP server on this machine answers.
 */
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "clocks.h"
#include "observe.h"
#include "receiver.h"

enum { RANGES = 8, TEXT = 1024 };

#define PULSE_WIDTH (100 * MILLI)
#define SPIN (2 * MILLI)           /* before each edge: no sleep ends that exactly */
#define SETTLED (3 * MILLI)        /* after the edge, by when the kernel has stamped it */
#define QUESTION_AT (850 * MILLI)  /* after the second: the sentences of a slow line are out by then */

/* The faults of a stretch. The stamps of a busy machine: one in twenty is late, by 3 us on the mean. */
#define TAIL_SHARE 0.05
#define TAIL_NANOS 3000
#define MISSING_SHARE 0.1
/* A pulse that no receiver sent, at any time from when the sentences are out until the question. */
#define FALSE_SHARE 0.1
#define FALSE_FROM (350 * MILLI)
#define FALSE_TO (750 * MILLI)
#define FALSE_WIDTH (20 * MILLI)

/* Seconds since the start, the last one not included. */
struct ranges {
    int count;
    struct { long from, to; } range[RANGES];
};

static struct {
    int baud;
    long seconds;
    double ppm, walk, jitter, delay_from, delay_to, clock_offset;
    int64_t leap_at;
    struct ranges no_pulse, mute, second_off, tails, missing, false_pulse;
} options = {.baud = 115200, .delay_from = 150, .delay_to = 200};

static const char USAGE[] =
    "usage: receiver-sim [OPTIONS] >LOG   (sentences on /dev/ttyS0, heard on /dev/ttyS1, pulse device /dev/pps0)\n"
    "  --seconds N         how long\n"
    "  --seed N            of everything random\n"
    "  --ppm F             the crystal is fast by this\n"
    "  --walk F            and walks, ppm per root second\n"
    "  --jitter NS         noise of the edges, standard deviation\n"
    "  --clock-offset S    the system clock is set to the true time plus this at the start\n"
    "  --delay FROM-TO     of the sentences after the pulse, milliseconds, evenly spread\n"
    "  --baud N            of the sentences\n"
    "  --leap-at UTC       a leap second is inserted before this midnight, in seconds since 1970\n"
    "  --no-pulse A-B      seconds without pulses; repeatable, as the following\n"
    "  --mute A-B          seconds without sentences\n"
    "  --second-off A-B    seconds that the sentences name one too late\n"
    "  --tails A-B         seconds in which one pulse in twenty is late, by 3 us on the mean (exponential)\n"
    "  --missing A-B       seconds in which one pulse in ten stays away\n"
    "  --false-pulse A-B   seconds in which one in ten has a second pulse, at any time; not for lines below 38400 baud\n";

static bool is_in(const struct ranges *ranges, long second)
{
    for (int i = 0; i < ranges->count; i++)
        if (second >= ranges->range[i].from && second < ranges->range[i].to) return true;
    return false;
}

static void usage(void)
{
    fputs(USAGE, stderr);
    exit(2);
}

static void add_range(struct ranges *ranges, const char *text)
{
    long from, to;
    if (ranges->count == RANGES || sscanf(text, "%ld-%ld", &from, &to) != 2) usage();
    ranges->range[ranges->count].from = from;
    ranges->range[ranges->count++].to = to;
}

static void parse(int argc, char **argv)
{
    static const struct option names[] = {{"seconds", 1, 0, 's'}, {"seed", 1, 0, 'r'}, {"ppm", 1, 0, 'p'}, {"walk", 1, 0, 'w'},
        {"jitter", 1, 0, 'j'}, {"clock-offset", 1, 0, 'o'}, {"delay", 1, 0, 'd'}, {"baud", 1, 0, 'b'}, {"leap-at", 1, 0, 'l'}, {"no-pulse", 1, 0, 'n'},
        {"mute", 1, 0, 'm'}, {"second-off", 1, 0, 'f'},
        {"tails", 1, 0, 't'}, {"missing", 1, 0, 'i'}, {"false-pulse", 1, 0, 'e'}, {0}};
    int name;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (name) {
        case 's': options.seconds = atol(optarg); break;
        case 'r': seed_random(strtoull(optarg, NULL, 10)); break;
        case 'p': options.ppm = atof(optarg); break;
        case 'w': options.walk = atof(optarg); break;
        case 'j': options.jitter = atof(optarg); break;
        case 'o': options.clock_offset = atof(optarg); break;
        case 'd': if (sscanf(optarg, "%lf-%lf", &options.delay_from, &options.delay_to) != 2) usage(); break;
        case 'b': options.baud = atoi(optarg); break;
        case 'l': options.leap_at = atoll(optarg); break;
        case 'n': add_range(&options.no_pulse, optarg); break;
        case 'm': add_range(&options.mute, optarg); break;
        case 'f': add_range(&options.second_off, optarg); break;
        case 't': add_range(&options.tails, optarg); break;
        case 'i': add_range(&options.missing, optarg); break;
        case 'e': add_range(&options.false_pulse, optarg); break;
        default: usage();
        }
    }
    if (optind != argc || options.seconds <= 0 || options.baud <= 0) usage();
}

static void on_signal(int signal)
{
    (void)signal;
    stopping = true;
}

/* Whatever else the machine does, the pulse comes in time: it is the hardware's part in reality. */
static void take_precedence(void)
{
    struct sched_param priority = {.sched_priority = 50};
    if (sched_setscheduler(0, SCHED_FIFO, &priority)) fail("SCHED_FIFO");
    if (mlockall(MCL_CURRENT | MCL_FUTURE)) fail("mlockall");
}

/* The first second comes when the system clock, as it is found, shows a full one; then that clock is put off. */
static struct truth begin(void)
{
    int64_t raw = raw_now(), system = system_clock_at(raw);
    struct truth truth = {.utc = system / SECOND + 2, .ppm = options.ppm, .leap_at = options.leap_at};
    truth.second_raw = raw + (truth.utc * SECOND - system);
    set_system_clock(true_at(&truth, raw_now()) + llround(options.clock_offset * SECOND));
    return truth;
}

static void mark_second(long n, const struct truth *truth)
{
    double late = options.jitter * gauss();
    if (is_in(&options.tails, n) && uniform() < TAIL_SHARE) late += -TAIL_NANOS * log(uniform());
    int64_t second = llround(truth->second_raw), edge = llround(truth->second_raw + late);
    bool pulse = !is_in(&options.no_pulse, n) && !(is_in(&options.missing, n) && uniform() < MISSING_SHARE);
    wait_until(edge, SPIN);
    int64_t sent = raw_now();
    if (pulse) set_pulse(true);
    int64_t clock_error = system_clock_at(second) - truth->utc * SECOND;
    wait_until(second + SETTLED, 0);
    printf("%ld\t%" PRId64 "\t%.6f\t%s%s%s%s.\t%" PRId64 "\t%" PRId64, n, truth->utc, truth->ppm, pulse ? "" : "no-pulse ",
        is_in(&options.mute, n) ? "mute " : "", is_in(&options.second_off, n) ? "second-off " : "",
        truth->sixty ? "leap-second " : "", sent - edge, clock_error);
    log_kernel(stdout, truth);
}

/* Sends the sentences, and ends the pulse when its time has come. */
static void speak(long n, const struct truth *truth)
{
    char text[TEXT];
    int64_t second = llround(truth->second_raw);
    double delay = options.delay_from + (options.delay_to - options.delay_from) * uniform();
    int64_t at = second + llround(delay * MILLI);
    wait_until(second + PULSE_WIDTH, 0);
    set_pulse(false);
    if (is_in(&options.mute, n)) return;
    write_sentences(text, truth->utc + (is_in(&options.second_off, n) ? 1 : 0), truth->sixty);
    for (char *sentence = text, *end; (end = strchr(sentence, '\n')) && !stopping; sentence = end + 1) {
        char one[TEXT];
        size_t length = end - sentence + 1;
        memcpy(one, sentence, length);
        one[length] = 0;
        wait_until(at, 0);
        at += send_sentence(one);
    }
}

/* Now and then a pulse between the seconds. */
static void disturb(long n, const struct truth *truth)
{
    if (!is_in(&options.false_pulse, n) || uniform() >= FALSE_SHARE) return;
    int64_t at = llround(truth->second_raw + FALSE_FROM + (FALSE_TO - FALSE_FROM) * uniform());
    wait_until(at, 0);
    set_pulse(true);
    wait_until(at + FALSE_WIDTH, 0);
    set_pulse(false);
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = on_signal};
    seed_random(1);
    parse(argc, argv);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    open_pulse();
    open_line("/dev/ttyS0", "/dev/ttyS1", options.baud);
    open_observations("/dev/pps0", 123);
    take_precedence();
    printf("n\tutc\ttrue_ppm\tworld\tedge_late_ns\tclock_err_ns%s%s\n", KERNEL_COLUMNS, SERVER_COLUMNS);

    struct truth truth = begin();
    for (long n = 0; n < options.seconds && !stopping; n++, next_second(&truth, options.walk)) {
        mark_second(n, &truth);
        speak(n, &truth);
        disturb(n, &truth);
        wait_until(llround(truth.second_raw) + QUESTION_AT, 0);
        log_server(stdout, &truth);
        putchar('\n');
        fflush(stdout);
    }
    return 0;
}
