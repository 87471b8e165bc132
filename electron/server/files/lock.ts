// One server a folder: the lock says whose it is. A lock whose owner is gone, however it went, holds nobody up.

import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf, ServerError } from '../errors.ts';

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
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(path, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || tries === 2) throw error;
    }
    const owner = ownerOf(path);
    if (owner !== null) throw inUse(root, owner);
    rmSync(path, { force: true });
  }
  served.add(real);
  return () => {
    served.delete(real);
    rmSync(path, { force: true });
  };
}

/** Null: it is gone. */
function ownerOf(path: string): number | null {
  const [digits = '', start = ''] = readFileSync(path, 'utf8').split(' ');
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
