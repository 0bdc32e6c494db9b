// Starts one process and reports what it took; also the least that any linker could do.
//
//   measure LOG PROGRAM ARGUMENTS...    runs the program, its messages go to LOG, and prints one line:
//                                       exit-code wall-ns processor-us peak-KiB page-faults
//   measure --floor LIST OUTPUT BYTES   reads every file of the list (one path per line), writes BYTES to OUTPUT
//
// It is a program of its own, and a small one, because the kernel counts the memory of the parent at the time of fork as
// the child's peak: started from an interpreter, a small linker would look as large as the interpreter.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(125);
}

static long long nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000L + time.tv_usec;
}

static int run(const char *log, char **command)
{
    int messages = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    int nothing = open("/dev/null", O_RDONLY);
    if (messages < 0 || nothing < 0)
        fail(log);
    long long start = nanoseconds();
    pid_t child = vfork();
    if (child == 0) {
        dup2(nothing, 0);
        dup2(messages, 1);
        dup2(messages, 2);
        execv(command[0], command);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        fail(command[0]);
    long long wall = nanoseconds() - start;
    printf("%d %lld %ld %ld %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), wall,
        microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss, usage.ru_minflt + usage.ru_majflt);
    return 0;
}

static char block[256 * 1024];

static int run_floor(const char *list, const char *output, long long size)
{
    char path[PATH_MAX];
    FILE *paths = fopen(list, "r");
    if (!paths)
        fail(list);
    while (fgets(path, sizeof path, paths)) {
        path[strcspn(path, "\n")] = 0;
        int input = open(path, O_RDONLY);
        ssize_t count;
        if (input < 0)
            fail(path);
        while ((count = read(input, block, sizeof block)) > 0) {
        }
        close(input);
    }
    int target = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0777);
    if (target < 0)
        fail(output);
    while (size > 0) {
        ssize_t count = write(target, block, size < (long long)sizeof block ? (size_t)size : sizeof block);
        if (count <= 0)
            fail(output);
        size -= count;
    }
    close(target);
    return 0;
}

int main(int count, char **arguments)
{
    if (count == 5 && strcmp(arguments[1], "--floor") == 0)
        return run_floor(arguments[2], arguments[3], atoll(arguments[4]));
    if (count < 3) {
        fprintf(stderr, "usage: measure LOG PROGRAM ARGUMENTS... | measure --floor LIST OUTPUT BYTES\n");
        return 2;
    }
    return run(arguments[1], arguments + 2);
}
