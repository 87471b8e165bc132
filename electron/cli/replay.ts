// `interim replay`: sends the requests of a session again, with its faults, and says what differed.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sidesOf } from '../../shared/compare/sides.ts';
import { differenceText } from '../../shared/compare/words.ts';
import { counted } from '../../shared/counted.ts';
import { FASTEST, SLOWEST, type Timing } from '../../shared/replay/timing.ts';
import type { ReplayVerdict } from '../../shared/replay/verdict.ts';
import { openRecorded } from '../replay/recorded.ts';
import { replay } from '../replay/replay.ts';
import { replayTarget } from '../replay/target.ts';
import { checkResult, sameFile } from '../session/results.ts';
import { embeddedServer, laboratory } from './laboratory.ts';
import { forTerminal } from './text.ts';
import { type Command, options, UsageError } from './usage.ts';

export const replayCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    {
      target: { type: 'string' },
      timing: { type: 'string' },
      faults: { type: 'string' },
      json: { type: 'boolean' },
      out: { type: 'string' },
    },
    { least: 1, most: 1, what: 'one session file: interim replay F' },
  );
  const path = positionals[0]!;
  const timing = timingOf(values.timing ?? 'asap');
  if (values.faults !== undefined && values.faults !== 'none' && values.faults !== 'as-recorded')
    throw new UsageError(`--faults takes none or as-recorded, not “${values.faults}”.`);
  const target = values.target === undefined ? null : replayTarget(values.target);
  if (typeof target === 'string') throw new UsageError(target);
  if (values.out !== undefined) {
    if (await sameFile(path, values.out))
      throw new UsageError('--out names the session itself: name another file for what is sent again.');
    await checkResult(values.out);
  }
  const recorded = await openRecorded(path, target !== null, values.faults !== 'none');
  // What came back is read again to be compared: it lies in a file, however large it is.
  const folder = values.out === undefined ? await mkdtemp(join(tmpdir(), 'interim-')) : null;
  try {
    if (recorded.warning !== null) io.talk(`${recorded.warning}\n`);
    const out = values.out ?? join(folder!, 'again.pcapng');
    const lab = await laboratory(`${recorded.name} (sent again)`, { out }, io);
    try {
      const server = await embeddedServer(lab.context);
      try {
        const verdict = await replay(recorded, {
          ...lab.context,
          again: () => ({ model: lab.fold(), read: lab.view.bytes.bind(lab.view) }),
          numberOf: (connection) => connection,
          embedded: { host: '127.0.0.1', port: Number(new URL(server.url).port) },
          target,
          timing,
          signal: io.signal,
        });
        io.out(
          values.json === true
            ? `${JSON.stringify({ ...verdict, rows: verdict.rows.map(sidesOf) }, null, 2)}\n`
            : text(verdict),
        );
        return verdict.same ? 0 : 1;
      } finally {
        await server.close();
      }
    } finally {
      await lab.close();
    }
  } finally {
    await recorded.close();
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
};

/** `asap`, `as-recorded`, or how many times as fast. */
function timingOf(text: string): Timing {
  if (text === 'asap') return text;
  if (text === 'as-recorded') return 1;
  const times = Number(/^\d+(?:\.\d+)?$/.exec(text)?.[0]);
  if (times >= SLOWEST && times <= FASTEST) return times;
  throw new UsageError(
    `--timing takes asap, as-recorded or how many times as fast (${SLOWEST} to ${FASTEST}), not “${text}”.`,
  );
}

function text({ same, exchanges, rows, differing, remarks }: ReplayVerdict): string {
  const lines: string[] = [];
  for (const { one, other, differences } of rows) {
    if (differences.length === 0) continue;
    const { method, target } = (one ?? other)!;
    lines.push(forTerminal(`${one?.id ?? 'new'}  ${method} ${target}`));
    for (const difference of differences)
      lines.push(
        forTerminal(
          `     ${difference.level === 'differs' ? 'differs' : 'info   '} ${differenceText(difference)}`,
        ),
      );
  }
  for (const remark of remarks) lines.push(`remark  ${forTerminal(remark)}`);
  lines.push(
    same
      ? `the same: ${counted(exchanges, 'exchange')} came out as they had.`
      : `differs: ${differing} of ${counted(exchanges, 'exchange')}, ${counted(remarks.length, 'remark')}.`,
  );
  return `${lines.join('\n')}\n`;
}
