// SIMD, bulk memory, sign extension, multiple values.
typedef int v4 __attribute__((vector_size(16)));
typedef float f4 __attribute__((vector_size(16)));
static v4 vectors[8] = {{1, 2, 3, 4}};
void *memcpy(void *to, const void *from, unsigned long size) { return __builtin_memmove(to, from, size); }
void *memmove(void *to, const void *from, unsigned long size) { return to; }
signed char narrow(int x) { return (signed char)x; }
int _start(void) {
  v4 sum = vectors[0];
  f4 scale = {0.5f, 1, 2, 4};
  for (int i = 0; i < 8; i++)
    sum += vectors[i] * __builtin_convertvector(scale, v4);
  return sum[0] + sum[3] + narrow(sum[1]);
}
