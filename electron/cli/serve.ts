// `interim serve`: the interface in a browser. Runs until it is told to end.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { startBrowserHost } from '../browser-host.ts';
import { createEngine } from '../engine.ts';
import { aborted } from './server.ts';
import { type Command, options, wholeNumber } from './usage.ts';

export const serveCommand: Command = async (args, io) => {
  const { values } = options(args, { port: { type: 'string' } }, { least: 0, most: 0, what: 'options only' });
  const port = values.port === undefined ? undefined : wholeNumber('port', values.port, 0, 65_535);
  const engine = await createEngine({ dataDirectory: dataDirectory() });
  try {
    const host = await startBrowserHost({
      engine,
      rendererDirectory: join(import.meta.dirname, 'renderer'),
      ...(port === undefined ? {} : { port }),
    });
    io.out(`${host.url}\n`);
    await aborted(io.signal);
    await host.close();
  } finally {
    await engine.close();
  }
  return 0;
};

/** Where recordings and recent files are kept: the place that the system has for it, or INTERIM_DATA. */
function dataDirectory(): string {
  const own = process.env['INTERIM_DATA'];
  if (own !== undefined && own !== '') return own;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Interim');
  if (process.platform === 'win32') return join(process.env['APPDATA'] ?? homedir(), 'Interim');
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'interim');
}
