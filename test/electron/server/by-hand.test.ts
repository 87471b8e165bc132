// The server's README, taken at its word: every command of it is run by a shell, and must say what stands there.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer } from '../../../electron/server/server.ts';
import type { TestServer } from '../../../electron/server/types.ts';
import { memorySink } from '../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { systemClock } from '../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import { parseCutSpec } from '../../../electron/wire/spec.ts';

const README = join(import.meta.dirname, '../../../electron/server/README.md');
/** A command, and the lines it prints. */
interface Step {
  readonly command: string;
  readonly output: readonly string[];
}

/** The steps of a console block: `$` begins a command, what follows is its output. */
function stepsOf(block: string): Step[] {
  const steps: { command: string; output: string[] }[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: [] });
    else steps.at(-1)?.output.push(line);
  }
  return steps;
}

/** `…` stands for anything within a line, or, alone in it, for any number of lines. */
function pattern(output: string): RegExp {
  const escaped = output.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
  const lines = escaped.replaceAll(/^…\n/gm, String.raw`(?:.*\n)*`).replace(/^…$/m, String.raw`(?:.|\n)*`);
  return new RegExp(`^${lines.replaceAll('…', '.*')}$`);
}

const readme = await readFile(README, 'utf8');
const sections = readme.split(/^### /m).slice(1);
let server: TestServer | null = null;
let folder: string;

/** One shell for all commands of a section would hide which one failed: variables are handed on instead. */
let environment: Record<string, string> = {};

function shell(command: string): Promise<string> {
  const script = `${command}\nstatus=$?\nexport -p > .environment\nexit $status`;
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-c', script],
      { cwd: folder, env: { ...process.env, ...environment } },
      (_error, stdout, stderr) => {
        readFile(join(folder, '.environment'), 'utf8').then(
          (text) => {
            for (const [, name, value] of text.matchAll(/^declare -x ([A-Z]+)="(.*)"$/gm))
              if (process.env[name!] === undefined) environment[name!] = value!.replaceAll(/\\(.)/g, '$1');
            resolve(stdout + stderr);
          },
          () => resolve(stdout + stderr),
        );
      },
    );
  });
}

/** It speaks of a shell and of curl: where they are missing, there is nothing to try. */
const HERE = ['bash', 'curl'].every((program) => spawnSync(program, ['--version']).status === 0);

describe.skipIf(!HERE)('the README of the server', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'interim-by-hand-'));
    const board = createFaultBoard();
    // As the README starts it.
    for (const [, spec] of readme.matchAll(/--cut (\S+)/g)) board.arm(parseCutSpec(spec!), 'plan');
    const recorder = createRecorder({ sink: memorySink() });
    server = await createTestServer({
      context: { recorder, board, clock: systemClock },
      port: 0,
      root: join(folder, 'files'),
    });
    environment = { SERVER: server.url };
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('has something to do by hand', () => {
    expect(sections.length).toBeGreaterThan(4);
  });

  it.each(sections.map((section) => [section.slice(0, section.indexOf('\n')), section] as const))(
    '%s: every command says what stands there',
    async (_title, section) => {
      const blocks = Array.from(section.matchAll(/^```console\n([\s\S]*?)^```$/gm), ([, block]) =>
        block!.replace(/\n$/, ''),
      );
      expect(blocks.length).toBeGreaterThan(0);
      for (const { command, output } of blocks.flatMap(stepsOf)) {
        const said = await shell(command);
        expect(said.trimEnd(), command).toMatch(pattern(output.join('\n').trimEnd()));
      }
    },
  );
});
