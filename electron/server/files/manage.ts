// DELETE, MOVE and OPTIONS of file resources: those that change none of their bytes.

import type { Exchange } from '../http/exchange.ts';
import { refuse, refuseStorage } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';
import { fileName, NAME_RULE } from './names.ts';
import { forbidden, refuseError, refuseWith, RETRY, withAnyTarget, withTarget } from './request.ts';
import type { FileResource } from './resource.ts';
import type { Refusal } from './writing.ts';

const NOTHING = new Uint8Array(0);

export function deleteFile(exchange: Exchange, core: ServerCore, name: string): void {
  withAnyTarget(exchange, core, name, (resource) => {
    const gone = resource.failure === null ? missing(resource) : null;
    const refusal = gone ?? forbidden(exchange, resource);
    if (refusal !== null) {
      refuseWith(exchange, refusal);
      return;
    }
    resource.writers.endInPlace();
    core.files.remove(resource);
    void exchange.final({ status: 204, fields: [], content: NOTHING });
  });
}

/** RFC 4918 §9.9: the file, with all that is known of it, gets another name; what had that name goes. */
export function moveFile(exchange: Exchange, core: ServerCore, name: string): void {
  const destination = destinationOf(exchange);
  if (typeof destination !== 'string') {
    refuseWith(exchange, destination);
    return;
  }
  const overwrite = exchange.field('Overwrite') ?? 'T';
  if (overwrite !== 'T' && overwrite !== 'F') {
    refuse(exchange, 400, `Overwrite is T or F, not ${overwrite}.`);
  } else if (destination === name) {
    refuse(exchange, 403, 'A file cannot be moved to itself.');
  } else {
    withTarget(exchange, core, name, (from) => {
      withTarget(exchange, core, destination, (to) => {
        // The first may have begun to change while the second was waited for.
        if (from.pending !== null) refuseWith(exchange, BUSY);
        else if (from.failure !== null) refuseStorage(exchange, from.failure);
        else move(exchange, core, { from, to, overwrite: overwrite === 'T' });
      });
    });
  }
}

export function optionsOf(exchange: Exchange, fields: readonly (readonly [string, string])[]): void {
  void exchange.final({ status: 204, fields, content: NOTHING });
}

const BUSY: Refusal = {
  status: 409,
  sentence: 'Another request is writing to one of the two files: wait for its end.',
  fields: RETRY,
};

interface Move {
  readonly from: FileResource;
  readonly to: FileResource;
  readonly overwrite: boolean;
}

function move(exchange: Exchange, core: ServerCore, { from, to, overwrite }: Move): void {
  const replaces = to.state.kind === 'complete' || to.state.kind === 'incomplete';
  const refusal =
    missing(from) ??
    forbidden(exchange, from) ??
    (to.state.kind === 'blocked'
      ? {
          status: 409,
          sentence: `There can be no file at the Destination: a folder is in the way. ${NAME_RULE}`,
        }
      : replaces && !overwrite
        ? { status: 412, sentence: 'There is a file at the Destination, and Overwrite is F.' }
        : from.writers.inPlace || to.writers.inPlace
          ? BUSY
          : null);
  if (refusal !== null) {
    refuseWith(exchange, refusal);
    return;
  }
  try {
    core.files.move(from, to);
  } catch (error) {
    refuseError(exchange, error);
    return;
  }
  const fields = replaces ? [] : [['Location', `/uploads/${to.name}`] as const];
  void exchange.final({ status: replaces ? 204 : 201, fields, content: NOTHING });
}

function missing(resource: FileResource): Refusal | null {
  const { kind } = resource.state;
  if (kind === 'complete' || kind === 'incomplete') return null;
  return { status: 404, sentence: 'There is no such file. GET /uploads/ lists those there are.' };
}

/** RFC 4918 §10.3: an absolute URI or path; the name of the file there. */
function destinationOf(exchange: Exchange): string | Refusal {
  const value = exchange.field('Destination');
  if (value === null)
    return { status: 400, sentence: 'A MOVE needs a Destination: the path of a file here.' };
  const absolute = /^(https?):\/\/([^/?#]*)(.*)$/i.exec(value);
  if (absolute === null && !value.startsWith('/')) {
    return { status: 400, sentence: 'The Destination must be an absolute URI or begin with a slash.' };
  }
  if (absolute !== null) {
    const [, scheme = '', authority = ''] = absolute;
    const origin = `${scheme}://${authority}`.toLowerCase();
    if (origin !== exchange.origin.toLowerCase() && origin !== exchange.address) {
      return {
        status: 502,
        sentence: `The file cannot be moved to another server: this one is ${exchange.origin}.`,
      };
    }
  }
  const path = absolute === null ? value : (absolute[3] ?? '');
  const match = /^\/(?:uploads|put-only)\/([^?#]*)$/.exec(path);
  if (match === null) return { status: 403, sentence: 'A file can only be moved to a path below /uploads/.' };
  return (
    fileName(match[1] ?? '') ?? { status: 400, sentence: `No file can have that Destination. ${NAME_RULE}` }
  );
}
