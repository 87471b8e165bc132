// /print: the proof of concept's print job. The document is read as it arrives; three steps later it is printed.

import { acceptUpload } from '../uploads/accept.ts';
import type { Job, JobPlan, StoredResponse } from '../operations/jobs.ts';
import type { Work } from '../operations/operation.ts';
import { LAYING_OUT, PRINTING, READING } from '../operations/phrases.ts';
import { PLAIN_TEXT, text } from '../http/refuse.ts';
import { progressFields } from '../operations/response-fields.ts';
import type { Route, ServerCore } from '../router.ts';

const LF = 0x0a;
const FORM_FEED = 0x0c;
const LINES_A_PAGE = 66;

export function printRoute(core: ServerCore): Route {
  return {
    path: /^\/print$/,
    allow: 'GET, HEAD, POST',
    index: [
      "  curl -v -H 'Expect: 100-continue' -H 'Prefer: resume, processing' --data-binary @FILE http://HOST/print",
    ],
    answer: (exchange) => {
      if (exchange.method === 'POST') {
        acceptUpload(exchange, core, {
          naming: 'numbered',
          work: () => new PrintWork(core.stepMilliseconds),
        });
        return;
      }
      void exchange.final({
        status: 200,
        fields: [PLAIN_TEXT],
        content: text('POST a plain text document here to print it.'),
      });
    },
  };
}

const STEPS = [READING, LAYING_OUT, PRINTING] as const;
const LAYOUT_STEP = 1;

class PrintWork implements Work {
  readonly worker = 'printer';
  readonly steps = STEPS.length;
  readonly #stepMilliseconds: number;
  #bytes = 0;
  #lines = 0;
  #linesOfPage = 0;
  #pages = 0;
  #pageBegun = false;

  constructor(stepMilliseconds: number) {
    this.#stepMilliseconds = stepMilliseconds;
  }

  /** Counts lines and pages: a page ends with a form feed, or when it is full. */
  observe(bytes: Uint8Array, from: number, to: number): void {
    this.#bytes += to - from;
    for (let index = from; index < to; index++) {
      const byte = bytes[index];
      if (!this.#pageBegun) {
        this.#pageBegun = true;
        this.#pages++;
      }
      if (byte === LF) {
        this.#lines++;
        if (++this.#linesOfPage === LINES_A_PAGE) this.#endPage();
      } else if (byte === FORM_FEED) this.#endPage();
    }
  }

  plan(): JobPlan {
    return {
      steps: STEPS,
      stepMilliseconds: this.#stepMilliseconds,
      // One page is laid out at once.
      parts: (step) =>
        step === LAYOUT_STEP && this.#pages > 1 ? { total: this.#pages, unit: 'pages' } : null,
      finish: (job) => this.#printed(job),
    };
  }

  #printed(job: Job): StoredResponse {
    const summary = `Printed ${count(this.#bytes, 'byte')}: ${count(this.#lines, 'line')} on ${count(this.#pages, 'page')}.`;
    return {
      status: 200,
      fields: [...progressFields(job), PLAIN_TEXT],
      content: text(summary),
      summary: [summary],
    };
  }

  #endPage(): void {
    this.#pageBegun = false;
    this.#linesOfPage = 0;
  }
}

function count(number: number, of: string): string {
  return `${number} ${of}${number === 1 ? '' : 's'}`;
}
