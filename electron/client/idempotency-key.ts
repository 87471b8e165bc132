// The strategy `idempotency-key`: a request that must not be done twice, sent again after every break all the same, under a
// name by which the server knows it (draft-ietf-httpapi-idempotency-key-header). The name is made once, before the first try.

import { randomUUID } from 'node:crypto';
import { writeIdempotencyKey } from '../../shared/fields/idempotency-key.ts';
import { repeating } from './repeat.ts';
import { type OperationRequest, type Strategy, onlyFor } from './strategy.ts';

const FIELD = 'Idempotency-Key';

export const idempotencyKey: Strategy = {
  resumable: false,
  startsOver: true,
  unsuited: onlyFor(
    ['POST', 'PATCH'],
    'it can be sent twice without harm as it is, and needs no key. Use repeat instead.',
  ),
  // 409 with Retry-After: the request of that name is still being worked on.
  decide: repeating({
    begin: `The request is named by ${FIELD}: the server knows it again, so it may be repeated until it is answered.`,
    again: 'There is no whole answer: the same request is sent again, under the same name.',
  }),
};

/** The request with a name that no other one has; its own, where it has one. */
export function named(request: OperationRequest): OperationRequest {
  if (request.fields.some(([name]) => name.toLowerCase() === FIELD.toLowerCase())) return request;
  return { ...request, fields: [...request.fields, [FIELD, writeIdempotencyKey(randomUUID())]] };
}
