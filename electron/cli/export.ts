// `interim export`: a session file in another format.

import { exportFormat } from '../../shared/contract.ts';
import { exportSession } from '../engine/export.ts';
import { openedView } from '../engine/view.ts';
import { sameFile, writeResult } from '../session/results.ts';
import { type Command, options, UsageError } from './usage.ts';

export const exportCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    { as: { type: 'string' }, out: { type: 'string' } },
    { least: 1, most: 1, what: 'one session file: interim export F --as har' },
  );
  const format = exportFormat.safeParse(values.as);
  if (!format.success)
    throw new UsageError(
      `--as takes ${exportFormat.options.slice(0, -1).join(', ')} or ${exportFormat.options.at(-1)}${values.as === undefined ? '' : `, not “${values.as}”`}.`,
    );
  const path = positionals[0]!;
  if (values.out !== undefined && (await sameFile(path, values.out)))
    throw new UsageError(`--out names the session itself, which an export would destroy: name another file.`);
  const view = await openedView(path);
  try {
    const { warning } = view.describe();
    if (warning !== null) io.talk(`${warning}\n`);
    const pieces = exportSession(view, format.data);
    if (values.out !== undefined) await writeResult(values.out, pieces);
    else
      for await (const piece of pieces) {
        // Whoever read the output has gone.
        if (io.signal.aborted) break;
        io.out(piece);
      }
  } finally {
    await view.close();
  }
  return 0;
};
