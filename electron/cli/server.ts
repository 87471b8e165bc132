// `interim server`: only the test server, for a client of the user's own. Runs until it is told to end, so that it must
// never hold an exchange longer than it lasts: the file that was asked for has them all.

import { stat } from 'node:fs/promises';
import { exchangeLine } from './exchange-line.ts';
import { armAll, disturbAll } from './laboratory.ts';
import { recording } from './recording.ts';
import { createTestServer } from '../server/server.ts';
import { Passing } from '../../shared/model/passing.ts';
import { type Command, cuts, faults, idleRule, options, wholeNumber } from './usage.ts';

export const serverCommand: Command = async (args, io) => {
  const { values } = options(
    args,
    {
      port: { type: 'string' },
      root: { type: 'string' },
      'incomplete-status': { type: 'string' },
      'interim-limit': { type: 'string' },
      idle: { type: 'string' },
      out: { type: 'string' },
      cut: { type: 'string', multiple: true },
      fault: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
    { least: 0, most: 0, what: 'options only' },
  );
  const port = values.port === undefined ? 'default' : wholeNumber('port', values.port, 0, 65_535);
  const specs = cuts(values.cut);
  const disturbances = faults(values.fault);
  const idle = values.idle === undefined ? null : idleRule(values.idle);
  const settings = {
    ...(values.root === undefined ? {} : { root: values.root }),
    ...number('incomplete-status', 'incompleteStatus', 200, 299),
    ...number('interim-limit', 'interimLimit', 0, 1_000_000),
  };
  function number(
    option: 'incomplete-status' | 'interim-limit',
    setting: 'incompleteStatus' | 'interimLimit',
    least: number,
    most: number,
  ): { incompleteStatus?: number; interimLimit?: number } {
    const text = values[option];
    return text === undefined ? {} : { [setting]: wholeNumber(option, text, least, most) };
  }
  const passing = new Passing((exchange) => io.out(exchangeLine(exchange, values.json === true)));
  const { context, close } = await recording(values.out, io, (record) => passing.feed(record));
  try {
    armAll(context, specs);
    disturbAll(context, disturbances);
    context.board.idle = idle;
    const made = values.root !== undefined && (await stat(values.root).catch(() => null)) === null;
    const server = await createTestServer({ context, port, ...settings });
    try {
      if (made) io.talk(`interim: The folder ${values.root} was not there: it was made.\n`);
      for (const sentence of server.leftOver) io.talk(`interim: ${sentence}\n`);
      io.out(values.json === true ? `${JSON.stringify({ url: server.url })}\n` : `${server.url}\n`);
      await aborted(io.signal);
    } finally {
      await server.close();
    }
  } finally {
    await close();
  }
  return 0;
};

/** Resolves once the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
