// The experiment `resumable-request`: an upload that survives whatever cuts it, against the embedded server or the
// user's own. It cuts nothing by itself: that is the user's part.

import { PATIENCE, sizeOf } from './kit/parameters.ts';
import type { Check } from '../../shared/contract.ts';
import { counted } from '../../shared/counted.ts';
import { linesContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type { OperationResult } from '../client/strategy.ts';
import { check, digestCheck, faults, overwrittenCheck, progressCheck, resumes } from './kit/checks.ts';
import { uploaded } from './kit/stored.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';

/** What the proof of concept's tests answer when every byte arrived once and in order. */
const EVIDENCE = 'Finished job result!\r\n';

export const resumableRequest: Experiment = {
  info: {
    id: 'resumable-request',
    title: 'Resume an upload',
    group: 'resume',
    teaches:
      'Before it sends anything, the client asks where its upload will be kept. Cut the connection wherever you like: ' +
      'the client asks with HEAD how much arrived and sends only the rest, by PATCH. ' +
      'Even a response that was lost on its way can be fetched afterwards.',
    sources: [
      'draft-wright-http-resume-request',
      'draft-wright-http-patch-byterange',
      'draft-wright-http-partial-upload',
      'RFC 9110 §10.1.1 (Expect)',
    ],
    parameters: [
      sizeOf(1_000_000),
      PATIENCE,
      {
        name: 'acknowledge',
        title: 'Acknowledgements',
        help: 'Ask the server to tell now and then how many bytes are safe (Prefer: acknowledge).',
        type: 'boolean',
        default: true,
      },
      {
        name: 'legacy-range',
        title: 'Content-Range without unit',
        help: 'Write 0-9/10 instead of bytes 0-9/10, as the proof of concept needs it (it is recognised by itself, too).',
        type: 'boolean',
        default: false,
      },
      {
        name: 'delete',
        title: 'Delete the response',
        help: 'Tell the server with DELETE that its copy of the response is no longer needed.',
        type: 'boolean',
        default: false,
      },
    ],
    cuts: [
      {
        label: 'Reset after 100,000 bytes',
        specs: [{ end: 'server', direction: 'in', at: 100_000, content: false, cut: 'rst' }],
      },
      {
        label: 'Reset twice',
        specs: [
          { end: 'server', direction: 'in', at: 100_000, content: false, cut: 'rst' },
          { end: 'server', direction: 'in', at: 100_000, content: false, cut: 'rst' },
        ],
      },
      {
        label: 'Closed in good order at half',
        specs: [{ end: 'server', direction: 'in', at: 500_000, content: true, cut: 'fin' }],
      },
      {
        label: 'Silence at half',
        specs: [{ end: 'server', direction: 'in', at: 500_000, content: true, cut: 'stall' }],
      },
      {
        label: 'The last byte never leaves',
        specs: [{ end: 'client', direction: 'out', at: 999_999, content: true, cut: 'rst' }],
      },
    ],
  },

  async run(context) {
    const { parameters, server, target } = context;
    const result = await runStrategy(
      'resumable-request',
      {
        method: 'POST',
        url: target ?? `${server.url}/print`,
        fields: [['Content-Type', 'text/plain']],
        content: linesContent(Number(parameters['size'])),
      },
      {
        patience: Number(parameters['patience']),
        preferences: ['processing', ...(parameters['acknowledge'] === true ? ['acknowledge'] : [])],
        legacyRange: parameters['legacy-range'] === true,
        deleteWhenDone: parameters['delete'] === true,
      },
      context,
    );
    return {
      result: await uploaded(context, result),
      observed: evidence(context, result),
    };
  },

  expect(model, result) {
    return [
      {
        id: 'resumes',
        level: 'info',
        message: `${counted(faults(model).number, 'fault')}, ${counted(resumes(model), 'resume')}, ${counted(model.exchanges.length, 'request')}.`,
      },
      overwrittenCheck(model),
      digestCheck(result),
      progressCheck(model),
    ];
  },
};

/** A foreign server's storage is out of reach, but the proof of concept's tests say what they saw. */
function evidence({ target }: ExperimentContext, { final }: OperationResult): Check[] {
  if (target === null || !/^\/test\/\d+$/.test(new URL(target).pathname)) return [];
  const said = new TextDecoder().decode(final?.content.subarray(0, 100) ?? new Uint8Array(0));
  return [
    check(
      'evidence',
      said === EVIDENCE,
      said === EVIDENCE
        ? 'The server says that every byte arrived once and in order.'
        : `The server was to say ${JSON.stringify(EVIDENCE)}; it said ${JSON.stringify(said)}.`,
    ),
  ];
}
