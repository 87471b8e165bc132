// `interim server`: only the test server, for a client of the user's own. Runs until it is told to end.

import { exchangeLine } from './exchange-line.ts';
import { armAll, laboratory } from './laboratory.ts';
import { createTestServer } from '../server/server.ts';
import { type Command, cuts, options, wholeNumber } from './usage.ts';

export const serverCommand: Command = async (args, io) => {
  const { values } = options(
    args,
    {
      port: { type: 'string' },
      out: { type: 'string' },
      cut: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
    { least: 0, most: 0, what: 'options only' },
  );
  const port = values.port === undefined ? 'default' : wholeNumber('port', values.port, 0, 65_535);
  const specs = cuts(values.cut);
  const told = new Set<number>();
  let due: NodeJS.Immediate | null = null;
  const lab = laboratory('Test server', values.out, io, () => {
    due ??= setImmediate(() => {
      due = null;
      tell();
    });
  });
  let next = 0;
  /** Each exchange once, when nothing more comes of it. */
  function tell(): void {
    const model = lab.fold();
    for (let id = next; id < model.exchanges.length; id++) {
      const exchange = model.exchanges[id]!;
      if (exchange.endedAt === Infinity || told.has(id)) continue;
      told.add(id);
      io.out(exchangeLine(model, exchange, values.json === true));
    }
    while (told.delete(next)) next++;
  }
  armAll(lab.context, specs);
  try {
    const server = await createTestServer({ context: lab.context, port });
    try {
      io.out(values.json === true ? `${JSON.stringify({ url: server.url })}\n` : `${server.url}\n`);
      await aborted(io.signal);
    } finally {
      await server.close();
    }
    tell();
  } finally {
    if (due !== null) clearImmediate(due);
    await lab.close(undefined);
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
