// /digest: computes the length and the SHA-256 of what it is sent, and keeps none of it. What it has read cannot be read
// back, but the upload is resumed like any other (draft-wright-http-resume-request, Request-Content-Location).

import { acceptUpload } from '../uploads/accept.ts';
import { DigestContent } from '../uploads/digest-content.ts';
import type { JobPlan } from '../operations/jobs.ts';
import { JSON_TYPE, jsonLine } from '../http/json.ts';
import type { Work } from '../operations/operation.ts';
import { HASHING } from '../operations/phrases.ts';
import { PLAIN_TEXT, text } from '../http/refuse.ts';
import { progressFields } from '../operations/response-fields.ts';
import type { Route, ServerCore } from '../router.ts';

export function digestRoute(core: ServerCore): Route {
  return {
    path: /^\/digest$/,
    allow: 'GET, HEAD, POST',
    index: [
      "  curl -v -H 'Expect: 100-continue' -H 'Prefer: resume' --data-binary @FILE http://HOST/digest   (keeps nothing)",
    ],
    answer: (exchange) => {
      if (exchange.method === 'POST') {
        acceptUpload(exchange, core, {
          naming: 'unguessable',
          // Nothing is stored: the only limit is that positions are exact numbers.
          limit: Number.MAX_SAFE_INTEGER,
          work: () => new DigestWork(),
        });
        return;
      }
      void exchange.final({
        status: 200,
        fields: [PLAIN_TEXT],
        content: text('POST something here to be told its length and its SHA-256. It is not kept.'),
      });
    },
  };
}

class DigestWork implements Work {
  readonly worker = 'calculator';
  readonly steps = 1;
  readonly content = new DigestContent();

  plan(): JobPlan {
    return {
      steps: [HASHING],
      stepMilliseconds: 0,
      finish: (job) => {
        const { length } = this.content;
        const sha256 = this.content.current();
        return {
          status: 200,
          fields: [...progressFields(job), JSON_TYPE],
          content: jsonLine({ length, sha256 }),
          summary: [`SHA-256 of ${length} bytes: ${sha256}`],
        };
      },
    };
  }
}
