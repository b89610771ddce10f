/* Loaded before the C library: lets writes below one folder fail, so that a full or broken disk needs no such disk.
 *
 * HOMEPOINT_FAIL_UNDER  only files below this folder
 * HOMEPOINT_FAIL_AFTER  how many writes go well first
 * HOMEPOINT_FAIL_FOR    how many fail then; those after them go well again
 * HOMEPOINT_FAIL_WITH   the error's number, such as ENOSPC's
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(int file) {
    static const char *under;
    static long after = -1, until, error;
    static long seen;
    char name[64], path[4096];
    if (after < 0) {
        under = getenv("HOMEPOINT_FAIL_UNDER");
        if (!under) return 0;
        after = atol(getenv("HOMEPOINT_FAIL_AFTER"));
        until = after + atol(getenv("HOMEPOINT_FAIL_FOR"));
        error = atol(getenv("HOMEPOINT_FAIL_WITH"));
    }
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (strncmp(path, under, strlen(under))) return 0;
    long now = __sync_fetch_and_add(&seen, 1);
    if (now < after || now >= until) return 0;
    errno = (int)error;
    return 1;
}

#define REAL(name, ...) \
    static ssize_t (*real)(__VA_ARGS__); \
    if (!real) real = (ssize_t(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int file, const void *bytes, size_t count) {
    REAL("write", int, const void *, size_t);
    return fails(file) ? -1 : real(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    REAL("pwrite", int, const void *, size_t, off_t);
    return fails(file) ? -1 : real(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    REAL("pwrite64", int, const void *, size_t, off64_t);
    return fails(file) ? -1 : real(file, bytes, count, at);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails(file) ? -1 : real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return fails(file) ? -1 : real(file);
}

int ftruncate64(int file, off64_t length) {
    static int (*real)(int, off64_t);
    if (!real) real = (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
    return fails(file) ? -1 : real(file, length);
}
