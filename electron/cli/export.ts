// `interim export`: a session file in another format.

import { writeFile } from 'node:fs/promises';
import { exportFormat } from '../../shared/contract.ts';
import { exportSession } from '../engine/export.ts';
import { openedView } from '../engine/view.ts';
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
      `--as takes ${exportFormat.options.join(' or ')}${values.as === undefined ? '' : `, not “${values.as}”`}.`,
    );
  const view = await openedView(positionals[0]!);
  try {
    const { warning } = view.describe();
    if (warning !== null) io.talk(`${warning}\n`);
    const text = await exportSession(view, format.data);
    if (values.out === undefined) io.out(`${text}\n`);
    else await writeFile(values.out, text);
  } finally {
    await view.close();
  }
  return 0;
};
