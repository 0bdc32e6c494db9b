// node wasm-validate.mjs MODULE...: what the engine that will run the modules says about them.
import { readFileSync } from 'node:fs';

const paths = process.argv.slice(2);
for (const path of paths) {
    try {
        new WebAssembly.Module(readFileSync(path));
    } catch (error) {
        console.error(paths.length === 1 ? error.message : `${path}: ${error.message}`);
        process.exitCode = 1;
    }
}
