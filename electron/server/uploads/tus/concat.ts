// Puts parts together to one upload (tus 1.0.0, concatenation): a copy of its own, made piece by piece, that is there when
// it is whole. The parts stay as they are.

import type { StoredContent } from '../content-store.ts';
import { ServerError } from '../../errors.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { ServerCore } from '../../router.ts';
import type { Upload } from '../uploads.ts';
import { factsOf } from './facts.ts';
import { answerCreated, createOperation, type TusCreation } from './operation.ts';
import { refuseTus, TusRefusal } from './request.ts';

/** Bytes that are copied at a time; the others have their turn in between. */
const PIECE = 256 * 1024;

/** Answers the exchange. Never rejects. @param parts URI references, the same perhaps more than once */
export async function concatenate(
  exchange: Exchange,
  core: ServerCore,
  creation: TusCreation,
  parts: readonly string[],
): Promise<void> {
  const uploads = findParts(exchange, core, parts);
  if (uploads instanceof TusRefusal) {
    refuseTus(exchange, uploads);
    return;
  }
  const content = core.operations.createContent();
  const wrong = await copy(exchange, uploads, content);
  // Nobody waits for it any more, and nobody will know where it is.
  if (wrong !== null || exchange.over) {
    content.dispose();
    if (wrong !== null) refuseTus(exchange, wrong);
    return;
  }
  const { contentType } = creation;
  const start = { contentType, length: content.length, limit: core.uploadLimit, content };
  const operation = createOperation(exchange, core, creation, start);
  if (operation === null) content.dispose();
  else answerCreated(exchange, operation, false);
}

function findParts(exchange: Exchange, core: ServerCore, parts: readonly string[]): Upload[] | TusRefusal {
  const uploads: Upload[] = [];
  let length = 0;
  for (const part of parts) {
    const shown = part.slice(0, 100);
    const operation = core.operations.get(identifierOf(exchange, part) ?? '');
    const upload = operation?.upload ?? null;
    if (operation === undefined || upload === null || operation.expired || operation.deleted.has('request')) {
      return new TusRefusal(400, `There is no partial upload at ${shown}: create it first.`);
    }
    if (factsOf(operation).kind !== 'partial') {
      return new TusRefusal(400, `The upload at ${shown} was not begun with Upload-Concat: partial.`);
    }
    if (!upload.complete) {
      return new TusRefusal(
        400,
        `The partial upload at ${shown} is not finished: bring the rest of it first.`,
      );
    }
    length += upload.have;
    if (length > core.uploadLimit) {
      return new TusRefusal(413, `An upload may have ${core.uploadLimit} bytes here; these parts have more.`);
    }
    uploads.push(upload);
  }
  return uploads;
}

/** Null: the reference does not lead to an upload of this server. */
function identifierOf(exchange: Exchange, reference: string): string | null {
  const base = `${exchange.origin}/tus`;
  if (!URL.canParse(reference, base)) return null;
  const { origin, pathname } = new URL(reference, base);
  const here = [exchange.origin, exchange.address].some(
    (address) => URL.canParse(address) && new URL(address).origin === origin,
  );
  return here ? (/^\/tus\/([\w-]{1,32})$/.exec(pathname)?.[1] ?? null) : null;
}

/** Null: all of them were copied, or the client left. */
async function copy(
  exchange: Exchange,
  uploads: readonly Upload[],
  content: StoredContent,
): Promise<TusRefusal | null> {
  for (const upload of uploads) {
    for (let at = 0; at < upload.have; at += PIECE) {
      try {
        const piece = upload.content.read(at, Math.min(upload.have, at + PIECE));
        if (piece === null) return new TusRefusal(400, 'A partial upload was deleted while it was copied.');
        content.append(piece, 0, piece.length);
      } catch (error) {
        const full = error instanceof ServerError && error.code === 'store-full';
        return new TusRefusal(full ? 507 : 500, error instanceof Error ? error.message : String(error));
      }
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (exchange.over) return null;
    }
  }
  return null;
}
