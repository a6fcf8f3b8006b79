/*
 * Preloaded into an unmodified chronyd (LD_PRELOAD): a clock, a network and a passing of time that are simulated by the program that
 * started it. What is asked is written to standard output, the answer read from standard input. Nothing reaches the kernel's clock or
 * its network; whatever of that kind is not simulated ends the program.
 *
 * Asked, in the machine's byte order, each beginning with a 32-bit kind:
 *   1 wait   s64 nanoseconds at most, -1: until something comes
 *   2 send   u32 port of our own, u32 address, u32 port, u32 length, octets
 *   3 steer  f64 parts per billion, in force from now on
 *   4 step   s64 nanoseconds
 * Answered to 1: s64 clock, s64 raw clock, u32 port (0: the wait is over), and with a port u32 address, u32 port, u32 length, octets;
 * to 3 and 4: s64 clock, s64 raw clock. Time stands still between an answer and the next question.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define MAX_SOCKETS 1024
#define MAX_DATAGRAM 2048
#define BILLION 1000000000LL

struct place {
  uint32_t port; /* a number that no other socket had before; 0: not simulated */
  struct sockaddr_in peer;
};

static struct place sockets[MAX_SOCKETS];
static uint32_t ports;
static int64_t clock_now, raw_now;
static int64_t freq, tick = 10000;
static int status = STA_UNSYNC;
static uint64_t chance;

static int waiting; /* a datagram that is not yet read */
static struct sockaddr_in waiting_from;
static int waiting_length;
static char waiting_octets[MAX_DATAGRAM];

static void fail(const char *what) {
  fprintf(stderr, "virtual world: %s\n", what);
  _exit(70);
}

static void ask(const void *data, size_t length) {
  const char *at = data;
  while (length > 0) {
    ssize_t done = write(1, at, length);
    if (done <= 0)
      _exit(0); /* the world has ended */
    at += done;
    length -= (size_t)done;
  }
}

static void hear(void *data, size_t length) {
  char *at = data;
  while (length > 0) {
    ssize_t done = read(0, at, length);
    if (done <= 0)
      _exit(0);
    at += done;
    length -= (size_t)done;
  }
}

static void hear_clocks(void) {
  int64_t both[2];
  hear(both, sizeof both);
  clock_now = both[0];
  raw_now = both[1];
}

__attribute__((constructor)) static void begin(void) {
  const char *seed = getenv("VIRTUAL_SEED"), *start = getenv("VIRTUAL_CLOCK");
  if (!seed || !start)
    fail("VIRTUAL_SEED and VIRTUAL_CLOCK are not set");
  chance = strtoull(seed, NULL, 10);
  clock_now = strtoll(start, NULL, 10);
}

/* splitmix64: the same seed, the same run. */
static uint64_t draw(void) {
  uint64_t z = (chance += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void arc4random_buf(void *buffer, size_t length) {
  unsigned char *at = buffer;
  while (length-- > 0)
    *at++ = (unsigned char)draw();
}

uint32_t arc4random(void) { return (uint32_t)draw(); }

ssize_t getrandom(void *buffer, size_t length, unsigned flags) {
  (void)flags;
  arc4random_buf(buffer, length);
  return (ssize_t)length;
}

/* Reading clocks. */

int clock_gettime(clockid_t clock, struct timespec *now) {
  int64_t nanos = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? clock_now : raw_now;
  now->tv_sec = nanos / BILLION;
  now->tv_nsec = nanos % BILLION;
  return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  now->tv_sec = clock_now / BILLION;
  now->tv_usec = clock_now % BILLION / 1000;
  return 0;
}

time_t time(time_t *now) {
  if (now)
    *now = clock_now / BILLION;
  return clock_now / BILLION;
}

/* Setting the clock. */

static void step(int64_t nanos) {
  uint32_t kind = 4;
  ask(&kind, sizeof kind);
  ask(&nanos, sizeof nanos);
  hear_clocks();
}

static void steer(void) {
  uint32_t kind = 3;
  double ppb = (double)(tick - 10000) * 1e5 + (double)freq * (1000.0 / 65536);
  ask(&kind, sizeof kind);
  ask(&ppb, sizeof ppb);
  hear_clocks();
}

static int adjust(struct timex *tx) {
  unsigned modes = tx->modes;
  /* chronyd ends what others may have begun, and begins nothing of that kind itself. */
  if ((modes & ADJ_OFFSET_SINGLESHOT) == ADJ_OFFSET_SINGLESHOT)
    modes = 0;
  if (tx->modes & ADJ_OFFSET && tx->offset != 0)
    fail("adjtimex: a correction by the kernel's own loop");
  if (modes & ADJ_STATUS)
    status = tx->status;
  if (modes & ADJ_FREQUENCY)
    freq = tx->freq < -(500 << 16) ? -(500 << 16) : tx->freq > 500 << 16 ? 500 << 16 : tx->freq;
  if (modes & ADJ_TICK) {
    if (tx->tick < 9000 || tx->tick > 11000) {
      errno = EINVAL;
      return -1;
    }
    tick = tx->tick;
  }
  if (modes & (ADJ_FREQUENCY | ADJ_TICK))
    steer();
  if (modes & ADJ_SETOFFSET)
    step((int64_t)tx->time.tv_sec * BILLION + (modes & ADJ_NANO ? tx->time.tv_usec : tx->time.tv_usec * 1000));
  tx->freq = freq;
  tx->tick = tick;
  tx->status = status;
  tx->offset = 0;
  tx->precision = 1;
  tx->tolerance = 500 << 16;
  tx->time.tv_sec = clock_now / BILLION;
  tx->time.tv_usec = clock_now % BILLION / 1000;
  tx->tai = 0;
  return status & STA_UNSYNC ? TIME_ERROR : TIME_OK;
}

int adjtimex(struct timex *tx) { return adjust(tx); }

int ntp_adjtime(struct timex *tx) { return adjust(tx); }

int clock_adjtime(clockid_t clock, struct timex *tx) {
  if (clock != CLOCK_REALTIME)
    fail("clock_adjtime of another clock");
  return adjust(tx);
}

int clock_settime(clockid_t clock, const struct timespec *to) {
  if (clock != CLOCK_REALTIME)
    fail("clock_settime of another clock");
  step((int64_t)to->tv_sec * BILLION + to->tv_nsec - clock_now);
  return 0;
}

int settimeofday(const struct timeval *to, const struct timezone *zone) {
  (void)zone;
  step((int64_t)to->tv_sec * BILLION + (int64_t)to->tv_usec * 1000 - clock_now);
  return 0;
}

int adjtime(const struct timeval *delta, struct timeval *old) {
  (void)delta;
  (void)old;
  fail("adjtime");
  return -1;
}

/* Sockets of IPv4 for datagrams are simulated; others are left alone, but for those of IPv6, which there are none of. */

static int is_simulated(int fd) { return fd > 0 && fd < MAX_SOCKETS && sockets[fd].port != 0; }

int socket(int domain, int type, int protocol) {
  static int (*real)(int, int, int);
  if (!real)
    real = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
  if (domain == AF_INET6) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  int fd = real(domain, type, protocol);
  if (fd >= 0 && domain == AF_INET) {
    if (fd >= MAX_SOCKETS || (type & 0xf) != SOCK_DGRAM)
      fail("a socket that is not simulated");
    memset(&sockets[fd], 0, sizeof sockets[fd]);
    sockets[fd].port = ++ports;
  }
  return fd;
}

int close(int fd) {
  static int (*real)(int);
  if (!real)
    real = (int (*)(int))dlsym(RTLD_NEXT, "close");
  if (is_simulated(fd)) {
    sockets[fd].port = 0;
    if (waiting == fd)
      waiting = 0;
  }
  return real(fd);
}

int connect(int fd, const struct sockaddr *to, socklen_t length) {
  static int (*real)(int, const struct sockaddr *, socklen_t);
  if (!real)
    real = (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
  if (!is_simulated(fd))
    return real(fd, to, length);
  sockets[fd].peer = *(const struct sockaddr_in *)to;
  return 0;
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
  static int (*real)(int, int, int, const void *, socklen_t);
  if (!real)
    real = (int (*)(int, int, int, const void *, socklen_t))dlsym(RTLD_NEXT, "setsockopt");
  return is_simulated(fd) ? 0 : real(fd, level, name, value, length);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  static ssize_t (*real)(int, const struct msghdr *, int);
  if (!real)
    real = (ssize_t(*)(int, const struct msghdr *, int))dlsym(RTLD_NEXT, "sendmsg");
  if (!is_simulated(fd))
    return real(fd, message, flags);
  const struct sockaddr_in *to = message->msg_name ? message->msg_name : &sockets[fd].peer;
  uint32_t length = 0;
  for (size_t i = 0; i < message->msg_iovlen; i++)
    length += (uint32_t)message->msg_iov[i].iov_len;
  uint32_t head[] = {2, sockets[fd].port, ntohl(to->sin_addr.s_addr), ntohs(to->sin_port), length};
  ask(head, sizeof head);
  for (size_t i = 0; i < message->msg_iovlen; i++)
    ask(message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
  return length;
}

ssize_t sendto(int fd, const void *data, size_t length, int flags, const struct sockaddr *to, socklen_t to_length) {
  struct iovec part = {(void *)data, length};
  struct msghdr message = {.msg_name = (void *)to, .msg_namelen = to_length, .msg_iov = &part, .msg_iovlen = 1};
  return sendmsg(fd, &message, flags);
}

ssize_t send(int fd, const void *data, size_t length, int flags) { return sendto(fd, data, length, flags, NULL, 0); }

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  static ssize_t (*real)(int, struct msghdr *, int);
  if (!real)
    real = (ssize_t(*)(int, struct msghdr *, int))dlsym(RTLD_NEXT, "recvmsg");
  if (!is_simulated(fd))
    return real(fd, message, flags);
  if (waiting != fd || flags & MSG_ERRQUEUE) {
    errno = EAGAIN;
    return -1;
  }
  waiting = 0;
  if (message->msg_iovlen != 1 || message->msg_iov[0].iov_len < (size_t)waiting_length)
    fail("a buffer that is too small");
  memcpy(message->msg_iov[0].iov_base, waiting_octets, (size_t)waiting_length);
  if (message->msg_name && message->msg_namelen >= sizeof waiting_from) {
    memcpy(message->msg_name, &waiting_from, sizeof waiting_from);
    message->msg_namelen = sizeof waiting_from;
  }
  message->msg_controllen = 0;
  message->msg_flags = 0;
  return waiting_length;
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *limit) {
  static int (*real)(int, struct mmsghdr *, unsigned, int, struct timespec *);
  if (!real)
    real = (int (*)(int, struct mmsghdr *, unsigned, int, struct timespec *))dlsym(RTLD_NEXT, "recvmmsg");
  if (!is_simulated(fd))
    return real(fd, messages, count, flags, limit);
  ssize_t length = recvmsg(fd, &messages[0].msg_hdr, flags);
  if (length < 0)
    return -1;
  messages[0].msg_len = (unsigned)length;
  return 1;
}

/* The passing of time. */

int select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional, struct timeval *limit) {
  uint32_t kind = 1;
  int64_t nanos = limit ? (int64_t)limit->tv_sec * BILLION + (int64_t)limit->tv_usec * 1000 : -1;
  int64_t until = raw_now + nanos;
  fd_set wanted;
  FD_ZERO(&wanted);
  if (readable)
    wanted = *readable;
  for (;;) {
    uint32_t port;
    ask(&kind, sizeof kind);
    ask(&nanos, sizeof nanos);
    hear_clocks();
    hear(&port, sizeof port);
    if (port != 0) {
      uint32_t head[3];
      hear(head, sizeof head);
      if (head[2] > MAX_DATAGRAM)
        fail("a datagram that is too long");
      hear(waiting_octets, head[2]);
      waiting_length = (int)head[2];
      memset(&waiting_from, 0, sizeof waiting_from);
      waiting_from.sin_family = AF_INET;
      waiting_from.sin_addr.s_addr = htonl(head[0]);
      waiting_from.sin_port = htons((uint16_t)head[1]);
    }
    if (readable)
      FD_ZERO(readable);
    if (writable)
      FD_ZERO(writable);
    if (exceptional)
      FD_ZERO(exceptional);
    if (limit) {
      /* As Linux does: what is left of it. */
      int64_t left = port != 0 && until > raw_now ? until - raw_now : 0;
      limit->tv_sec = left / BILLION;
      limit->tv_usec = left % BILLION / 1000;
    }
    if (port == 0)
      return 0;
    /* Where the socket was closed meanwhile, nobody hears it. */
    for (int fd = 0; fd < count && fd < MAX_SOCKETS; fd++) {
      if (sockets[fd].port == port && FD_ISSET(fd, &wanted)) {
        waiting = fd;
        FD_SET(fd, readable);
        return 1;
      }
    }
    if (nanos >= 0)
      nanos = until > raw_now ? until - raw_now : 0;
  }
}

int poll(void *fds, unsigned long count, int millis) {
  (void)fds;
  (void)count;
  (void)millis;
  fail("poll");
  return -1;
}

int usleep(useconds_t micros) {
  (void)micros;
  fail("usleep");
  return -1;
}

int nanosleep(const struct timespec *span, struct timespec *left) {
  (void)span;
  (void)left;
  fail("nanosleep");
  return -1;
}
