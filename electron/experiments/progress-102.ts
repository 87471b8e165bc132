// The experiment `progress-102`: a job that tells how far it is, by interim responses.
// It sends one small request and only listens from then on.

import { counted } from '../../shared/counted.ts';
import { PATIENCE } from './kit/parameters.ts';
import { bytesContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { check, interimOf, lastProgress, progressCheck } from './kit/checks.ts';
import type { Experiment } from './kit/types.ts';

export const progress102: Experiment = {
  fragile: 'Its POST names no place to go on at: cut before the first 102, it is not sent again.',
  stores: false,
  info: {
    id: 'progress-102',
    title: 'Progress by 102 Processing',
    group: 'progress',
    teaches:
      'A request that takes long need not be silent: each step of the job is told by an interim response with a ' +
      'Progress field. With a wait, the server answers 202 in time, and the client follows the status document to the ' +
      'end. A cut loses nothing, because the job goes on and its status document knows.',
    sources: [
      'draft-wright-http-progress',
      'RFC 7240 (Prefer)',
      'RFC 2518 §10.1 (102)',
      'RFC 8187 (ext-value)',
    ],
    parameters: [
      {
        name: 'wait',
        title: 'Wait',
        help: 'Seconds after which the server should answer 202 and go on by itself; 0: stay until the end.',
        type: 'number',
        default: 0,
        minimum: 0,
        maximum: 60,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'In the second 102',
        specs: [{ end: 'client', direction: 'in', at: 160, content: false, cut: 'rst' }],
      },
      {
        label: 'Silence after the first 102',
        specs: [{ end: 'server', direction: 'out', at: 130, content: false, cut: 'stall' }],
      },
    ],
  },

  async run(context) {
    const { parameters, server, target } = context;
    const wait = Number(parameters['wait']);
    const result = await runStrategy(
      'follow-progress',
      {
        method: 'POST',
        url: target ?? `${server.url}/capture`,
        fields: [['Accept-Language', 'en']],
        content: bytesContent(new Uint8Array(0)),
      },
      {
        patience: Number(parameters['patience']),
        preferences: ['processing', ...(wait > 0 ? ['respond-async', `wait=${wait}`] : [])],
      },
      context,
    );
    return {
      result: { outcome: result.outcome, reason: result.reason, digest: { sent: null, stored: null } },
      observed: [],
    };
  },

  expect(model) {
    const told = model.exchanges
      .flatMap((exchange) => interimOf(model, exchange))
      .filter((status) => status === 102);
    const last = lastProgress(model);
    const end = last === null ? 'none' : `${last.done}/${Number.isNaN(last.total) ? '' : last.total}`;
    return [
      check(
        'interim',
        told.length > 0,
        `${counted(told.length, 'interim response')} 102 came; at least one was due.`,
      ),
      check(
        'end',
        last !== null && last.done === last.total,
        `The last Progress was ${end}; it must end as n/n.`,
      ),
      progressCheck(model),
    ];
  },
};
