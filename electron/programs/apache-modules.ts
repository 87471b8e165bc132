// Which of the modules that a reverse proxy needs Apache has in it, and where the others lie: every system keeps them
// somewhere else.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ApacheModules } from './configurations.ts';
import { type FoundProgram, tell } from './find.ts';
import type { Clock } from '../wire/types.ts';

const FOLDERS = [
  '/usr/lib/apache2/modules',
  '/usr/lib64/httpd/modules',
  '/usr/lib/httpd/modules',
  '/usr/lib64/apache2',
  '/usr/libexec/apache2',
  '/usr/local/libexec/apache24',
  '/opt/homebrew/lib/httpd/modules',
  '/usr/local/lib/httpd/modules',
];

/** One of these makes connections. */
const WORKERS = ['mpm_event', 'mpm_worker', 'mpm_prefork'];
const NEEDED = ['unixd', 'authz_core', 'proxy', 'proxy_http'];

/** The modules to be loaded; what is compiled in must not be. A missing one is left to Apache to complain of. */
export async function apacheModules({ path }: FoundProgram, clock: Clock): Promise<ApacheModules> {
  // `  mod_so.c`, `  event.c`
  const compiled = await tell(path, ['-l'], clock);
  const isIn = (name: string): boolean =>
    new RegExp(`\\b(?:mod_)?${name.replace(/^mpm_/, '')}\\.c`).test(compiled);
  const folder = FOLDERS.find((each) => existsSync(join(each, 'mod_proxy.so'))) ?? FOLDERS[0]!;
  const file = (name: string): string => join(folder, `mod_${name}.so`);
  const worker = WORKERS.some(isIn) ? [] : WORKERS.filter((name) => existsSync(file(name))).slice(0, 1);
  return [...worker, ...NEEDED.filter((name) => !isIn(name))].map(
    (name) => [`${name}_module`, file(name)] as const,
  );
}
