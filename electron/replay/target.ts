// Where a session is sent again, when a user names it: the origin of a server. Decides nothing else, opens nothing.

import { ClientError } from '../client/errors.ts';
import { parseTarget, type Target } from '../client/target.ts';

/** The server of an http or https URL; or the sentence that says what is wrong with it. */
export function replayTarget(text: string): Target | string {
  let target: Target;
  try {
    target = parseTarget(text);
  } catch (error) {
    if (error instanceof ClientError) return error.message;
    throw error;
  }
  if (target.path === '/') return target;
  return `The requests have paths of their own: name only the server, such as ${new URL(target.href).origin}.`;
}
