// SIMD and bulk memory, which the target features have to name.
#include <stdio.h>
#include <string.h>
#include <wasm_simd128.h>

static float left[64], right[64];
static char buffer[5000], copy[5000];

int main(void)
{
    for (int i = 0; i < 64; i++) {
        left[i] = (float)i / 3;
        right[i] = 64.0f - (float)i;
    }
    v128_t sum = wasm_f32x4_splat(0);
    for (int i = 0; i < 64; i += 4)
        sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(left + i), wasm_v128_load(right + i)));
    float dot = wasm_f32x4_extract_lane(sum, 0) + wasm_f32x4_extract_lane(sum, 1) + wasm_f32x4_extract_lane(sum, 2) + wasm_f32x4_extract_lane(sum, 3);
    memset(buffer, 'q', sizeof buffer);
    memcpy(copy, buffer, sizeof copy);
    v128_t shuffled = wasm_i8x16_shuffle(sum, wasm_i32x4_splat(7), 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    printf("%.2f %c %d\n", dot, copy[4999], wasm_i8x16_extract_lane(shuffled, 1));
    return copy[0] == 'q';
}
