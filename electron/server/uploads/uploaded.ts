// What becomes of an upload that is for no resource but itself, whichever protocol brought it: it is hashed, compared with
// what the client said of it, and answered with its length and SHA-256.

import {
  type DigestAlgorithm,
  isDigestAlgorithm,
  writeDigest,
} from '../../../shared/fields/content-digest.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { digestsOf } from './digests.ts';
import type { Job, JobPlan, StoredResponse } from '../operations/jobs.ts';
import { JSON_TYPE, jsonLine } from '../http/json.ts';
import type { Operation, Work } from '../operations/operation.ts';
import { HASHING } from '../operations/phrases.ts';
import { mismatchedDigests, type ProblemDetails } from './problem-types.ts';
import { PLAIN_TEXT, text } from '../http/refuse.ts';
import { progressFields } from '../operations/response-fields.ts';

/** What the client said of the whole representation, and asked for (RFC 9530). */
export interface ReprDigests {
  /** `Repr-Digest`: what it must hash to. */
  readonly expected: ReadonlyMap<string, Uint8Array>;
  /** `Want-Repr-Digest`, most wanted first. */
  readonly wanted: readonly DigestAlgorithm[];
}

const NO_DIGESTS: ReprDigests = { expected: new Map(), wanted: [] };

export class UploadedWork implements Work {
  readonly worker = 'receiver';
  readonly steps = 1;
  readonly quiet = true;
  /** May still be learnt from the requests that bring the rest. */
  digests: ReprDigests = NO_DIGESTS;
  readonly #hashed: boolean;

  /** @param hashed false: it is a part of something, and only kept */
  constructor(hashed = true) {
    this.#hashed = hashed;
  }

  plan(operation: Operation): JobPlan {
    const length = operation.upload?.have ?? 0;
    if (!this.#hashed || operation.upload === null) {
      return {
        steps: [HASHING],
        stepMilliseconds: 0,
        finish: (job) => json(job, { length }, []),
      };
    }
    const { expected, wanted } = this.digests;
    const known = Array.from(expected.keys()).filter(isDigestAlgorithm);
    const algorithms = Array.from(new Set<DigestAlgorithm>(['sha-256', ...known, ...wanted]));
    let digests: Map<DigestAlgorithm, Uint8Array> | null = null;
    const ready = digestsOf(operation.upload.content, algorithms).then(
      (found) => {
        digests = found;
      },
      // A store that cannot be read: told as content that is gone.
      () => {},
    );
    return {
      steps: [HASHING],
      stepMilliseconds: 0,
      ready,
      finish: (job) => {
        if (digests === null) return gone();
        const different = known.filter((name) => !isSame(digests?.get(name), expected.get(name)));
        if (different.length > 0) return refused(mismatchedDigests('Repr-Digest', different, expected));
        const told = new Map(wanted.map((name) => [name, digests?.get(name) ?? new Uint8Array(0)] as const));
        const sha256 = Buffer.from(digests.get('sha-256') ?? []).toString('hex');
        return json(job, { length, sha256 }, told.size === 0 ? [] : [['Repr-Digest', writeDigest(told)]]);
      },
    };
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
}

function json(
  job: Job,
  facts: { readonly length: number; readonly sha256?: string },
  fields: FieldLines,
): StoredResponse {
  const { length, sha256 } = facts;
  return {
    status: 200,
    fields: [...progressFields(job), ...fields, JSON_TYPE],
    content: jsonLine(facts),
    summary: [`${length} bytes were uploaded.`, ...(sha256 === undefined ? [] : [`SHA-256: ${sha256}`])],
  };
}

function refused(problem: ProblemDetails): StoredResponse {
  const { status, fields, content, detail } = problem;
  return { status, fields, content, summary: [detail] };
}

function gone(): StoredResponse {
  const sentence = 'The upload was deleted before it was hashed: upload it again.';
  return { status: 410, fields: [PLAIN_TEXT], content: text(sentence), summary: [sentence] };
}
