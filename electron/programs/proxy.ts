// Starts a found proxy before an origin on loopback, with a configuration of ours in a temporary folder, and always stops
// it again. Touches nothing of the system's own set-up of that program.

import { rmSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apacheModules } from './apache-modules.ts';
import { Child } from './child.ts';
import { configurationOf } from './configurations.ts';
import { ProgramError } from './errors.ts';
import type { FoundProxy } from './find.ts';
import { whenProcessEnds } from './last-resort.ts';
import type { Clock } from '../wire/types.ts';

export interface RunningProxy {
  readonly program: FoundProxy;
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  readonly pid: number | undefined;
  /** Resolves once the process has ended and the folder is gone. May be called again. */
  stop(): Promise<void>;
}

export interface ProxyContext {
  readonly clock: Clock;
  /** Once it is aborted, the proxy is stopped. */
  readonly signal: AbortSignal;
}

/** How long (ms) it may take until it takes connections, and how often that is tried. */
const ANSWER_WITHIN = 10_000;
const TRY_EVERY = 25;
/** Tries with another port, where somebody else has taken the one that was free. */
const MOST_PORTS = 3;
const PORT_TAKEN = /address already in use|could not bind|cannot bind/i;
const MOST_WORDS = 300;
const MOST_LOGGED = 8 * 1024;

/**
 * Resolves once the proxy takes connections.
 * @param origin `http://127.0.0.1:18080`: where it passes everything on to
 * @throws {ProgramError} with its last words if it does not start, `stopped` if the signal is aborted before
 */
export async function startProxy(
  program: FoundProxy,
  origin: string,
  context: ProxyContext,
): Promise<RunningProxy> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(program, origin, context);
    } catch (error) {
      const taken = error instanceof ProgramError && PORT_TAKEN.test(error.message);
      if (!taken || tries === MOST_PORTS) throw error;
    }
  }
}

async function attempt(program: FoundProxy, origin: string, context: ProxyContext): Promise<RunningProxy> {
  const { clock, signal } = context;
  const modules = program.name === 'apache' ? await apacheModules(program, clock) : [];
  const folder = await temporaryFolder(program);
  const takeBack = whenProcessEnds(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  let child: Child | null = null;
  const stop = async (): Promise<void> => {
    signal.removeEventListener('abort', stopped);
    await child?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    takeBack();
  };
  const stopped = (): void => void stop();
  try {
    const port = await freePort();
    const configuration = configurationOf(
      program.name,
      program.version,
      { folder, port, origin: new URL(origin).host },
      modules,
    );
    await writeFile(join(folder, configuration.file), configuration.text);
    if (signal.aborted) throw new ProgramError('stopped', 'It was stopped.');
    child = new Child(program.path, configuration.args, {
      clock,
      folder,
      environment: { ...process.env, ...configuration.environment },
    });
    signal.addEventListener('abort', stopped);
    const state = await answers(child, port, clock);
    if (signal.aborted) throw new ProgramError('stopped', 'It was stopped.');
    if (state !== 'answers') throw await failure(program, state, child, folder, configuration.log);
    return { program, url: `http://127.0.0.1:${port}`, pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function temporaryFolder({ title }: FoundProxy): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'interim-proxy-'));
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new ProgramError(
      'would-not-start',
      `There can be no folder for ${title} in ${tmpdir()} (${code}): let TMPDIR name one that can be written to.`,
    );
  }
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Resolves when it takes connections, has ended, or was given time enough. */
async function answers(child: Child, port: number, clock: Clock): Promise<'answers' | 'ended' | 'silent'> {
  const until = clock.now() + ANSWER_WITHIN;
  while (clock.now() < until) {
    if (child.over) return 'ended';
    if (await takesConnections(port)) return child.over ? 'ended' : 'answers';
    await new Promise<void>((resolve) => {
      const cancel = clock.after(TRY_EVERY, resolve);
      void child.ended.then(() => {
        cancel();
        resolve();
      });
    });
  }
  return 'silent';
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function failure(
  { title, version }: FoundProxy,
  state: 'ended' | 'silent',
  child: Child,
  folder: string,
  log: string | null,
): Promise<ProgramError> {
  const logged = log === null ? '' : await endOf(join(folder, log));
  const words = lastWords(`${logged}\n${child.said}`);
  const last = words === '' ? 'It said nothing.' : `Its last words: ${words}`;
  return state === 'ended'
    ? new ProgramError('would-not-start', `${title} ${version} would not start. ${last}`)
    : new ProgramError(
        'no-answer',
        `${title} ${version} took no connection within ${ANSWER_WITHIN / 1000} seconds. ${last}`,
      );
}

/** The last of a file; '' if there is none. */
async function endOf(path: string): Promise<string> {
  const file = await open(path).catch(() => null);
  if (file === null) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - MOST_LOGGED);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The last three lines of what was said, at most 300 characters, as one line without controls. */
export function lastWords(said: string): string {
  return said
    .split('\n')
    .map((line) => line.replaceAll(/\p{Cc}+/gu, ' ').trim())
    .filter((line) => line !== '')
    .slice(-3)
    .join(' ')
    .slice(-MOST_WORDS);
}
