/* The C library of the samples: just enough for a program to say something. */
#pragma once

typedef __SIZE_TYPE__ size_t;

size_t text_length(const char *text);
void print(const char *text);
void print_number(unsigned number);

/* Memory that is never given back. */
void *allocate(size_t size);

/* Sorts in place; `before` says whether its first argument belongs before its second. */
void sort(const char **items, size_t count, int (*before)(const char *, const char *));
