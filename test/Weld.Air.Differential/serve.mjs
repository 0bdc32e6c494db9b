// Calls exports of modules, one line of standard input each: PATH EXPORT... The answer is a line with the results, which are
// 64-bit numbers in hexadecimal, or "trap"; or "error" and a message if the module cannot be used.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const answer = (path, names) => {
    let instance;
    try {
        instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {});
    } catch (error) {
        return `error ${error.message.replaceAll('\n', ' ')}`;
    }
    return names.map(name => {
        try {
            return BigInt.asUintN(64, instance.exports[name]()).toString(16);
        } catch (error) {
            return error instanceof WebAssembly.RuntimeError ? 'trap' : `error:${error.message.replaceAll(/\s/g, '_')}`;
        }
    }).join(' ');
};

for await (const line of createInterface({ input: process.stdin })) {
    const [path, ...names] = line.split(' ');
    process.stdout.write(`${answer(path, names)}\n`);
}
