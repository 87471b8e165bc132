// The experiment `tus-upload`: an upload by tus 1.0.0, in segments, with checksums or in parallel as is wished, cut on its
// way.

import { counted } from '../../shared/counted.ts';
import { linesContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { digestCheck, faults, overwrittenCheck, resumes, thrownAwayCheck } from './kit/checks.ts';
import { CUT, PATIENCE, segmentOf, sizeOf } from './kit/parameters.ts';
import { ownCut, patienceOf } from './kit/requests.ts';
import { uploaded } from './kit/stored.ts';
import { ThreeProtocols } from './kit/three-protocols.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';

export const tusUpload: Experiment = {
  info: {
    id: 'tus-upload',
    title: 'Upload by tus',
    group: 'resume',
    teaches:
      'With tus an upload is created first, by an empty POST; its bytes follow by PATCH, each with the offset where it ' +
      'begins. After a break HEAD tells that offset. A checksum makes a PATCH all or nothing; several partial uploads can ' +
      'run at once and be made into one.',
    sources: ['tus resumable upload protocol 1.0.0'],
    parameters: [
      sizeOf(1_000_000),
      segmentOf(250_000),
      {
        name: 'checksum',
        title: 'Checksum',
        help: 'Sent with each PATCH (Upload-Checksum): what does not match, or is cut short, is not stored.',
        type: 'string',
        default: 'none',
        choices: ['none', 'sha1', 'sha256'],
      },
      {
        name: 'parallel',
        title: 'Partial uploads',
        help: 'Uploads at the same time, each on a connection of its own, that are made into one at the end. 1: none.',
        type: 'number',
        default: 1,
        minimum: 1,
        maximum: 10,
      },
      PATIENCE,
      CUT,
    ],
    cuts: [
      {
        label: 'The answer that names the upload',
        specs: [{ end: 'client', direction: 'in', at: 30, content: false, cut: 'rst' }],
      },
      {
        label: 'In the second segment, twice',
        specs: [300_000, 400_000].map((at) => ({
          end: 'server',
          direction: 'in',
          at,
          content: true,
          cut: 'rst',
        })),
      },
      {
        label: 'Silence in the first segment',
        specs: [{ end: 'server', direction: 'in', at: 100_000, content: true, cut: 'stall' }],
      },
      {
        label: 'The last byte never leaves',
        specs: [{ end: 'client', direction: 'out', at: 999_999, content: true, cut: 'fin' }],
      },
    ],
  },

  ownCuts(context) {
    const { parameters } = context;
    // Within a segment, of the upload or of a partial one.
    const part = Number(parameters['size']) / Number(parameters['parallel']);
    return [ownCut(context, 'request', Math.floor(part * 0.4))];
  },

  async run(context) {
    const { parameters, server, target } = context;
    const looks = new ThreeProtocols(context, linesContent(Number(parameters['size'])));
    const checksum = checksumOf(context);
    const result = await runStrategy(
      'tus-upload',
      { method: 'POST', url: target ?? `${server.url}/tus`, fields: [], content: looks.content },
      {
        patience: patienceOf(context),
        segmentSize: Number(parameters['segment']),
        parallel: Number(parameters['parallel']),
        metadata: { filename: 'lines.txt', filetype: 'text/plain' },
        ...(checksum === null ? {} : { checksum }),
      },
      looks.watched,
    );
    const { tables, checks } = await looks.told(result);
    return { result: await uploaded(context, result), observed: checks, tables };
  },

  expect(model, result, context) {
    const parts = model.exchanges.filter(({ method }) => method === 'PATCH').length;
    return [
      {
        id: 'resumes',
        level: 'info',
        message:
          `${counted(parts, 'PATCH request')} on ${counted(model.connections.length, 'connection')}, ` +
          `${counted(faults(model).number, 'fault')}, ${counted(resumes(model), 'resume')}.`,
      },
      checksumOf(context) === null ? overwrittenCheck(model) : thrownAwayCheck(model),
      digestCheck(result),
    ];
  },
};

function checksumOf({ parameters }: ExperimentContext): 'sha1' | 'sha256' | null {
  const { checksum } = parameters;
  return checksum === 'sha1' || checksum === 'sha256' ? checksum : null;
}
