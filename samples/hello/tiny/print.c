#include "tiny.h"

struct buffer { const char *bytes; size_t size; };

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")))
int wasi_fd_write(int file, const struct buffer *buffers, size_t count, size_t *written);

size_t text_length(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

void print(const char *text)
{
    struct buffer buffer = { text, text_length(text) };
    size_t written;
    wasi_fd_write(1, &buffer, 1, &written);
}

void print_number(unsigned number)
{
    char digits[11];
    char *first = digits + sizeof digits - 1;
    *first = 0;
    do
        *--first = '0' + number % 10;
    while (number /= 10);
    print(first);
}
