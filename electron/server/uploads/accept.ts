// A POST that can be resumed (draft-wright-http-resume-request): what it must bring, the 100 that says where it is kept,
// and its content as it comes. The resource that it is for decides only what is then done with it.

import { Acknowledger } from './acknowledger.ts';
import { answerByJob } from '../operations/answers.ts';
import { writeAcknowledge } from '../../../shared/fields/acknowledge.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { announcedLength, expectsContinue, isMediaType, meetsExpectation } from '../http/announced.ts';
import type { Exchange } from '../http/exchange.ts';
import { Intake } from './intake.ts';
import type { Locations, Operation, Work } from '../operations/operation.ts';
import { readPreferences, type RequestPreferences } from '../operations/preferences.ts';
import { refuse } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';
import type { Upload } from './uploads.ts';

interface Acceptance {
  readonly naming: 'numbered' | 'unguessable';
  /** `user:password` that the resources of the operation are to ask for. Default: none. */
  readonly credentials?: string;
  /** Most bytes. Default: as many as any upload may have. */
  readonly limit?: number;
  /** Called when the request is taken, never for one that is refused. */
  work(preferences: RequestPreferences): Work;
}

export function acceptUpload(exchange: Exchange, core: ServerCore, acceptance: Acceptance): void {
  const length = announcedLength(exchange);
  if (length === 'none') {
    refuse(exchange, 411, 'A POST needs a Content-Length here, or Transfer-Encoding: chunked.');
    return;
  }
  if (!meetsExpectation(exchange)) return;
  if (!expectsContinue(exchange) && exchange.head.minor > 0) {
    refuse(
      exchange,
      400,
      'Expected 100-continue: send Expect: 100-continue, and Prefer: resume to learn where the upload is kept.',
    );
    return;
  }
  const limit = acceptance.limit ?? core.uploadLimit;
  if (length !== null && length > limit) {
    refuse(exchange, 413, `An upload may have ${limit} bytes here, not ${length}.`);
    return;
  }
  const contentType = exchange.field('Content-Type') ?? 'application/octet-stream';
  if (!isMediaType(contentType)) {
    refuse(
      exchange,
      400,
      `The Content-Type ${contentType.slice(0, 100)} is no media type such as text/plain.`,
    );
    return;
  }
  const preferences = readPreferences(exchange);
  const { naming, credentials = null } = acceptance;
  const operation = core.operations.create({
    exchange,
    preferences,
    work: acceptance.work(preferences),
    naming,
    statusPath: (id) => `/job/${id}.job`,
    upload: { contentType, length, limit },
    credentials,
  });
  if (operation === null || operation.upload === null) {
    refuse(
      exchange,
      503,
      'There are too many unfinished jobs and items here: DELETE some, or try again later.',
      [['Retry-After', '60']],
    );
    return;
  }
  takeContent(exchange, core, operation, {
    upload: operation.upload,
    locations: operation.locations(credentials),
  });
}

/** Null: neither this request nor the first one of its operation asks for acknowledgements. */
export function acknowledgerFor(
  exchange: Exchange,
  core: ServerCore,
  { operation, upload, expected }: { operation: Operation; upload: Upload; expected: number | null },
): Acknowledger | null {
  const { acknowledge, processing } = operation.preferences;
  if (!acknowledge && !readPreferences(exchange).acknowledge) return null;
  return new Acknowledger(exchange, {
    have: upload.have,
    expected,
    spacing: core.acknowledgeBytes,
    others: processing ? operation.work.steps : 0,
    telling: (have) => ({ status: 100, fields: [['Acknowledge', writeAcknowledge(have)]] }),
  });
}

function takeContent(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  { upload, locations }: { readonly upload: Upload; readonly locations: Locations },
): void {
  const { preferences, work } = operation;
  if (expectsContinue(exchange)) {
    void exchange.interim(100, preferences.resume === null ? [] : locationFields(locations));
  }
  const intake = new Intake(exchange, operation, upload, {
    expected: upload.length,
    cutAfter: work.cutAfter?.post ?? null,
    acknowledger: acknowledgerFor(exchange, core, { operation, upload, expected: upload.length }),
  });
  upload.take(exchange, true);
  exchange.receive({
    content: (bytes, from, to, at) => void intake.store(bytes, from, to, at),
    end: (complete) => {
      const holds = upload.holds(exchange);
      upload.release(exchange);
      if (complete && holds) upload.learnLength(upload.have);
      const { job } = operation;
      if (job === null) core.operations.broken(operation);
      // Overtaken by a newer request: that one is answered.
      else if (holds) answerByJob(exchange, core, operation, { job, status: locations.status });
    },
  });
}

function locationFields({ content, request, response }: Locations): FieldLines {
  return [
    ['Request-Content-Location', request],
    ['Response-Message-Location', response],
    ...(content === null ? [] : [['Content-Location', content] as const]),
  ];
}
