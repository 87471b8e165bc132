// Runs the rows of the bench: ours and peers in turn, in alternating order, and tells ratios. Each row has a process of
// its own: what one row taught the compilers, or left in memory, is nothing to the next.
// Must never compare figures of different runs: absolute times are noise.

import { spawnSync } from 'node:child_process';
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

/** Rounds for the compilers, which nobody counts: one each at least, three where they are short. */
async function warmUp(contestants: readonly (() => number | Promise<number>)[]): Promise<void> {
  const began = performance.now();
  for (let i = 0; i < 3 && (i === 0 || performance.now() - began < 3000); i++)
    for (const round of contestants) await round();
}

/** A forced collection throws compiled code away too, so it comes only when there is much to collect. */
function tidy(): void {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  if (heapUsed + arrayBuffers > 256 * 1024 * 1024) globalThis.gc?.();
}

async function measure(row: BenchRow, rounds: number): Promise<Result> {
  const contestants = [() => row.ours(), ...row.peers.map((peer) => () => peer.round())];
  const costs: number[][] = contestants.map(() => []);
  await row.setup?.();
  try {
    await warmUp(contestants);
    for (let i = 0; i < rounds; i++) {
      const order = contestants.map((_, index) => index);
      if (i % 2 === 1) order.reverse();
      for (const index of order) {
        tidy();
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

/** Rows lie beside this file, wherever it was bundled to. */
const folder = dirname(process.argv[1]!);

async function rowsOf(file: string): Promise<readonly BenchRow[]> {
  return ((await import(pathToFileURL(join(folder, file)).href)) as { rows: readonly BenchRow[] }).rows;
}

/** Measures one row in a process of its own. */
function apart(file: string, index: number, rounds: number): Result {
  const args = [
    ...process.execArgv,
    process.argv[1]!,
    file,
    '--row',
    String(index),
    '--rounds',
    String(rounds),
  ];
  const { stdout, status } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file}, row ${index}: ended with ${status}`);
  return JSON.parse(stdout) as Result;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      // How this program calls itself: the index of the one row of a file.
      row: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || positionals.length > 1) throw new Error(`Usage: ${usage}`);
  if (values.row !== undefined) {
    const row = (await rowsOf(positionals[0]!))[Number(values.row)]!;
    process.stdout.write(JSON.stringify(await measure(row, rounds)));
    return;
  }
  const filter = (positionals[0] ?? '').toLowerCase();
  const results: Result[] = [];
  if (!values.json)
    console.log(
      `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; medians of ${rounds} rounds.`,
    );
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.bench.js'))) {
    for (const [index, { name }] of (await rowsOf(file)).entries()) {
      if (!`${file} ${name}`.toLowerCase().includes(filter)) continue;
      const result = apart(file, index, rounds);
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
