// A POST that can be resumed (draft-wright-http-resume-request): what it must bring, the 100 that says where it is kept,
// and its content as it comes. The resource that it is for decides only what is then done with it.

import { answerByJob } from './answers.ts';
import { parseExpect } from '../../shared/fields/expect.ts';
import { FieldFault } from '../../shared/fields/fault.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';
import type { Exchange } from './exchange.ts';
import { Intake } from './intake.ts';
import type { Operation, Work } from './operations.ts';
import { readPreferences } from './preferences.ts';
import { refuse } from './refuse.ts';
import type { ServerCore } from './router.ts';
import type { Upload } from './uploads.ts';

interface Acceptance {
  readonly naming: 'numbered' | 'unguessable';
  /** Called when the request is taken, never for one that is refused. */
  work(): Work;
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
  if (length !== null && length > core.uploadLimit) {
    refuse(exchange, 413, `An upload may have ${core.uploadLimit} bytes here, not ${length}.`);
    return;
  }
  const operation = core.operations.create({
    exchange,
    preferences: readPreferences(exchange),
    work: acceptance.work(),
    naming: acceptance.naming,
    statusPath: (id) => `/job/${id}.job`,
    upload: { contentType: exchange.field('Content-Type') ?? 'application/octet-stream', length },
  });
  if (operation === null || operation.upload === null) {
    refuse(exchange, 503, 'There are too many unfinished jobs here: DELETE some, or try again later.', [
      ['Retry-After', '60'],
    ]);
    return;
  }
  takeContent(exchange, core, operation, operation.upload);
}

/** RFC 9110 §10.1.1. False: answered with 417. What an HTTP/1.0 client expects is ignored. */
export function meetsExpectation(exchange: Exchange): boolean {
  const value = exchange.field('Expect');
  if (value === null || exchange.head.minor === 0) return true;
  const expected = parseExpect(value);
  if (!(expected instanceof FieldFault) && expected.others.length === 0) return true;
  refuse(exchange, 417, `The only expectation that can be met here is 100-continue, not ${value}.`);
  return false;
}

/** Whether the client waits for a 100. A field that is empty expects nothing. */
export function expectsContinue(exchange: Exchange): boolean {
  const expected = parseExpect(exchange.field('Expect'));
  return !(expected instanceof FieldFault) && expected.continue;
}

/** Bytes of content that a request announces; null: chunked; `none`: it has no content at all. */
export function announcedLength(exchange: Exchange): number | null | 'none' {
  switch (exchange.head.framing) {
    case 'content-length':
      return exchange.head.contentLength;
    case 'chunked':
      return null;
    case 'none':
    case 'close':
    case 'upgrade':
      return exchange.field('Content-Length') === null ? 'none' : 0;
  }
}

function takeContent(exchange: Exchange, core: ServerCore, operation: Operation, upload: Upload): void {
  const { preferences, work } = operation;
  const locations: FieldLines =
    preferences.resume === null
      ? []
      : [
          ['Request-Content-Location', operation.requestPath],
          ['Response-Message-Location', operation.responsePath],
        ];
  if (expectsContinue(exchange)) void exchange.interim(100, locations);
  const intake = new Intake(exchange, operation, upload, {
    expected: upload.length,
    cutAfter: work.cutAfter?.post ?? null,
    limit: core.uploadLimit,
  });
  upload.take(exchange, true);
  exchange.receive({
    content: (bytes, from, to, at) => void intake.store(bytes, from, to, at),
    end: (complete) => {
      const holds = upload.holds(exchange);
      upload.release(exchange);
      if (complete && holds) upload.learnLength(upload.have);
      if (operation.job !== null) {
        // Overtaken by a newer request: that one is answered.
        if (holds) answerByJob(exchange, operation, operation.job, core.clock);
      } else if (preferences.resume !== 'save-incomplete' && !upload.receiving) {
        // Only a client that knows where it is kept, and wants it kept, can come back for it.
        core.operations.remove(operation);
      }
    },
  });
}
