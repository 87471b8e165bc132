// A process of its own that starts a proxy (a program and an origin are its arguments), says where it is, and once it is
// told to ends in the way that its last argument names, or is ended by a signal.

import { startProxy } from '../../../electron/programs/proxy.ts';
import { systemClock } from '../../../electron/wire/clock.ts';

const [path = '', origin = '', end = ''] = process.argv.slice(2);

const proxy = await startProxy({ name: 'nginx', title: 'nginx', path, version: '1.22.1' }, origin, {
  clock: systemClock,
  signal: new AbortController().signal,
});
// Who listens for a signal decides what becomes of it.
if (end === 'listen') process.on('SIGTERM', () => process.exit(9));
process.stdin.once('data', () => {
  if (end === 'exit') process.exit(7);
  throw new Error('It fails.');
});
process.stdout.write(`${proxy.url}\n`);
