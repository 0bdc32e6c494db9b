// node wasm-validate.mjs MODULE: what the engine that will run the module says about it.
import { readFileSync } from 'node:fs';

try {
    new WebAssembly.Module(readFileSync(process.argv[2]));
} catch (error) {
    console.error(error.message);
    process.exitCode = 1;
}
