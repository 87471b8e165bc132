// The experiment `acknowledged-upload`: while it uploads, the client is told what is safe, and lets go of it.
// Nothing that was acknowledged may ever be read again.

import { counted } from '../../shared/counted.ts';
import { linesContent, windowContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { check, digestCheck, faults, overwrittenCheck, resumes } from './kit/checks.ts';
import { PATIENCE, sizeOf } from './kit/parameters.ts';
import { uploaded } from './kit/stored.ts';
import type { Experiment } from './kit/types.ts';

export const acknowledgedUpload: Experiment = {
  info: {
    id: 'acknowledged-upload',
    title: 'Free what is acknowledged',
    group: 'resume',
    teaches:
      'A client that may have to resume must keep what it has sent, unless it knows that it is safe. Prefer: acknowledge ' +
      'asks for a 100 Continue with Acknowledge now and then: bytes before that offset are persisted, and the client ' +
      'frees them while it uploads the rest. After a cut it goes on from there, without what it no longer has.',
    sources: ['draft-wright-http-resume-request (Acknowledge)', 'RFC 7240 (Prefer)'],
    parameters: [sizeOf(1_000_000), PATIENCE],
    cuts: [
      {
        label: 'Reset at half, after some was freed',
        specs: [{ end: 'server', direction: 'in', at: 500_000, content: true, cut: 'rst' }],
      },
      {
        label: 'Silence at half',
        specs: [{ end: 'server', direction: 'in', at: 500_000, content: true, cut: 'stall' }],
      },
    ],
  },

  async run(context) {
    const { parameters, server, target } = context;
    const size = Number(parameters['size']);
    const result = await runStrategy(
      'resumable-request',
      {
        method: 'POST',
        url: target ?? `${server.url}/collection`,
        fields: [['Content-Type', 'text/plain']],
        content: windowContent(linesContent(size)),
      },
      { patience: Number(parameters['patience']), preferences: ['acknowledge'] },
      context,
    );
    const { heldMost, acknowledged } = result;
    return {
      result: await uploaded(context, result),
      observed: [
        check(
          'acknowledged',
          acknowledged > 0,
          acknowledged > 0
            ? `Acknowledge told up to ${acknowledged} of ${size} bytes.`
            : 'No Acknowledge came: nothing could be freed before the end.',
          // A small upload, and a server that knows no such preference, are no failures.
          'info',
        ),
        {
          id: 'held',
          level: 'info',
          message: `The client never kept more than ${counted(heldMost, 'byte')} of ${size} unacknowledged.`,
        },
      ],
    };
  },

  expect(model, result) {
    return [
      {
        id: 'resumes',
        level: 'info',
        message: `${counted(faults(model).number, 'fault')}, ${counted(resumes(model), 'resume')}.`,
      },
      overwrittenCheck(model),
      digestCheck(result),
    ];
  },
};
