// One server a folder: the lock says whose it is. A lock whose owner is gone, however it went, holds nobody up.

import { randomBytes } from 'node:crypto';
import {
  constants,
  copyFileSync,
  linkSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { codeOf, ServerError } from '../errors.ts';
import { fresh } from './fresh.ts';

/** Folders that this process serves. */
const served = new Set<string>();

/**
 * @param path where the lock lies
 * @returns gives the folder free
 * @throws ServerError `bad-option` while another server has it
 */
export function lockFolder(root: string, path: string): () => void {
  const real = realpathSync(root);
  if (served.has(real)) throw inUse(root, process.pid);
  // Whole before it has its name: whoever finds one can read whose it is.
  const own = fresh(`${path}-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(own, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx', mode: 0o600 });
    for (let tries = 0; ; tries++) {
      try {
        take(own, path);
        break;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST' || tries === 2) throw error;
      }
      const owner = ownerOf(path);
      if (owner !== null) throw inUse(root, owner);
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
  served.add(real);
  return () => {
    served.delete(real);
    rmSync(path, { force: true });
  };
}

/** Gives a file its name if nothing has that. @throws errors of the file system, `EEXIST` if something has */
function take(own: string, path: string): void {
  try {
    linkSync(own, path);
  } catch (error) {
    // Some file systems have no links.
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) throw error;
    copyFileSync(own, path, constants.COPYFILE_EXCL);
  }
}

/** Null: it is gone. */
function ownerOf(path: string): number | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  const [digits = '', start = ''] = text.split(' ');
  const pid = Number(digits);
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return null;
  }
  // Another process may have got its number since.
  return start === startOf(pid) ? pid : null;
}

/** When a process began, in a form of the system's own; '' where that cannot be known. */
function startOf(pid: number): string {
  try {
    // proc(5): the 22nd value; the second one, in brackets, may have blanks.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function inUse(root: string, pid: number): ServerError {
  return new ServerError(
    'bad-option',
    `The folder ${root} is in use by another server (process ${pid}): end that one, or choose another folder.`,
  );
}
