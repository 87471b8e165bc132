// The experiment `five-steps`: one POST that is cut, asked after, resumed in two segments, followed and read.
// Its sequence is the table "The five steps" to the letter; it must send nothing else.

import { CUT, PATIENCE } from './kit/parameters.ts';
import type { Check } from '../../shared/contract.ts';
import type { Model } from '../../shared/model/model.ts';
import { counted } from '../../shared/counted.ts';
import {
  check,
  digestCheck,
  faults,
  interimOf,
  overwrittenCheck,
  progressCheck,
  resumes,
} from './kit/checks.ts';
import { postItem } from './kit/item.ts';
import { ownCut } from './kit/requests.ts';
import { uploaded } from './kit/stored.ts';
import type { Experiment } from './kit/types.ts';

/** Request, interim responses, final status: row by row. */
const SEQUENCE: readonly (readonly [method: string, interim: readonly number[], final: number | null])[] = [
  ['POST', [100], null],
  ['HEAD', [], 299],
  ['PATCH', [], 299],
  ['PATCH', [102, 102], 202],
  ['GET', [102, 102], 200],
  ['GET', [], 200],
];

export const fiveSteps: Experiment = {
  info: {
    id: 'five-steps',
    title: 'The five steps',
    group: 'resume',
    teaches:
      'A POST is cut after three bytes of its content. The client asks how much arrived, sends the rest in two ' +
      'PATCH requests, follows the job that starts then, and reads the response that it would otherwise have missed. ' +
      'All of it is plain HTTP: interim responses, a HEAD, byte ranges and one document that holds a response.',
    sources: [
      'draft-wright-http-resume-request',
      'draft-wright-http-partial-upload',
      'draft-wright-http-patch-byterange',
      'draft-wright-http-progress',
      'RFC 7240 (Prefer)',
    ],
    parameters: [
      {
        name: 'wait',
        title: 'Wait',
        help: 'Seconds after which the server answers 202 and goes on by itself (Prefer: wait).',
        type: 'number',
        default: 1,
        minimum: 1,
        maximum: 60,
      },
      CUT,
      PATIENCE,
    ],
    cuts: [
      {
        label: 'In the middle of the content',
        specs: [{ end: 'server', direction: 'in', at: 50, content: true, cut: 'rst' }],
      },
      {
        label: 'Twice: after 3 and after 40 bytes',
        specs: [
          { end: 'server', direction: 'in', at: 3, content: true, cut: 'rst' },
          { end: 'server', direction: 'in', at: 40, content: true, cut: 'rst' },
        ],
      },
      {
        label: 'Before the 100 Continue is whole',
        specs: [{ end: 'client', direction: 'in', at: 10, content: false, cut: 'rst' }],
      },
    ],
  },

  ownCuts: (context) => [ownCut(context, 'request', 3)],

  async run(context) {
    const result = await postItem(context, {
      preferences: ['processing', 'respond-async', `wait=${Number(context.parameters['wait'])}`],
      segments: [20],
    });
    return {
      result: await uploaded(context, result),
      observed: [],
    };
  },

  expect(model, result, context) {
    // Whoever cuts it elsewhere, by a plan or by hand, sees another sequence: that is no error.
    const strict = context.cuts === null && context.target === null && !faults(model).byHand;
    const otherwise = strict ? 'error' : 'info';
    const document = model.exchanges.at(-1)?.document?.status ?? null;
    const resumed = resumes(model);
    return [
      sequenceCheck(model, otherwise),
      check(
        'document',
        document === 201,
        `The response that was kept says ${document ?? 'nothing'}; 201 was due.`,
        otherwise,
      ),
      check('resumes', resumed === 1, `${counted(resumed, 'resume')}; one was due.`, otherwise),
      overwrittenCheck(model),
      digestCheck(result),
      progressCheck(model),
    ];
  },
};

function sequenceCheck(model: Model, otherwise: 'error' | 'info'): Check {
  const seen = model.exchanges.map(
    (exchange) => [exchange.method, interimOf(model, exchange), exchange.status] as const,
  );
  const met = JSON.stringify(seen) === JSON.stringify(SEQUENCE);
  return check(
    'sequence',
    met,
    met
      ? `The sequence is the one of the table: ${told(seen)}.`
      : `Seen: ${told(seen)}. The table has: ${told(SEQUENCE)}.`,
    otherwise,
  );
}

function told(rows: readonly (readonly [string, readonly number[], number | null])[]): string {
  return rows.map(([method, interim, final]) => [method, ...interim, final ?? 'cut'].join(' ')).join(', ');
}
