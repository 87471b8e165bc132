// The experiment `sparse-upload`: segments of one resource on several connections at once, in any order.
// No segment depends on another, and none is half written.

import { counted } from '../../shared/counted.ts';
import { linesContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { digestCheck, faults } from './kit/checks.ts';
import { PATIENCE, segmentOf, sizeOf } from './kit/parameters.ts';
import { patienceOf, resourceOf, resultOf } from './kit/requests.ts';
import type { Experiment } from './kit/types.ts';

export const sparseUpload: Experiment = {
  info: {
    id: 'sparse-upload',
    title: 'Upload in parallel',
    group: 'byte ranges',
    teaches:
      'A server that accepts sparse writes can take several segments at a time. The gaps between them hold nothing that ' +
      'anybody could read. The drafts have no way to ask which ranges are there: so each segment is all or nothing ' +
      '(Prefer: transaction=atomic), and one whose answer was lost is sent again.',
    sources: [
      'draft-wright-http-partial-upload (Unallocated ranges)',
      'draft-ietf-httpapi-patch-byterange (Sparse and Noncontiguous Resources)',
    ],
    parameters: [
      sizeOf(1_000_000),
      segmentOf(100_000),
      {
        name: 'parallel',
        title: 'Connections',
        help: 'Segments that are on their way at the same time.',
        type: 'number',
        default: 3,
        minimum: 1,
        maximum: 10,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'One of them, and the segment again when it is sent again',
        specs: [250_000, 260_000].map((at) => ({
          end: 'server',
          direction: 'in',
          at,
          content: true,
          cut: 'rst',
        })),
      },
      {
        label: 'Silence in one of them',
        specs: [{ end: 'server', direction: 'in', at: 350_000, content: true, cut: 'stall' }],
      },
    ],
  },

  async run(context) {
    const { parameters } = context;
    const url = resourceOf(context);
    const content = linesContent(Number(parameters['size']));
    const last = await runStrategy(
      'sparse-upload',
      { method: 'PATCH', url, fields: [['Content-Type', 'text/plain']], content },
      {
        patience: patienceOf(context),
        segmentSize: Number(parameters['segment']),
        parallel: Number(parameters['parallel']),
      },
      context,
    );
    return { result: await resultOf(context, last, url, content), observed: [] };
  },

  expect(model, result) {
    const segments = model.exchanges.filter(({ method }) => method === 'PATCH').length;
    return [
      {
        id: 'segments',
        level: 'info',
        message: `${counted(segments, 'PATCH request')} on ${counted(model.connections.length, 'connection')}, ${counted(faults(model).number, 'fault')}.`,
      },
      digestCheck(result),
    ];
  },
};
