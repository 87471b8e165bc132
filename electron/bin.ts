#!/usr/bin/env node
// What `interim` runs: gives the command line the process's own streams and signals, and the shell its exit code.
// Must never print a stack trace: a failure that no command put in words is one line.

import { watchOutputs } from './cli/outputs.ts';
import { main } from './cli.ts';

/** npm passes on the Ctrl+C that we get from the terminal as well: within this time (milliseconds) it is one. */
const SAME_KEY = 1000;

const ending = new AbortController();
let asked = 0;

// The first Ctrl+C asks the command to end in order; a second does not wait for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!ending.signal.aborted) {
      asked = performance.now();
      ending.abort();
    } else if (performance.now() - asked > SAME_KEY) process.exit(130);
  });
}

const resultsLost = watchOutputs(process.stdout, process.stderr, () => ending.abort());
// A file that is full is told of only when the command is over.
process.once('exit', () => {
  if (resultsLost()) process.exitCode = 1;
});

async function standardInput(): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function* standardInputAsItComes(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  // Nothing else ends the wait for a terminal.
  const stop = (): void => void process.stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (!signal.aborted) for await (const part of process.stdin) yield part as Buffer;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

try {
  const code = await main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    talk: (text) => void process.stderr.write(text),
    input: standardInput,
    pieces: standardInputAsItComes,
    signal: ending.signal,
  });
  process.exitCode = code;
} catch (error) {
  process.stderr.write(`interim: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
