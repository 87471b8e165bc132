// The experiment `ietf-resumable-upload`: an ordinary POST that its server makes resumable by a 104, cut at half.
// It sends no byte of which the server has told that it is there.

import { knownInteropVersion } from '../../shared/fields/upload-draft-interop-version.ts';
import { counted } from '../../shared/counted.ts';
import { linesContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import {
  check,
  digestCheck,
  faults,
  interimOf,
  overwrittenCheck,
  resumes,
  thrownAwayCheck,
} from './kit/checks.ts';
import { CUT, PATIENCE, sizeOf } from './kit/parameters.ts';
import { ownCut, patienceOf } from './kit/requests.ts';
import { uploaded } from './kit/stored.ts';
import { ThreeProtocols } from './kit/three-protocols.ts';
import type { Experiment } from './kit/types.ts';

export const ietfResumableUpload: Experiment = {
  info: {
    id: 'ietf-resumable-upload',
    title: 'Upload by the IETF draft',
    group: 'resume',
    teaches:
      'An ordinary POST becomes resumable when its server sends a 104 (Upload Resumption Supported) that names an upload ' +
      'resource. Later 104s tell how much of the content is safe. After a break, HEAD tells the offset and PATCH appends ' +
      'the rest; Upload-Complete says which answer is that of the target itself.',
    sources: ['draft-ietf-httpbis-resumable-upload', 'RFC 9530 (Content-Digest, Repr-Digest)', 'RFC 9651'],
    parameters: [
      sizeOf(1_000_000),
      {
        name: 'version',
        title: 'Interop version',
        help: 'Which draft both ends speak: 3 says Upload-Incomplete, since 5 there are 104s with offsets, since 6 limits.',
        type: 'string',
        default: '8',
        choices: ['8', '7', '6', '5', '4', '3'],
      },
      {
        name: 'first',
        title: 'First request',
        help: 'What it carries: the whole content (optimistic), or nothing, so that the place is known before (careful).',
        type: 'string',
        default: 'whole',
        choices: ['whole', 'empty'],
      },
      {
        name: 'digests',
        title: 'Digests',
        help: 'Of the whole representation (Repr-Digest), or of each request (Content-Digest): then it is kept whole or not at all.',
        type: 'string',
        default: 'none',
        choices: ['none', 'representation', 'content'],
      },
      PATIENCE,
      CUT,
    ],
    cuts: [
      {
        label: 'Before the 104 has come',
        specs: [{ end: 'client', direction: 'in', at: 10, content: false, cut: 'rst' }],
      },
      {
        label: 'At a quarter, and at three quarters',
        specs: [250_000, 750_000].map((at) => ({
          end: 'server',
          direction: 'in',
          at,
          content: true,
          cut: 'rst',
        })),
      },
      {
        label: 'The last byte never leaves',
        specs: [{ end: 'client', direction: 'out', at: 999_999, content: true, cut: 'fin' }],
      },
      {
        label: 'The answer breaks off',
        specs: [{ end: 'client', direction: 'in', at: 5, content: true, cut: 'rst' }],
      },
    ],
  },

  ownCuts: (context) => [ownCut(context, 'request', Math.floor(Number(context.parameters['size']) / 2))],

  async run(context) {
    const { parameters, server, target } = context;
    const size = Number(parameters['size']);
    const looks = new ThreeProtocols(context, linesContent(size));
    const version = knownInteropVersion(Number(parameters['version']));
    const digests = parameters['digests'];
    const result = await runStrategy(
      'ietf-upload',
      {
        method: 'POST',
        url: target ?? `${server.url}/resumable`,
        fields: [['Content-Type', 'text/plain']],
        content: looks.content,
      },
      {
        patience: patienceOf(context),
        first: parameters['first'] === 'empty' ? 'empty' : 'whole',
        ...(version === null ? {} : { interopVersion: version }),
        ...(digests === 'representation' || digests === 'content' ? { digests } : {}),
      },
      looks.watched,
    );
    const { tables, checks } = await looks.told(result);
    return {
      result: await uploaded(context, result),
      observed: [
        ...checks,
        {
          id: 'acknowledged',
          level: 'info',
          message:
            result.acknowledged > 0
              ? `104s told that up to ${result.acknowledged} of ${size} bytes were safe, before any answer.`
              : 'No 104 told an offset: before version 5 there are none, and a small upload needs none.',
        },
      ],
      tables,
    };
  },

  expect(model, result, { target, parameters }) {
    const number = model.exchanges.reduce(
      (sum, exchange) => sum + interimOf(model, exchange).filter((status) => status === 104).length,
      0,
    );
    return [
      check(
        'supported',
        number > 0,
        number > 0
          ? `${counted(number, '104 response')} came: the upload can be resumed.`
          : 'No 104 came: the server does not offer to resume this upload.',
        target === null ? 'error' : 'info',
      ),
      {
        id: 'resumes',
        level: 'info',
        message: `${counted(faults(model).number, 'fault')}, ${counted(resumes(model), 'resume')}, ${counted(model.exchanges.length, 'request')}.`,
      },
      parameters['digests'] === 'content' ? thrownAwayCheck(model) : overwrittenCheck(model),
      digestCheck(result),
    ];
  },
};
