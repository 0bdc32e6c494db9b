// Instantiates one module in two workers with one memory, and prints what each of them and both together counted.
import { readFileSync } from 'node:fs';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

const times = 10000;
const stackSize = 65536;

function instantiate(module, memory) {
  return new WebAssembly.Instance(module, { env: { memory } }).exports;
}

if (isMainThread) {
  const module = new WebAssembly.Module(readFileSync(process.argv[2]));
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  const results = await Promise.all([0, 1].map(id => new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { module, memory, id } });
    worker.on('message', resolve);
    worker.on('error', reject);
  })));
  // A third instance comes late: memory must not be initialised again.
  const late = instantiate(module, memory);
  console.log(JSON.stringify({ workers: results.sort(), count: late.count(), size: late.tls_size(), align: late.tls_align() }));
} else {
  const { module, memory, id } = workerData;
  const exports = instantiate(module, memory);
  // Each thread has a stack and a thread-local block of its own, far behind the data.
  const top = (14 - 2 * id) * 65536;
  exports.__stack_pointer.value = top;
  exports.init_thread(top);
  if (top + exports.tls_size() > top + stackSize) throw new Error('the block does not fit');
  parentPort.postMessage(exports.work(times));
}
