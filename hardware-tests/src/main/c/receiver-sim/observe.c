#include "observe.h"

#include <arpa/inet.h>
#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/pps.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

enum { NTP_HEADER = 48, CLIENT_VERSION_4 = 0x23 };
#define NTP_TO_UNIX UINT64_C(2208988800) /* seconds from 1900 to 1970 */

static int pps = -1, server = -1;
static uint32_t last_event;

const char KERNEL_COLUMNS[] = "\tpps_minus_true_ns\tadj_status\tadj_freq_ppm\tadj_tick\tadj_maxerror_us\tadj_esterror_us\tadj_state\tadj_tai";
const char SERVER_COLUMNS[] = "\tleap\tstratum\troot_delay_ns\troot_dispersion_ns\tserved_err_ns\tround_trip_ns";

void open_observations(const char *pps_path, int ntp_port)
{
    pps = open(pps_path, O_RDWR | O_CLOEXEC);
    if (pps < 0) fail("%s", pps_path);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(ntp_port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval limit = {0, 100000};
    server = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof address) ||
        setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit))
        fail("no socket for NTP");
}

static void log_event(FILE *log, const struct truth *truth)
{
    struct pps_fdata data = {.timeout = {0}};
    if (ioctl(pps, PPS_FETCH, &data) < 0) fail("PPS_FETCH");
    if (data.info.assert_sequence == last_event) {
        fputs("\t-", log);
        return;
    }
    last_event = data.info.assert_sequence;
    int64_t stamp = data.info.assert_tu.sec * SECOND + data.info.assert_tu.nsec;
    int64_t system_at_second = system_clock_at(llround(truth->second_raw));
    fprintf(log, "\t%" PRId64, stamp - system_at_second);
}

void log_kernel(FILE *log, const struct truth *truth)
{
    log_event(log, truth);
    struct timex t = {0};
    int state = adjtimex(&t);
    if (state < 0) fail("adjtimex");
    fprintf(log, "\t0x%04x\t%.6f\t%ld\t%ld\t%ld\t%d\t%d", t.status, t.freq / 65536.0, t.tick, t.maxerror, t.esterror, state,
        t.tai);
}

static int64_t unix_nanos(const uint8_t *stamp)
{
    uint64_t ntp;
    memcpy(&ntp, stamp, sizeof ntp);
    ntp = be64toh(ntp);
    /* The era of 1900 to 2036, in which the guest's clock is set. */
    return ((ntp >> 32) - NTP_TO_UNIX) * SECOND + ((ntp & 0xffffffff) * SECOND >> 32);
}

static int64_t short_nanos(const uint8_t *interval)
{
    uint32_t ntp;
    memcpy(&ntp, interval, sizeof ntp);
    return be32toh(ntp) * (double)SECOND / 65536;
}

/* Sends a request whose transmit stamp is "nonce"; true when the answer to it came in time. */
static bool ask(uint64_t nonce, uint8_t answer[NTP_HEADER])
{
    uint8_t request[NTP_HEADER] = {CLIENT_VERSION_4};
    memcpy(request + 40, &nonce, sizeof nonce);
    if (send(server, request, sizeof request, 0) < 0) return false;
    while (recv(server, answer, NTP_HEADER, 0) == NTP_HEADER)
        if (!memcmp(answer + 24, &nonce, sizeof nonce)) return true;
    return false;
}

void log_server(FILE *log, const struct truth *truth)
{
    uint8_t answer[NTP_HEADER];
    int64_t sent = raw_now();
    if (!ask((uint64_t)sent, answer)) {
        fputs("\t-\t-\t-\t-\t-\t-", log);
        return;
    }
    int64_t t1 = true_at(truth, sent), t4 = true_at(truth, raw_now());
    int64_t t2 = unix_nanos(answer + 32), t3 = unix_nanos(answer + 40);
    fprintf(log, "\t%d\t%d\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64, answer[0] >> 6, answer[1], short_nanos(answer + 4),
        short_nanos(answer + 8), (t2 - t1 + t3 - t4) / 2, t4 - t1 - (t3 - t2));
}
