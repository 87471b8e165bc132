// `interim compare`: two sessions side by side, aligned by exchange, and what differs.

import { compareSessions, type Comparison, isDiffering } from '../../shared/compare/compare.ts';
import { contentText } from '../../shared/compare/differences.ts';
import { sidesOf } from '../../shared/compare/sides.ts';
import { differenceText } from '../../shared/compare/words.ts';
import { counted } from '../../shared/counted.ts';
import { openedView } from '../engine/view.ts';
import { forTerminal } from './text.ts';
import { type Command, options } from './usage.ts';

export const compareCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    { json: { type: 'boolean' } },
    { least: 2, most: 2, what: 'two session files: interim compare A B' },
  );
  const one = await openedView(positionals[0]!);
  try {
    const other = await openedView(positionals[1]!);
    try {
      for (const view of [one, other]) {
        const { warning } = view.describe();
        if (warning !== null) io.talk(`${view.name}: ${warning}\n`);
      }
      const comparison = await compareSessions(
        { model: one.model, read: one.bytes.bind(one) },
        { model: other.model, read: other.bytes.bind(other) },
      );
      io.out(values.json === true ? `${JSON.stringify(document(comparison), null, 2)}\n` : text(comparison));
      return comparison.differing === 0 && comparison.leftOut === 0 ? 0 : 1;
    } finally {
      await other.close();
    }
  } finally {
    await one.close();
  }
};

function document({ rows, differing, leftOut }: Comparison): object {
  return { differing, leftOut, rows: rows.map(sidesOf) };
}

function text(comparison: Comparison): string {
  const { rows, differing, leftOut } = comparison;
  const lines: string[] = [];
  for (const row of rows) {
    const facts = (row.one ?? row.other)!;
    const mark = row.one === null ? '+' : row.other === null ? '-' : isDiffering(row) ? '≠' : '=';
    const answer = facts.response === null ? '' : ` (${contentText(facts.response.content)})`;
    lines.push(forTerminal(`${mark} ${facts.method} ${facts.target} → ${facts.status ?? 'none'}${answer}`));
    if (row.one === null || row.other === null) continue;
    for (const difference of row.differences)
      lines.push(
        forTerminal(
          `    ${difference.level === 'differs' ? 'differs' : 'info   '} ${differenceText(difference)}`,
        ),
      );
  }
  if (leftOut > 0)
    lines.push(`${counted(leftOut, 'exchange')} beyond the first of either session were left out.`);
  lines.push(
    differing === 0
      ? `the same: ${counted(rows.length, 'exchange')}.`
      : `${differing} of ${counted(rows.length, 'exchange')} ${differing === 1 ? 'differs' : 'differ'}.`,
  );
  return `${lines.join('\n')}\n`;
}
