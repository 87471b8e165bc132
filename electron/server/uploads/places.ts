// Where an upload is found: at an address for each protocol that it can be asked about and gone on with. Nothing else.

import type { Operation } from '../operations/operation.ts';

/** Path of the upload resource of draft-ietf-httpbis-resumable-upload. */
export function ietfPlace(id: string): string {
  return `/resumable/${id}`;
}

/** Path of the upload as tus has it. */
export function tusPlace(id: string): string {
  return `/tus/${id}`;
}

/** The same bytes at their other addresses (RFC 6249 §3). @param place the one at which it is asked about */
export function duplicatesLine(operation: Operation, place: string): readonly [string, string] {
  const places = [operation.requestPath, ietfPlace(operation.id), tusPlace(operation.id)];
  const others = places.filter((other) => other !== place);
  return ['Link', others.map((other) => `<${other}>; rel="duplicate"`).join(', ')];
}
