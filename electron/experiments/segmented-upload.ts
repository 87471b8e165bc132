// The experiment `segmented-upload`: a new resource, written by one PATCH after the other.
// The server knows no upload but the resource itself.

import { counted } from '../../shared/counted.ts';
import { linesContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { digestCheck, faults, overwrittenCheck, resumes } from './kit/checks.ts';
import { PATIENCE, segmentOf, sizeOf } from './kit/parameters.ts';
import { patienceOf, resourceOf, resultOf } from './kit/requests.ts';
import type { Experiment } from './kit/types.ts';

export const segmentedUpload: Experiment = {
  info: {
    id: 'segmented-upload',
    title: 'Upload in segments',
    group: 'byte ranges',
    teaches:
      'A resource can be created piece by piece: each PATCH writes a segment and names the length of the whole. Until the ' +
      'last one the server says that the content is incomplete. A cut costs one segment at most, and not even that: HEAD ' +
      'tells how many bytes are there.',
    sources: [
      'draft-wright-http-partial-upload',
      'draft-ietf-httpapi-patch-byterange (Segmented Document Creation)',
    ],
    parameters: [sizeOf(1_000_000), segmentOf(200_000), PATIENCE],
    cuts: [
      {
        label: 'In the third segment',
        specs: [{ end: 'server', direction: 'in', at: 450_000, content: true, cut: 'rst' }],
      },
      {
        label: 'Silence in the first segment',
        specs: [{ end: 'server', direction: 'in', at: 100_000, content: true, cut: 'stall' }],
      },
      {
        label: 'The answer to the last one',
        specs: [{ end: 'client', direction: 'in', at: 20, content: false, cut: 'rst' }],
      },
    ],
  },

  async run(context) {
    const { parameters } = context;
    const url = resourceOf(context);
    const content = linesContent(Number(parameters['size']));
    const last = await runStrategy(
      'segmented-upload',
      { method: 'PATCH', url, fields: [['Content-Type', 'text/plain']], content },
      { patience: patienceOf(context), segmentSize: Number(parameters['segment']) },
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
        message: `${counted(segments, 'PATCH request')}, ${counted(faults(model).number, 'fault')}, ${counted(resumes(model), 'resume')}.`,
      },
      overwrittenCheck(model),
      digestCheck(result),
    ];
  },
};
