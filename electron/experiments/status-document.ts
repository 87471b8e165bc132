// The experiment `status-document`: the life of the document that tells how a job went, from its first Location to the
// DELETE that says it was read. Every request of it may be repeated.

import type { Check } from '../../shared/contract.ts';
import { valueOf } from '../../shared/fields/value-of.ts';
import type { OperationResult } from '../client/strategy.ts';
import { check, digestCheck, progressCheck } from './kit/checks.ts';
import { postItem } from './kit/item.ts';
import { PATIENCE } from './kit/parameters.ts';
import { ask, inOrder } from './kit/requests.ts';
import { uploaded } from './kit/stored.ts';
import type { Experiment } from './kit/types.ts';

export const statusDocument: Experiment = {
  info: {
    id: 'status-document',
    title: 'Life of a status document',
    group: 'progress',
    teaches:
      'A job has a document of its own. It is named by the first 102 and by the 202, can be followed while the job runs, ' +
      'and is kept after the end, so that a client that was away can come back to it: Progress is n/n and Status-URI tells ' +
      'the result. A DELETE says that it was read; afterwards it is gone.',
    sources: ['draft-wright-http-progress (Status Document Workflow)'],
    parameters: [PATIENCE],
    cuts: [
      {
        label: 'Twice while it is followed',
        specs: [
          { end: 'client', direction: 'in', at: 200, content: false, cut: 'rst' },
          { end: 'client', direction: 'in', at: 30, content: false, cut: 'rst' },
        ],
      },
    ],
  },

  async run(context) {
    const { target } = context;
    const observed: Check[] = [];
    const otherwise = target === null ? 'error' : 'info';
    const job = await postItem(context, { preferences: ['processing', 'respond-async', 'wait=1'] });
    const { digest } = await uploaded(context, job);
    const url = job.locations.status;
    let last = job;
    if (job.outcome === 'completed' && url !== null) {
      last = await inOrder(
        async () => {
          const kept = await ask(context, 'GET', url);
          observed.push(
            check(
              'kept',
              valueOf(kept.final?.fields, 'status-uri') !== null,
              `After the end the status document says Status-URI: ${valueOf(kept.final?.fields, 'status-uri') ?? 'nothing'}.`,
              otherwise,
            ),
          );
          return kept;
        },
        async () => completedIfGone(await ask(context, 'DELETE', url)),
        async () => {
          const gone = await ask(context, 'GET', url);
          observed.push(
            check(
              'gone',
              isGone(gone),
              `After the DELETE the status document answers ${gone.final?.status ?? 'nothing'}; 404 or 410 was due.`,
              otherwise,
            ),
          );
          return completedIfGone(gone);
        },
      );
    } else if (job.outcome === 'completed') {
      observed.push(check('named', false, 'No status document was named: a cut hid the 102s.', 'info'));
    }
    const { outcome, reason } = last;
    return { result: { outcome, reason, digest }, observed };
  },

  expect(model, result) {
    return [progressCheck(model), digestCheck(result)];
  },
};

function isGone({ final }: OperationResult): boolean {
  return final?.status === 404 || final?.status === 410;
}

/** What was to be gone is: also where the answer to the first DELETE was lost. */
function completedIfGone(result: OperationResult): OperationResult {
  return isGone(result)
    ? { ...result, outcome: 'completed', reason: 'The status document was read, and is gone.' }
    : result;
}
