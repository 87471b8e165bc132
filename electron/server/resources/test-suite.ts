// /test/…: the proof of concept's tests of a client. It sends back what /test/data gives, and is cut off on the way;
// a test passes when every byte arrived once and in order.

import { acceptUpload } from '../uploads/accept.ts';
import type { JobPlan, StoredResponse } from '../operations/jobs.ts';
import type { Work } from '../operations/operation.ts';
import { COMPARING } from '../operations/phrases.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import { respond } from '../http/respond.ts';
import type { Route, ServerCore } from '../router.ts';
import { TEST_DATA, testByte } from './test-data.ts';

const CUT_AFTER = 100_000;

/** What each test does to its client. */
const TESTS = [
  { post: null, patch: null },
  { post: CUT_AFTER, patch: null },
  { post: CUT_AFTER, patch: CUT_AFTER },
] as const;

interface TestStatus {
  readonly href: string;
  status: 'pass' | 'warn' | 'fail' | 'pending' | 'waiting';
  /** What was odd, though every byte arrived. */
  warn: string | null;
  /** Why it failed. */
  message: string | null;
}

export function testSuiteRoutes(core: ServerCore): Route[] {
  let statuses = freshStatuses();
  return [
    document(
      /^\/test\/$/,
      'application/json',
      () =>
        `${JSON.stringify(
          statuses.map(({ href }) => href),
          null,
          ' ',
        )}\n`,
    ),
    {
      path: /^\/test\/data$/,
      allow: 'GET, HEAD',
      index: ['  curl -O http://HOST/test/data'],
      answer: (exchange) =>
        respond(exchange, { status: 200, fields: [PLAIN_TEXT, ['ETag', '"test-data"']], content: TEST_DATA }),
    },
    {
      path: /^\/test\/(\d{1,9})$/,
      allow: 'GET, HEAD, POST',
      index: [
        "  curl -v -H 'Expect: 100-continue' -H 'Prefer: resume' --data-binary @data http://HOST/test/0   (1 and 2 cut)",
      ],
      answer: (exchange, [number = '']) => {
        const cutAfter = TESTS[Number(number)];
        const status = statuses[Number(number)];
        if (cutAfter === undefined || status === undefined) {
          refuse(exchange, 404, `There is no test ${number}. GET /test/ lists them.`);
        } else if (exchange.method === 'POST') {
          const work = (): Work => new TestWork(status, cutAfter);
          acceptUpload(exchange, core, { naming: 'numbered', work });
        } else {
          const content = text('Stream /test/data to a POST request on this resource to begin test.');
          void exchange.final({ status: 200, fields: [PLAIN_TEXT], content });
        }
      },
    },
    document(/^\/test\/status$/, 'application/json', () => `${JSON.stringify(statuses, null, '\t')}\n`),
    {
      path: /^\/test\/reset$/,
      allow: 'GET, HEAD, POST',
      answer: (exchange) => {
        if (exchange.method === 'POST') statuses = freshStatuses();
        const sentence = exchange.method === 'POST' ? 'Test suite reset.' : 'Call POST to reset test suite.';
        void exchange.final({ status: 200, fields: [PLAIN_TEXT], content: text(sentence) });
      },
    },
  ];
}

function freshStatuses(): TestStatus[] {
  return TESTS.map((_test, number) => ({
    href: `/test/${number}`,
    status: 'waiting',
    warn: null,
    message: null,
  }));
}

function document(path: RegExp, type: string, render: () => string): Route {
  return {
    path,
    allow: 'GET, HEAD',
    answer: (exchange) =>
      void exchange.final({
        status: 200,
        fields: [['Content-Type', type]],
        content: new TextEncoder().encode(render()),
      }),
  };
}

/** One attempt at a test: compares what arrives with what /test/data gave. */
class TestWork implements Work {
  readonly worker = 'test';
  readonly steps = 1;
  readonly cutAfter: Work['cutAfter'] & object;
  readonly #status: TestStatus;
  #at = 0;

  constructor(status: TestStatus, cutAfter: Work['cutAfter'] & object) {
    this.cutAfter = cutAfter;
    this.#status = status;
    status.status = 'pending';
    status.warn = null;
    status.message = null;
  }

  observe(bytes: Uint8Array, from: number, to: number): void {
    if (this.#status.message !== null) return;
    for (let index = from; index < to; index++, this.#at++) {
      if (bytes[index] === testByte(this.#at) && this.#at < TEST_DATA.length) continue;
      this.#fail(`Test failed at byte ${this.#at}: it is not the one that /test/data has there.`);
      return;
    }
  }

  refused(sentence: string): void {
    this.#status.warn = sentence;
    if (this.#status.status === 'pass') this.#status.status = 'warn';
  }

  plan(): JobPlan {
    return { steps: [COMPARING], stepMilliseconds: 0, finish: () => this.#judge() };
  }

  #judge(): StoredResponse {
    if (this.#status.message === null && this.#at < TEST_DATA.length) {
      this.#fail(`Test failed: ${this.#at} bytes came, not ${TEST_DATA.length}.`);
    }
    const { message } = this.#status;
    if (message !== null)
      return { status: 422, fields: [PLAIN_TEXT], content: text(message), summary: [message] };
    this.#status.status = this.#status.warn === null ? 'pass' : 'warn';
    const sentence = 'Finished job result!';
    return { status: 200, fields: [PLAIN_TEXT], content: text(sentence), summary: [sentence] };
  }

  #fail(message: string): void {
    this.#status.status = 'fail';
    this.#status.message = message;
  }
}
