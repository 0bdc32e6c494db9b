// Arguments, environment, standard input, time and locale: what comes from the host.
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        printf("argument %d: %s\n", i, argv[i]);
    for (char **entry = environ; *entry; entry++)
        printf("environment: %s\n", *entry);
    const char *value = getenv("GUEST_COLOUR");
    printf("colour %s\n", value ? value : "(none)");

    char line[100];
    int lines = 0, letters = 0;
    while (fgets(line, sizeof line, stdin)) {
        lines++;
        letters += (int)strcspn(line, "\n");
    }
    printf("%d lines, %d letters\n", lines, letters);

    printf("locale %s\n", setlocale(LC_ALL, ""));
    time_t epoch = 86400 * 365;
    struct tm *parts = gmtime(&epoch);
    strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S %a", parts);
    printf("%s, now %d\n", line, time(0) > epoch);

    errno = 0;
    FILE *file = fopen("/no/such/file", "r");
    printf("%d %d\n", file == 0, errno != 0);
    fprintf(stderr, "to stderr\n");
    return argc;
}
