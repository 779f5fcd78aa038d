/* What a disk, a clock and a power cut can do to a program, put in front of the system's library (LD_PRELOAD).
 *
 * Owns: counting and breaking syncs, a disk without room, a wall clock that is wrong, and a trace of what was written
 * and what was synced. It does so for files below one folder only. What it does is told by numbers in a small file that
 * the test maps from the other side; the numbers stand in the order of `struct told`.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct told {
    uint64_t syncs;      /* syncs that were asked for */
    uint64_t from;       /* the first sync to break, counted from 1 */
    uint64_t until;      /* the first one after it that is well again */
    uint64_t broken;     /* syncs that were broken */
    uint64_t full;       /* 1: there is no room to write */
    uint64_t refused;    /* writes that found no room */
    int64_t clock;       /* seconds by which the wall clock is wrong */
    uint64_t traced;     /* bytes of the trace */
};

static volatile struct told *told;
static const char *folder;
static int trace = -1;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("FAULTS_TOLD");
    folder = getenv("FAULTS_FOLDER");
    if (!name || !folder) return;
    int fd = open(name, O_RDWR);
    if (fd < 0) return;
    void *at = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (at != MAP_FAILED) told = at;
    const char *traced = getenv("FAULTS_TRACE");
    if (traced) trace = open(traced, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

/* The path of an open file below the folder; 0 for any other. */
static int inside(int fd, char *path, size_t most) {
    if (!told) return 0;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, most - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

/* Only the database and its log are traced; everything else is written whole beside and renamed. */
static int is_traced(const char *path) {
    size_t length = strlen(path);
    return trace >= 0 && ((length > 3 && !strcmp(path + length - 3, ".db")) || (length > 4 && !strcmp(path + length - 4, "-wal")));
}

static void put(const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    const char *at = bytes;
    while (count > 0) {
        ssize_t done = real(trace, at, count);
        if (done <= 0) abort();
        at += done;
        count -= (size_t)done;
    }
}

/* A line of the trace: kind, length of the path, offset, length of the bytes; then both. */
static void note(char kind, const char *path, uint64_t offset, const void *bytes, uint64_t count) {
    uint64_t head[4] = {(uint64_t)kind, strlen(path), offset, count};
    put(head, sizeof head);
    put(path, head[1]);
    if (count) put(bytes, count);
    __atomic_add_fetch(&told->traced, sizeof head + head[1] + count, __ATOMIC_SEQ_CST);
}

static int no_room(const char *path) {
    (void)path;
    if (!told->full) return 0;
    __atomic_add_fetch(&told->refused, 1, __ATOMIC_SEQ_CST);
    errno = ENOSPC;
    return 1;
}

#define SYNC(name)                                                                                     \
    int name(int fd) {                                                                                 \
        REAL(name);                                                                                    \
        char path[4096];                                                                               \
        if (!inside(fd, path, sizeof path)) return real(fd);                                           \
        uint64_t nth = __atomic_add_fetch(&told->syncs, 1, __ATOMIC_SEQ_CST);                          \
        if (nth >= told->from && nth < told->until) {                                                  \
            __atomic_add_fetch(&told->broken, 1, __ATOMIC_SEQ_CST);                                    \
            errno = EIO;                                                                               \
            return -1;                                                                                 \
        }                                                                                              \
        if (!is_traced(path)) return real(fd);                                                         \
        pthread_mutex_lock(&one_at_a_time);                                                            \
        int done = real(fd);                                                                           \
        if (done == 0) note('s', path, 0, 0, 0);                                                       \
        pthread_mutex_unlock(&one_at_a_time);                                                          \
        return done;                                                                                   \
    }
SYNC(fsync)
SYNC(fdatasync)

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(write);
    char path[4096];
    if (!inside(fd, path, sizeof path)) return real(fd, bytes, count);
    if (no_room(path)) return -1;
    if (!is_traced(path)) return real(fd, bytes, count);
    pthread_mutex_lock(&one_at_a_time);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = real(fd, bytes, count);
    if (done > 0) note('w', path, (uint64_t)at, bytes, (uint64_t)done);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

#define WRITE_AT(name, offset_t)                                                                       \
    ssize_t name(int fd, const void *bytes, size_t count, offset_t at) {                               \
        REAL(name);                                                                                    \
        char path[4096];                                                                               \
        if (!inside(fd, path, sizeof path)) return real(fd, bytes, count, at);                         \
        if (no_room(path)) return -1;                                                                  \
        if (!is_traced(path)) return real(fd, bytes, count, at);                                       \
        pthread_mutex_lock(&one_at_a_time);                                                            \
        ssize_t done = real(fd, bytes, count, at);                                                     \
        if (done > 0) note('w', path, (uint64_t)at, bytes, (uint64_t)done);                            \
        pthread_mutex_unlock(&one_at_a_time);                                                          \
        return done;                                                                                   \
    }
WRITE_AT(pwrite, off_t)
WRITE_AT(pwrite64, off64_t)

#define CUT(name, offset_t)                                                                            \
    int name(int fd, offset_t length) {                                                                \
        REAL(name);                                                                                    \
        char path[4096];                                                                               \
        if (!inside(fd, path, sizeof path) || !is_traced(path)) return real(fd, length);               \
        pthread_mutex_lock(&one_at_a_time);                                                            \
        int done = real(fd, length);                                                                   \
        if (done == 0) note('t', path, (uint64_t)length, 0, 0);                                        \
        pthread_mutex_unlock(&one_at_a_time);                                                          \
        return done;                                                                                   \
    }
CUT(ftruncate, off_t)
CUT(ftruncate64, off64_t)

int clock_gettime(clockid_t which, struct timespec *now) {
    REAL(clock_gettime);
    int done = real(which, now);
    if (done == 0 && told && which == CLOCK_REALTIME) now->tv_sec += told->clock;
    return done;
}
