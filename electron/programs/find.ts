// Which programs of other people are on this machine, and in which versions. Runs them only to ask that; starts nothing
// that stays.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { Child } from './child.ts';
import { systemClock } from '../wire/clock.ts';
import type { Clock } from '../wire/types.ts';

export type ProxyName = 'nginx' | 'haproxy' | 'apache' | 'caddy';
export type ProgramName = ProxyName | 'curl';

/** The proxies that can be started, in the order in which they are shown. */
export const PROXY_NAMES = ['nginx', 'haproxy', 'apache', 'caddy'] as const satisfies readonly ProxyName[];

export interface FoundProgram {
  readonly name: ProgramName;
  /** `HAProxy` */
  readonly title: string;
  /** Absolute. */
  readonly path: string;
  /** `2.6.12`: digits and dots, as the program tells it. */
  readonly version: string;
}

export interface FoundProxy extends FoundProgram {
  readonly name: ProxyName;
}

interface Known {
  readonly title: string;
  readonly files: readonly string[];
  readonly ask: readonly string[];
  readonly version: RegExp;
}

const KNOWN: Readonly<Record<ProgramName, Known>> = {
  nginx: { title: 'nginx', files: ['nginx'], ask: ['-v'], version: /nginx\/(\d[\d.]*)/ },
  haproxy: { title: 'HAProxy', files: ['haproxy'], ask: ['-v'], version: /HA-?Proxy version (\d[\d.]*)/i },
  apache: { title: 'Apache', files: ['apache2', 'httpd'], ask: ['-v'], version: /Apache\/(\d[\d.]*)/ },
  caddy: { title: 'Caddy', files: ['caddy'], ask: ['version'], version: /^v?(\d[\d.]*)/m },
  curl: { title: 'curl', files: ['curl'], ask: ['--version'], version: /^curl (\d[\d.]*)/m },
};

/** Servers are often kept where a user's PATH does not lead. */
const MORE_FOLDERS =
  process.platform === 'win32'
    ? []
    : ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/opt/homebrew/bin'];

/** How long (ms) a program may take to tell its version. */
const TELL_WITHIN = 5_000;

export function titleOf(name: ProgramName): string {
  return KNOWN[name].title;
}

export interface SearchOptions {
  readonly clock?: Clock;
  /** Folders, in order; default: those of PATH, and where servers are kept. */
  readonly folders?: readonly string[];
}

/** Looks for a program. Null: it is not there, or what has its name does not tell a version of it. */
export async function findProgram(
  name: ProgramName,
  { clock = systemClock, folders = searchedFolders() }: SearchOptions = {},
): Promise<FoundProgram | null> {
  const { title, files, ask, version } = KNOWN[name];
  for (const folder of folders)
    for (const file of files) {
      const path = join(folder, process.platform === 'win32' ? `${file}.exe` : file);
      if (!(await isExecutable(path))) continue;
      const told = version.exec(await tell(path, ask, clock))?.[1];
      if (told !== undefined) return { name, title, path, version: told };
    }
  return null;
}

/** The proxies that are there, in the order of {@link PROXY_NAMES}. */
export async function findProxies(options: SearchOptions = {}): Promise<FoundProxy[]> {
  const found = await Promise.all(
    PROXY_NAMES.map(async (name) => {
      const program = await findProgram(name, options);
      return program === null ? [] : [{ ...program, name }];
    }),
  );
  return found.flat();
}

/** An entry of PATH that is empty or relative means wherever we happen to be: nothing is started from there. */
function searchedFolders(): string[] {
  const own = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return Array.from(new Set([...own, ...MORE_FOLDERS]));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** What a program says when it is asked one thing; what it said until then, if it does not come to an end. */
export async function tell(path: string, args: readonly string[], clock: Clock): Promise<string> {
  const child = new Child(path, args, { clock, folder: '/', environment: process.env });
  const cancel = clock.after(TELL_WITHIN, () => void child.stop());
  await child.ended;
  cancel();
  return child.said;
}
