// Calls exports of a module with many arguments: node cases.mjs MODULE CASES. A line of CASES is a name, arguments, "=", and the
// expected result or "trap", separated by spaces. A value is a letter for its type and its bits in hexadecimal: i l f d for i32,
// i64, f32, f64; v for none. Prints the lines that turn out otherwise, with what came, and last the number of cases.
import { readFileSync } from 'node:fs';

const [path, list] = process.argv.slice(2);
const bytes = readFileSync(path);
const imports = { env: { ...Object.fromEntries(['sin', 'cos', 'tan', 'exp', 'log', 'log2', 'log10'].map(name => [name, Math[name]])) } };
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
const view = new DataView(new ArrayBuffer(8));
const parse = {
    i: bits => Number(BigInt.asIntN(32, bits)),
    l: bits => BigInt.asIntN(64, bits),
    f: bits => (view.setUint32(0, Number(bits)), view.getFloat32(0)),
    d: bits => (view.setBigUint64(0, bits), view.getFloat64(0)),
    v: () => undefined,
};
const print = {
    i: value => BigInt.asUintN(32, BigInt(value)).toString(16),
    l: value => BigInt.asUintN(64, value).toString(16),
    f: value => (view.setFloat32(0, value), view.getUint32(0).toString(16)),
    d: value => (view.setFloat64(0, value), view.getBigUint64(0).toString(16)),
    v: () => '',
};
const read = word => parse[word[0]](word.length > 1 ? BigInt(`0x${word.slice(1)}`) : 0n);
const isNaN = word => 'fd'.includes(word[0]) && Number.isNaN(read(word));
let count = 0;
let wrong = 0;
for (const line of readFileSync(list, 'utf8').split('\n')) {
    if (line === '')
        continue;
    count++;
    const words = line.split(' ');
    const expected = words.at(-1);
    let came;
    try {
        const value = exports[words[0]](...words.slice(1, -2).map(read));
        came = expected === 'trap' ? `${value}` : expected[0] + print[expected[0]](value);
        if (isNaN(expected) && Number.isNaN(value))
            came = expected;
    } catch (error) {
        came = error instanceof WebAssembly.RuntimeError ? 'trap' : `${error}`;
    }
    if (came !== expected && wrong++ < 40)
        console.log(`${line} but came ${came}`);
}
console.log(`${count} cases, ${wrong} wrong`);
