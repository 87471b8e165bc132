// Problems of uploads that have registered types (RFC 9457): those of draft-ietf-httpbis-resumable-upload, and those of
// draft-ietf-httpapi-digest-fields-problem-types. Makes answers, and sends none.

import { base64 } from '../../../shared/export/base64.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { jsonLine } from '../http/json.ts';

const REGISTRY = 'https://iana.org/assignments/http-problem-types';

export interface ProblemDetails {
  readonly status: number;
  readonly fields: FieldLines;
  readonly content: Uint8Array;
  /** What was wrong and what to do instead. */
  readonly detail: string;
}

interface Problem {
  /** Behind the registry's `#`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Of this type. */
  readonly members?: Readonly<Record<string, unknown>>;
}

function details({ type, title, status, detail, members = {} }: Problem): ProblemDetails {
  const problem = { type: `${REGISTRY}#${type}`, title, status, detail, ...members };
  return {
    status,
    fields: [['Content-Type', 'application/problem+json']],
    content: jsonLine(problem),
    detail,
  };
}

export function mismatchingOffset(expected: number, provided: number): ProblemDetails {
  return details({
    type: 'mismatching-upload-offset',
    title: 'The offset of the request is not that of the upload',
    status: 409,
    detail: `The next byte here is ${expected}, but the request starts at ${provided}: go on at ${expected}.`,
    members: { 'expected-offset': expected, 'provided-offset': provided },
  });
}

/** Left out of the newest drafts, and still what it is. */
export function completedUpload(): ProblemDetails {
  return details({
    type: 'completed-upload',
    title: 'The upload is complete',
    status: 400,
    detail: 'The upload is complete: nothing can be added to it. HEAD tells how much there is.',
  });
}

export function inconsistentLength(detail: string): ProblemDetails {
  return details({
    type: 'inconsistent-upload-length',
    title: 'The lengths that were told of the upload differ',
    status: 400,
    detail,
  });
}

/** @param header field that told the digests; @param names those that the bytes do not hash to */
export function mismatchedDigests(
  header: string,
  names: readonly string[],
  provided: ReadonlyMap<string, Uint8Array>,
): ProblemDetails {
  return details({
    type: 'digest-mismatched-values',
    title: 'Digests that do not match',
    status: 400,
    detail: `The bytes that came do not hash to ${names.join(', ')} as ${header} says: send them again.`,
    members: {
      mismatched_digests: names.map((algorithm) => ({
        algorithm,
        provided_digest: `:${base64(provided.get(algorithm) ?? new Uint8Array(0))}:`,
        header,
      })),
    },
  });
}

/** @param lengths of the digests of these algorithms, in bytes, of which the field keeps to none */
export function invalidDigests(header: string, lengths: ReadonlyMap<string, number>): ProblemDetails {
  return details({
    type: 'digest-invalid-values',
    title: 'Digests that cannot be',
    status: 400,
    detail: `${header} tells digests of a wrong length: ${Array.from(lengths.keys()).join(', ')}.`,
    members: {
      invalid_digests: Array.from(lengths, ([algorithm, length]) => ({
        algorithm,
        header,
        reason: `A ${algorithm} digest has ${length} bytes.`,
      })),
    },
  });
}
