// A small dynamic linker: loads a main and a side module into one memory and one table, as the tool conventions'
// DynamicLinking.md describes, and prints the results of the main module's tests.
import { readFileSync } from 'node:fs';

const memory = new WebAssembly.Memory({ initial: 8 });
const table = new WebAssembly.Table({ initial: 1, element: 'anyfunc' });
const stackPointer = new WebAssembly.Global({ value: 'i32', mutable: true }, 65536);
let nextAddress = 65536;
const modules = process.argv.slice(2).map(load);

function readDylink(bytes) {
  let position = 8;
  const byte = () => bytes[position++];
  const leb = () => { let result = 0, shift = 0, b; do { b = byte(); result |= (b & 127) << shift; shift += 7; } while (b & 128); return result; };
  if (byte() !== 0) throw new Error('the first section is not dylink.0');
  leb();
  const length = leb();
  const name = new TextDecoder().decode(bytes.subarray(position, position + length));
  if (name !== 'dylink.0') throw new Error(`the first section is ${name}`);
  position += length;
  if (byte() !== 1) throw new Error('no memory information');
  leb();
  return { memorySize: leb(), memoryAlign: leb(), tableSize: leb(), tableAlign: leb() };
}

function load(path) {
  const bytes = readFileSync(path);
  const info = readDylink(bytes);
  const align = 1 << info.memoryAlign;
  const memoryBase = (nextAddress + align - 1) & -align;
  nextAddress = memoryBase + info.memorySize;
  const tableBase = table.length;
  table.grow(info.tableSize);
  return { module: new WebAssembly.Module(bytes), memoryBase, tableBase, got: [] };
}

function find(name) {
  for (const module of modules)
    if (module.exports && name in module.exports) return { module, value: module.exports[name] };
  return null;
}

function instantiate(loaded) {
  const imports = {};
  for (const { module, name, kind } of WebAssembly.Module.imports(loaded.module)) {
    const scope = imports[module] ??= {};
    if (module === 'GOT.mem' || module === 'GOT.func') {
      scope[name] = new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
      loaded.got.push({ module, name, global: scope[name] });
    } else if (name === '__memory_base') scope[name] = loaded.memoryBase;
    else if (name === '__table_base') scope[name] = loaded.tableBase;
    else if (name === '__stack_pointer') scope[name] = stackPointer;
    else if (kind === 'memory') scope[name] = memory;
    else if (kind === 'table') scope[name] = table;
    else scope[name] = (...args) => find(name).value(...args);
  }
  loaded.exports = new WebAssembly.Instance(loaded.module, imports).exports;
}

const slots = new Map();
function slotOf(name, value) {
  if (!slots.has(name)) slots.set(name, table.grow(1, value));
  return slots.get(name);
}

modules.forEach(instantiate);
for (const { got } of modules)
  for (const { module, name, global } of got) {
    const found = find(name);
    if (!found) continue; // weak: stays 0
    global.value = module === 'GOT.mem' ? found.module.memoryBase + found.value.value : slotOf(name, found.value);
  }
for (const { exports } of modules) exports.__wasm_apply_data_relocs?.();
for (const { exports } of modules) exports.__wasm_call_ctors?.();
console.log(JSON.stringify([0, 1, 2, 3, 4, 5, 6, 7].map(test => find('run').value(test))));
