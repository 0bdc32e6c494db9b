#!/usr/bin/env bash
# Compiles the committed objects of this folder again. Needs clang-22 and llvm-22; make demo does not run it.
set -euo pipefail
cd "$(dirname "$0")"

compile() {
    clang-22 --target=wasm32-wasip1 -nostdlib -fno-builtin -O1 -Wall -Werror -fno-ident -c "$1" -o "$2"
}

for name in crt hello greeting; do
    compile $name.c $name.o
done
for name in print memory sort unused; do
    compile tiny/$name.c tiny/$name.o
done
rm -f libtiny.a
llvm-ar-22 rcsD libtiny.a tiny/{print,memory,sort,unused}.o
rm tiny/*.o
