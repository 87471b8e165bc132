// A file on its way to the engine: a long one takes a while to be copied by a browser, and that is said for as long as it
// does. Never reads the file.

import type { Api } from '../api.ts';
import type { Notices } from './notices.ts';

/** Bytes from which on it is said: a second or so. */
const LONG = 64 * 1024 * 1024;

/** Does the work that hands a file over, and says so meanwhile. The desktop needs only its path. */
export async function whileHandedOver<T>(
  { name, size }: Pick<File, 'name' | 'size'>,
  { api, notices }: { readonly api: Pick<Api, 'kind'>; readonly notices: Notices },
  work: () => Promise<T>,
): Promise<T> {
  if (api.kind === 'desktop' || size < LONG) return work();
  const notice = notices.tell(
    'info',
    `${name} is being copied to the engine: it is long, and takes a while.`,
  );
  try {
    return await work();
  } finally {
    notices.dismiss(notice);
  }
}
