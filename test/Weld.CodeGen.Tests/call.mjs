// Calls exports of a module: node call.mjs MODULE CALL..., a call being JavaScript such as "f(1, 2n)" in which exports are in
// scope as variables. Prints one line per call: the result, or "trap: " and the reason.
import { readFileSync } from 'node:fs';

const [path, ...calls] = process.argv.slice(2);
const log = [];
const host = {
    log: value => { log.push(value); },
    twice: value => value * 2,
};
const module = new WebAssembly.Module(readFileSync(path));
// What a C library imports from WASI is not called here.
const wasi = new Proxy({}, { get: () => () => 0 });
const imports = { env: host, host, wasi_snapshot_preview1: wasi };
const { exports } = new WebAssembly.Instance(module, imports);
const memory = exports.memory;
const helpers = {
    memory,
    log,
    text: (address, length) => new TextDecoder().decode(new Uint8Array(memory.buffer, Number(address), Number(length))),
    u8: address => new DataView(memory.buffer).getUint8(address),
    u16: address => new DataView(memory.buffer).getUint16(address, true),
    u32: address => new DataView(memory.buffer).getUint32(address, true),
    i32: address => new DataView(memory.buffer).getInt32(address, true),
    u64: address => new DataView(memory.buffer).getBigUint64(address, true),
    f64: address => new DataView(memory.buffer).getFloat64(address, true),
};
const scope = { ...helpers, ...exports };
const names = Object.keys(scope).filter(name => /^[A-Za-z_$][\w$]*$/.test(name));
const show = value => typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : `${value}`;
for (const call of calls) {
    try {
        console.log(show(new Function(...names, `return (${call});`)(...names.map(name => scope[name]))));
    } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError))
            throw error;
        console.log(`trap: ${error.message}`);
    }
}
