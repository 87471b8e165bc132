// The places that a recorder can write to. It must never hold anything but their names.

export { droppingSink } from './dropping-sink.ts';
export { fileSink } from './file-sink.ts';
export { memorySink } from './memory-sink.ts';
