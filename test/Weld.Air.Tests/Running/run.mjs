// Calls exports of a module: node run.mjs MODULE CALLS. A line of CALLS is, separated by tabs: "fresh" if the call needs an
// instance of its own; the export; what must come. That is "trap", "nothing", a type and bits (i32 ff, f64 nan), "same" and an export
// that gives the same, or "memory", a size, and what must be there: OFFSET:BYTES, OFFSET:nan32, OFFSET:slice:LENGTH:BYTES. Prints "right", or what came, for each.
import { readFileSync } from 'node:fs';

const [path, list] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(path));
const PageBytes = 65536;
// What a C library imports is not called here.
const imports = Object.fromEntries(WebAssembly.Module.imports(module).map(({ module }) => [module, new Proxy({}, { get: () => () => 0 })]));
const view = new DataView(new ArrayBuffer(8));
const registers = {
    i32: value => BigInt.asUintN(32, BigInt(value)).toString(16),
    i64: value => BigInt.asUintN(64, value).toString(16),
    f32: value => Number.isNaN(value) ? 'nan' : (view.setFloat32(0, value), view.getUint32(0).toString(16)),
    f64: value => Number.isNaN(value) ? 'nan' : (view.setFloat64(0, value), view.getBigUint64(0).toString(16)),
};
const hex = bytes => Buffer.from(bytes).toString('hex');

let exports;
let scratch;
let isWide;
let stack;

const start = () => {
    exports = new WebAssembly.Instance(module, imports).exports;
    stack = exports.__stack_pointer.value;
    isWide = typeof stack === 'bigint';
    scratch = undefined;
};

// Results in memory go to pages of their own, which are taken when they are needed, so that a module's size is what it was.
const place = size => {
    const pages = Math.ceil(size / PageBytes) || 1;
    scratch ??= PageBytes * Number(exports.memory.grow(isWide ? BigInt(pages) : pages));
    new Uint8Array(exports.memory.buffer, scratch, size).fill(0x55);
    return isWide ? BigInt(scratch) : scratch;
};

const address = at => isWide ? Number(new DataView(exports.memory.buffer).getBigUint64(at, true)) : new DataView(exports.memory.buffer).getUint32(at, true);

const isPartRight = part => {
    const [offset, what, length, content] = part.split(':');
    const at = scratch + Number(offset);
    const memory = exports.memory.buffer;
    if (what === 'nan32')
        return Number.isNaN(new DataView(memory).getFloat32(at, true));
    if (what === 'nan64')
        return Number.isNaN(new DataView(memory).getFloat64(at, true));
    if (what === 'slice')
        return address(at + (isWide ? 8 : 4)) === Number(length) && hex(new Uint8Array(memory, length === '0' ? 0 : address(at), content.length / 2)) === content;
    return hex(new Uint8Array(memory, at, what.length / 2)) === what;
};

const check = (name, [kind, ...rest]) => {
    if (kind === 'nothing' || kind === 'trap') {
        const value = exports[name]();
        return kind === 'nothing' && value === undefined ? 'right' : `gives ${value}`;
    }
    if (kind === 'same') {
        const [value, wanted] = [exports[name](), exports[rest.join(' ')]()];
        return value === wanted ? 'right' : `gives ${value}, not ${wanted}`;
    }
    if (kind !== 'memory') {
        const value = registers[kind](exports[name]());
        return value === rest[0] ? 'right' : `gives ${kind} ${value}, not ${rest[0]}`;
    }
    const [size, ...parts] = rest;
    exports[name](place(Number(size)));
    return parts.every(isPartRight) ? 'right' : `gives ${hex(new Uint8Array(exports.memory.buffer, scratch, Number(size)))}, not ${parts.join(' ')}`;
};

for (const line of readFileSync(list, 'utf8').trimEnd().split('\n')) {
    const [age, name, expected] = line.split('\t');
    if (age === 'fresh' || exports === undefined)
        start();
    let answer;
    try {
        answer = check(name, expected.split(' '));
    } catch (error) {
        // Who traps gives nothing back.
        exports.__stack_pointer.value = stack;
        answer = error instanceof WebAssembly.RuntimeError ? (expected === 'trap' ? 'right' : `traps: ${error.message}`) : `${error}`;
    }
    console.log(answer.replaceAll('\n', ' '));
}
