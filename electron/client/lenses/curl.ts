// The lens `curl`: the program on the PATH, as a child process that never outlives its request. It opens a connection of
// its own, so only a server of ours has its bytes on record; what it tells its user comes from its own outputs.

import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type ContentSource, PIECE } from '../content.ts';
import { HeadLines } from './head-lines.ts';
import { type GivenUp, watchPatience } from './sockets.ts';
import type { CheckedRequest, Look } from './types.ts';

/** Seconds after which curl ends by itself, should this process be gone. */
const LONGEST = '600';

/**
 * Content and heads have to come apart, and Node gives its children sockets, which nobody can open by a name. A pipe of the
 * shell's can be opened: heads go through it, content to descriptor 3. `cat` ends when curl has.
 */
const SCRIPT = 'curl "$@" --dump-header /dev/fd/4 4>&1 >&3 | cat';

/** What `--write-out` adds to its words when it has ended by itself. */
const ENDED = 'interim: exit';

/** Characters of what it says on stderr. */
const MOST_SAID = 4_096;
/** How long (ms) `curl --version` may take. */
const VERSION_WITHIN = 5_000;

/**
 * Version of the curl on the PATH; null: there is none, or the system has no shell and no /dev/fd to hand it a second output.
 * @param within milliseconds that it may take to tell
 */
export function curlVersion(within: number = VERSION_WITHIN): Promise<string | null> {
  if (process.platform === 'win32') return Promise.resolve(null);
  return new Promise((resolve) => {
    const child = spawn('curl', ['-q', '--version'], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const timer = setTimeout(() => killGroup(child), within);
    child.on('error', () => {
      clearTimeout(timer);
      resolve(null);
    });
    if (!isStarted(child)) return;
    let said = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      said = (said + text).slice(0, MOST_SAID);
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(/^curl (\S+)/.exec(said)?.[1] ?? null);
    });
  });
}

/** Where the machine has no descriptor to spare there are no pipes either: `error`, which follows, says why. */
function isStarted({ pid }: ChildProcess): boolean {
  return pid !== undefined;
}

/** Ends it, and whatever it has started: each is the head of a process group of its own. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

export const lookCurl: Look = (request, context, telling) =>
  new Promise((resolve) => {
    const { content, patience } = request;
    const child = spawn('sh', ['-c', SCRIPT, 'curl', ...argumentsOf(request)], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // A process group of its own, so that it can be ended as a whole.
      detached: true,
    });
    child.on('error', (error) => {
      telling.fail(error);
      if (!isStarted(child)) resolve();
    });
    if (!isStarted(child)) return;
    const { stdin, stdout: heads, stderr } = child;
    const stdout = child.stdio[3] as Readable;
    const kill = (): void => killGroup(child);
    let moved = 0;
    let said = '';
    let givenUp: GivenUp | null = null;
    const trailers: (readonly [string, string])[] = [];
    let listening = false;
    /** The content comes by a pipe of its own: it is read once the head that it belongs to is here. */
    const listen = (): void => {
      if (listening) return;
      listening = true;
      stdout.on('data', (bytes: Uint8Array) => {
        moved += bytes.length;
        // Of a HEAD, curl prints the head once more.
        if (request.method !== 'HEAD') telling.content(bytes);
      });
    };
    const lines = new HeadLines({
      response: (status, reason, fields) => {
        if (status < 200 && status !== 101) {
          telling.interim(status, fields);
          return;
        }
        telling.final(status, reason, fields);
        listen();
      },
      trailers: (fields) => trailers.push(...fields),
    });
    const leave = watchPatience({
      clock: context.clock,
      signal: context.signal,
      patience,
      moved: () => moved,
      giveUp: (why) => {
        givenUp = why;
        kill();
      },
    });
    heads.on('data', (bytes: Buffer) => {
      moved += bytes.length;
      lines.feed(bytes.toString('latin1'));
    });
    heads.on('end', listen);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, MOST_SAID);
    });
    // It may end, or refuse its input, at any time: its exit code tells why.
    for (const stream of [stdin, stdout, stderr, heads]) stream.on('error', () => undefined);
    void feed(stdin, content, (bytes) => (moved += bytes)).catch((error: unknown) => {
      telling.fail(error);
      kill();
    });
    child.on('close', () => {
      leave();
      lines.end();
      telling.trailers(trailers);
      if (givenUp !== null) telling.fail(givenUp);
      else if (said.includes(`${ENDED} 0\n`)) telling.end();
      else telling.fail(new CurlError(said));
      resolve();
    });
  });

/** Its exit code, and its own words about it. */
class CurlError extends Error {
  readonly code: string;
  constructor(said: string) {
    const [, code = '', words = 'curl ended without a word.'] = /^curl: \((\d+)\) (.*)$/m.exec(said) ?? [];
    super(words);
    this.name = 'curl';
    this.code = code;
  }
}

function argumentsOf({ method, target, fields, content }: CheckedRequest): string[] {
  const expects = fields.some(([name]) => name.toLowerCase() === 'expect');
  const lines = fields.map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`));
  // The content comes from its standard input, under the length that is known, and waits for a 100 only where that is asked.
  if (content !== null) lines.push('Transfer-Encoding:', ...(expects ? [] : ['Expect:']));
  return [
    // First: no configuration of the user's own.
    '-q',
    '--silent',
    '--show-error',
    '--no-buffer',
    '--globoff',
    '--path-as-is',
    '--http1.1',
    '--noproxy',
    '*',
    '--max-time',
    LONGEST,
    '--write-out',
    `%{stderr}${ENDED} %{exitcode}\\n`,
    ...(method === 'HEAD' ? ['--head'] : ['--request', method]),
    ...lines.flatMap((line) => ['--header', line]),
    ...(content === null ? [] : ['--upload-file', '.']),
    '--url',
    target.href,
  ];
}

/** Gives curl the content, as fast as it takes it. */
async function feed(
  stdin: Writable,
  content: ContentSource | null,
  took: (bytes: number) => void,
): Promise<void> {
  if (content !== null) {
    for (let at = 0; at < content.length && stdin.writable;) {
      const piece = await content.read(at, Math.min(at + PIECE, content.length));
      at += piece.length;
      await new Promise<void>((resolve) => void stdin.write(piece, () => resolve()));
      took(piece.length);
    }
  }
  stdin.end();
}
