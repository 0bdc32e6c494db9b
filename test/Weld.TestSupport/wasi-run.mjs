// Runs a WASI command: node wasi-run.mjs MODULE [ARGUMENT...]. The environment of the program
// is the part of this process's environment whose names start with GUEST_.
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [path, ...guestArguments] = process.argv.slice(2);
const env = Object.fromEntries(Object.entries(process.env)
    .filter(([name]) => name.startsWith('GUEST_'))
    .sort(([a], [b]) => a < b ? -1 : 1));
const bytes = readFileSync(path);
if (!WebAssembly.validate(bytes)) {
    console.error('wasi-run: the module is not valid');
    process.exit(125);
}
const wasi = new WASI({ version: 'preview1', args: ['program', ...guestArguments], env, returnOnExit: true });
const { instance } = await WebAssembly.instantiate(bytes, { wasi_snapshot_preview1: wasi.wasiImport });
try {
    process.exitCode = wasi.start(instance);
} catch (error) {
    console.error(`wasi-run: ${error.message}`);
    process.exitCode = 134;
}
