// A new upload of tus 1.0.0: what its creation asked for, the operation that it is, and the 201 that says where.

import type { ContentCheck } from '../digests.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { Operation, OperationStart } from '../../operations/operation.ts';
import { readPreferences } from '../../operations/preferences.ts';
import type { ServerCore } from '../../router.ts';
import { UploadedWork } from '../uploaded.ts';
import { keepFacts, type TusFacts } from './facts.ts';
import { duplicatesLine, tusPlace } from '../places.ts';
import { expiryFields, offsetLine, refuseTus, TUS_RESUMABLE, TusRefusal } from './request.ts';

export interface TusCreation {
  readonly facts: TusFacts;
  readonly contentType: string;
  /** Bytes in all; null: told later. */
  readonly length: number | null;
  /** What it is made of; null: of what is uploaded. */
  readonly parts: readonly string[] | null;
  /** Bytes of the request's content; null: chunked. */
  readonly expected: number | null;
  readonly check: ContentCheck | null;
  readonly cutAfter: number | null;
  /** Seconds that it is kept, unfinished or finished; null: as long as others. */
  readonly maxAge: number | null;
}

/** Null: there are too many, and the exchange is answered so. */
export function createOperation(
  exchange: Exchange,
  core: ServerCore,
  { facts, maxAge }: TusCreation,
  upload: NonNullable<OperationStart['upload']>,
): Operation | null {
  const operation = core.operations.create({
    exchange,
    preferences: { ...readPreferences(exchange), resume: 'save-incomplete' },
    // Parts are not processed before they are put together.
    work: new UploadedWork(facts.kind !== 'partial'),
    naming: 'unguessable',
    statusPath: (id) => `/job/${id}.job`,
    upload,
    credentials: null,
    place: tusPlace,
    ...(maxAge === null ? {} : { lifetime: maxAge * 1000 }),
  });
  if (operation === null) {
    const sentence = 'There are too many uploads here: DELETE some, or try again later.';
    refuseTus(exchange, new TusRefusal(503, sentence, [['Retry-After', '60']]));
  } else keepFacts(operation, facts);
  return operation;
}

/** @param counted the request brought content, so that the offset is told */
export function answerCreated(exchange: Exchange, operation: Operation, counted: boolean): void {
  const { upload } = operation;
  if (upload === null) return;
  void exchange.final({
    status: 201,
    fields: [
      TUS_RESUMABLE,
      ['Location', tusPlace(operation.id)],
      ...(counted ? [offsetLine(upload)] : []),
      ...expiryFields(operation, upload),
      duplicatesLine(operation, tusPlace(operation.id)),
    ],
    content: new Uint8Array(0),
  });
}
