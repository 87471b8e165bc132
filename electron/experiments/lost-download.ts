// The experiment `lost-download`: a download that breaks off and goes on at its byte, by plain HTTP.
// Reads only: it changes nothing on the server.

import { counted } from '../../shared/counted.ts';
import { linesContent, contentDigest } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { check, faults, resumes } from './kit/checks.ts';
import { CUT, PATIENCE } from './kit/parameters.ts';
import { ownCut } from './kit/requests.ts';
import type { Experiment } from './kit/types.ts';

/** What /test/data of the embedded server holds. */
const SIZE = 1_000_000;

export const lostDownload: Experiment = {
  info: {
    id: 'lost-download',
    title: 'Resume a download',
    group: 'resume',
    teaches:
      'A download that breaks off needs no extension: Range asks for the bytes that are missing, and If-Range makes sure ' +
      'that they still belong to the same representation. If it has changed, the server answers 200 with all of it, and ' +
      'what was read before is void.',
    sources: ['RFC 9110 §14 (Range)', 'RFC 9110 §13.1.5 (If-Range)', 'RFC 9110 §15.3.7 (206)'],
    parameters: [CUT, PATIENCE],
    cuts: [
      {
        label: 'Three times',
        specs: [100_000, 400_000, 999_999].map((at) => ({
          end: 'server',
          direction: 'out',
          at,
          content: true,
          cut: 'rst',
        })),
      },
      {
        label: 'Closed in good order at half',
        specs: [{ end: 'server', direction: 'out', at: 500_000, content: true, cut: 'fin' }],
      },
      {
        label: 'In the first line of the answer',
        specs: [{ end: 'client', direction: 'in', at: 10, content: false, cut: 'rst' }],
      },
    ],
  },

  ownCuts: (context) => [ownCut(context, 'response', SIZE / 2)],

  async run(context) {
    const { parameters, server, target, signal } = context;
    const result = await runStrategy(
      'resume-download',
      { method: 'GET', url: target ?? `${server.url}/test/data`, fields: [], content: null },
      { patience: Number(parameters['patience']) },
      context,
    );
    return {
      result: {
        outcome: result.outcome,
        reason: result.reason,
        // The other way round than for an upload: the server sent, the client stored.
        digest: {
          sent: target === null ? await contentDigest(linesContent(SIZE), signal) : null,
          stored: result.download?.digest ?? null,
        },
      },
      observed: [],
    };
  },

  expect(model, { digest: { sent, stored } }) {
    return [
      sent === null
        ? {
            id: 'digest',
            level: 'info',
            message: `The client has SHA-256 ${stored?.slice(0, 12) ?? 'nothing'}…; what the server has cannot be known from here.`,
          }
        : check(
            'digest',
            sent === stored,
            sent === stored
              ? `The client has exactly what the server has (SHA-256 ${sent.slice(0, 12)}…).`
              : `The client has other bytes than the server: ${stored ?? 'nothing'} instead of ${sent}.`,
          ),
      {
        id: 'resumes',
        level: 'info',
        message: `${counted(faults(model).number, 'fault')}, ${counted(resumes(model), 'resume')}, ${counted(model.exchanges.length, 'request')}.`,
      },
    ];
  },
};
