// Prints what run() of a module that imports nothing returns for 0 to 3.
import { readFileSync } from 'node:fs';

const { run } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(process.argv[2]))).exports;
console.log([0, 1, 2, 3].map(test => String(run(test))).join());
