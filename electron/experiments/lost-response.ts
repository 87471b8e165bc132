// The experiment `lost-response`: the work is done, the answer is lost on its way, and is read afterwards.
// The request must reach the server once only.

import { writeResponse } from '../../shared/http1/writer.ts';
import { counted } from '../../shared/counted.ts';
import { check, digestCheck, faults, overwrittenCheck } from './kit/checks.ts';
import { postItem } from './kit/item.ts';
import { CUT, PATIENCE } from './kit/parameters.ts';
import { ownCut } from './kit/requests.ts';
import { uploaded } from './kit/stored.ts';
import type { Experiment } from './kit/types.ts';

/** An identifier of the embedded server has 16 characters: the 100 that names it is as long for every run. */
const ID = 'x'.repeat(16);
const CONTINUE_LENGTH = writeResponse({
  status: 100,
  fields: [
    ['Request-Content-Location', `/job/${ID}.req`],
    ['Response-Message-Location', `/job/${ID}.res`],
  ],
}).length;
/** In the middle of the final status line: `HTTP/1.1 20`. */
const INTO_STATUS_LINE = 11;

export const lostResponse: Experiment = {
  info: {
    id: 'lost-response',
    title: 'A lost response',
    group: 'resume',
    teaches:
      'All of the request arrives, the server does the work, and the connection breaks in the first line of the answer. ' +
      'Was it done? To send a POST again could do it twice. The 100 Continue named a place for the response: a HEAD tells ' +
      'that the request is complete, and a GET reads the response itself, as message/http.',
    sources: [
      'draft-wright-http-resume-request (Response-Message-Location)',
      'RFC 9112 §10.1 (message/http)',
    ],
    parameters: [CUT, PATIENCE],
    cuts: [
      {
        label: 'In the content of the answer',
        specs: [{ end: 'server', direction: 'out', at: 5, content: true, cut: 'rst' }],
      },
      {
        label: 'The answer, and then the document that keeps it',
        specs: [
          { end: 'server', direction: 'out', at: CONTINUE_LENGTH + 5, content: false, cut: 'rst' },
          { end: 'server', direction: 'out', at: 60, content: true, cut: 'rst' },
        ],
      },
    ],
  },

  ownCuts: (context) => [ownCut(context, 'response', CONTINUE_LENGTH + INTO_STATUS_LINE, false)],

  async run(context) {
    const result = await postItem(context);
    return {
      result: await uploaded(context, result),
      observed: [
        check(
          'response',
          result.final?.status === 201,
          `The response that the client ended up with says ${result.final?.status ?? 'nothing'}; 201 was due.`,
          context.target === null ? 'error' : 'info',
        ),
      ],
    };
  },

  expect(model, result) {
    const whole = model.exchanges.filter(
      ({ method, requestComplete }) => method === 'POST' && requestComplete,
    );
    return [
      check(
        'once',
        whole.length <= 1,
        `${counted(whole.length, 'whole POST')} reached the server; more than one could do the work twice.`,
      ),
      { id: 'faults', level: 'info', message: `${counted(faults(model).number, 'fault')}.` },
      overwrittenCheck(model),
      digestCheck(result),
    ];
  },
};
