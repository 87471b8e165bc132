// The experiment `respond-async`: the client names how long it is willing to wait, and is told 202 in time.
// The job goes on meanwhile; nothing is sent twice.

import { check, digestCheck, lastProgress, progressCheck } from './kit/checks.ts';
import { postItem } from './kit/item.ts';
import { PATIENCE } from './kit/parameters.ts';
import { uploaded } from './kit/stored.ts';
import type { Experiment } from './kit/types.ts';

export const respondAsync: Experiment = {
  info: {
    id: 'respond-async',
    title: 'Answer me in time: 202',
    group: 'progress',
    teaches:
      'Prefer: respond-async, wait=1 says: answer within a second, whatever you have. The server works on and answers ' +
      '202 Accepted; its Location is the status document that the first 102 had named already. A GET of it with Prefer: ' +
      'processing follows the job to its end, by 102s, and the response itself is read at last.',
    sources: [
      'draft-wright-http-progress',
      'RFC 7240 §4.1 (respond-async), §4.3 (wait)',
      'RFC 9110 §15.3.3 (202)',
    ],
    parameters: [
      {
        name: 'wait',
        title: 'Wait',
        help: 'Seconds after which the server answers 202 and goes on by itself (Prefer: wait).',
        type: 'number',
        default: 1,
        minimum: 0,
        maximum: 60,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'In the first 102',
        specs: [{ end: 'client', direction: 'in', at: 150, content: false, cut: 'rst' }],
      },
      {
        label: 'In the content of the 202',
        specs: [{ end: 'server', direction: 'out', at: 5, content: true, cut: 'rst' }],
      },
    ],
  },

  async run(context) {
    const result = await postItem(context, {
      preferences: ['processing', 'respond-async', `wait=${Number(context.parameters['wait'])}`],
    });
    return {
      result: await uploaded(context, result),
      observed: [],
    };
  },

  expect(model, result, context) {
    // A cut may have hidden the 202 from the client, which reads the outcome all the same.
    const otherwise = context.cuts === null && context.target === null ? 'error' : 'info';
    const accepted = model.exchanges.filter(({ status }) => status === 202).length;
    const last = lastProgress(model);
    return [
      check('accepted', accepted === 1, `${accepted} answers were 202 Accepted; one was due.`, otherwise),
      check(
        'end',
        last !== null && last.done === last.total,
        `The last Progress was ${last === null ? 'none' : `${last.done}/${last.total}`}; it must end as n/n.`,
        otherwise,
      ),
      progressCheck(model),
      digestCheck(result),
    ];
  },
};
