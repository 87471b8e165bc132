// The experiment `put-then-patch`: a PUT that breaks is completed by a PATCH, and repeated where the server takes none.
// The client needs no support for resumption before it is cut.

import { counted } from '../../shared/counted.ts';
import { linesContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { check, digestCheck, faults, resumes } from './kit/checks.ts';
import { CUT, PATIENCE, sizeOf } from './kit/parameters.ts';
import { ownCut, patienceOf, resourceOf, resultOf } from './kit/requests.ts';
import type { Experiment } from './kit/types.ts';

export const putThenPatch: Experiment = {
  info: {
    id: 'put-then-patch',
    title: 'Complete a PUT by PATCH',
    group: 'byte ranges',
    teaches:
      'A plain PUT of a new resource is cut. With Prefer: transaction=persist the server has kept what arrived: HEAD tells ' +
      'how much, and a PATCH brings the rest. A server that takes no PATCH (405, 415, 501) leaves only the PUT: then it is ' +
      'sent again, as any client would.',
    sources: ['draft-ietf-httpapi-patch-byterange (Segmented Document Creation)', 'RFC 9110 §9.3.4 (PUT)'],
    parameters: [
      sizeOf(500_000),
      {
        name: 'patch',
        title: 'The server takes PATCH',
        help: 'false: it answers 405, and the client falls back to PUT.',
        type: 'boolean',
        default: true,
      },
      CUT,
      PATIENCE,
    ],
    cuts: [
      {
        label: 'The PUT, and then the PATCH',
        specs: [100_000, 300_000].map((at) => ({
          end: 'server',
          direction: 'in',
          at,
          content: true,
          cut: 'rst',
        })),
      },
      {
        label: 'The answer to the PUT',
        specs: [{ end: 'client', direction: 'in', at: 12, content: false, cut: 'rst' }],
      },
    ],
  },

  ownCuts: (context) => [ownCut(context, 'request', Math.floor(Number(context.parameters['size']) / 2))],

  async run(context) {
    const { parameters } = context;
    const url = resourceOf(context, parameters['patch'] === false ? 'put-only' : 'uploads');
    const content = linesContent(Number(parameters['size']));
    const last = await runStrategy(
      'put-then-patch',
      { method: 'PUT', url, fields: [['Content-Type', 'text/plain']], content },
      { patience: patienceOf(context) },
      context,
    );
    return { result: await resultOf(context, last, url, content), observed: [] };
  },

  expect(model, result, context) {
    const strict = context.cuts === null && context.target === null && !faults(model).byHand;
    const methods = model.exchanges.map(({ method }) => method);
    const patched = methods.includes('PATCH') && methods.filter((method) => method === 'PUT').length === 1;
    const repeated = methods.filter((method) => method === 'PUT').length === 2;
    return [
      check(
        'recovered',
        context.parameters['patch'] === false ? repeated : patched,
        `The requests were ${methods.join(', ')}; ${context.parameters['patch'] === false ? 'the PUT was to be sent again' : 'a PATCH was to bring the rest'}.`,
        strict ? 'error' : 'info',
      ),
      {
        id: 'resumes',
        level: 'info',
        message: `${counted(faults(model).number, 'fault')}, ${counted(resumes(model), 'resume')}.`,
      },
      digestCheck(result),
    ];
  },
};
