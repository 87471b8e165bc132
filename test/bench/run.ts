// Runs the rows of the bench: ours and peers in turn, in alternating order, and tells ratios.
// Must never compare figures of different runs: absolute times are noise.

import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchRow } from './types.ts';

const usage = 'npm run bench -- [FILTER] [--rounds N] [--json]';

interface Comparison {
  readonly peer: string;
  readonly cost: number;
  /** The peer's cost over ours, round by round: the median, and the extremes. */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  readonly atLeast: number;
  readonly reached: boolean;
}

interface Result {
  readonly row: string;
  readonly ours: number;
  readonly comparisons: readonly Comparison[];
  readonly remarks: readonly string[];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function measure(row: BenchRow, rounds: number): Promise<Result> {
  const contestants = [() => row.ours(), ...row.peers.map((peer) => () => peer.round())];
  const costs: number[][] = contestants.map(() => []);
  await row.setup?.();
  try {
    // One round for the compilers, which nobody counts.
    for (const round of contestants) await round();
    for (let i = 0; i < rounds; i++) {
      const order = contestants.map((_, index) => index);
      if (i % 2 === 1) order.reverse();
      for (const index of order) {
        globalThis.gc?.();
        costs[index]!.push(await contestants[index]!());
      }
    }
  } finally {
    await row.teardown?.();
  }
  const [ours, ...peers] = costs;
  const comparisons = row.peers.map(({ name, atLeast }, index) => {
    const ratios = peers[index]!.map((cost, i) => cost / ours![i]!);
    const ratio = median(ratios);
    return {
      peer: name,
      cost: median(peers[index]!),
      ratio,
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
      atLeast,
      reached: ratio >= atLeast,
    };
  });
  return { row: row.name, ours: median(ours!), comparisons, remarks: row.remarks?.() ?? [] };
}

function print({ row, ours, comparisons, remarks }: Result): void {
  const figure = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0).padStart(8);
  console.log(`\n${row}`);
  console.log(`  ${'Interim'.padEnd(40)}${figure(ours)}`);
  for (const { peer, cost, ratio, lowest, highest, atLeast, reached } of comparisons) {
    const range = `[${lowest.toFixed(2)}–${highest.toFixed(2)}]`;
    const verdict = atLeast === 0 ? '' : `at least ${atLeast}  ${reached ? 'PASS' : 'short'}`;
    console.log(
      `  ${peer.padEnd(40)}${figure(cost)}${figure(ratio)} × ${range.padEnd(16)} ${verdict}`.trimEnd(),
    );
  }
  for (const remark of remarks) console.log(`  ${remark}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || positionals.length > 1) throw new Error(`Usage: ${usage}`);
  const filter = (positionals[0] ?? '').toLowerCase();
  // Rows lie beside this file, wherever it was bundled to.
  const folder = dirname(process.argv[1]!);
  const results: Result[] = [];
  if (!values.json)
    console.log(
      `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; medians of ${rounds} rounds.`,
    );
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.bench.js'))) {
    const { rows } = (await import(pathToFileURL(join(folder, file)).href)) as { rows: readonly BenchRow[] };
    for (const row of rows) {
      if (!`${file} ${row.name}`.toLowerCase().includes(filter)) continue;
      const result = await measure(row, rounds);
      results.push(result);
      if (!values.json) print(result);
    }
  }
  if (values.json) console.log(JSON.stringify({ node: process.version, rounds, results }, null, 1));
  else {
    const short = results.flatMap(({ row, comparisons }) =>
      comparisons
        .filter(({ reached }) => !reached)
        .map(({ peer, ratio, atLeast }) => `${row}: ${ratio.toFixed(2)} × ${peer}, not ${atLeast}`),
    );
    console.log(
      short.length === 0
        ? '\nEvery row is at its target or above.'
        : `\nShort of their targets:\n  ${short.join('\n  ')}`,
    );
  }
}

try {
  await main();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
