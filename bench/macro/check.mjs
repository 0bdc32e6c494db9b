// Says what two outputs of the same link do: node check.mjs validate|run FILE...
// Prints one line per file: "valid", or with "run" what the program wrote and its exit code.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WASI } from 'node:wasi';

const [action, ...files] = process.argv.slice(2);
for (const file of files) {
    const module = new WebAssembly.Module(fs.readFileSync(file));
    console.log(action === 'run' ? await run(module) : 'valid');
}

async function run(module) {
    const captured = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'weld-bench-')), 'output');
    const stdout = fs.openSync(captured, 'w');
    const wasi = new WASI({ version: 'preview1', args: ['bench', 'one', 'two'], env: {}, returnOnExit: true, stdout });
    const code = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
    fs.closeSync(stdout);
    const text = fs.readFileSync(captured, 'utf8');
    fs.rmSync(path.dirname(captured), { recursive: true });
    return JSON.stringify({ code, text });
}
