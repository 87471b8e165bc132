// The experiment `byte-range-patch`: one document, overwritten in several places by each of the three media types.
// Every PATCH writes the same bytes at the same places however often it is sent.

import type { PatchForm } from '../../shared/byteranges/patch-layout.ts';
import { counted } from '../../shared/counted.ts';
import { bytesContent, linesContent } from '../client/content.ts';
import type { OperationResult } from '../client/strategy.ts';
import { check, digestCheck } from './kit/checks.ts';
import { PATIENCE } from './kit/parameters.ts';
import { patch } from './kit/patching.ts';
import { ask, inOrder, resourceOf, resultOf } from './kit/requests.ts';
import type { Experiment } from './kit/types.ts';

const SIZE = 10_000;
const EDIT = new TextEncoder().encode('This line was overwritten in place.\r\n....\r\n.......\r\n');
const FORMS: readonly PatchForm[] = ['message', 'multipart', 'application'];
/** Where each form writes: a message/byterange has one part, the others may have several. */
const PLACES: Readonly<Record<PatchForm, readonly number[]>> = {
  message: [1_000],
  multipart: [2_500, 4_000],
  application: [6_000, 9_000],
};

export const byteRangePatch: Experiment = {
  info: {
    id: 'byte-range-patch',
    title: 'Overwrite byte ranges',
    group: 'byte ranges',
    teaches:
      'PUT replaces all of a document; a byte-range PATCH says which bytes. A message/byterange has one part, fields and ' +
      'then bytes; multipart/byteranges has several in one request, which apply together; application/byteranges says the ' +
      'same in binary, without a boundary to search for. The map shows where each of them wrote.',
    sources: [
      'draft-ietf-httpapi-patch-byterange',
      'RFC 2046 §5.1 (multipart)',
      'RFC 9292 (binary messages)',
    ],
    parameters: [
      {
        name: 'form',
        title: 'Media type',
        help: 'Which of the three is sent: message, multipart or application; all: one after the other.',
        type: 'string',
        default: 'all',
        choices: ['all', ...FORMS],
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'In the content of the PUT',
        specs: [{ end: 'server', direction: 'in', at: 5_000, content: true, cut: 'rst' }],
      },
      {
        label: 'In the second part of the multipart',
        specs: [{ end: 'server', direction: 'in', at: 4_010, content: true, cut: 'rst' }],
      },
    ],
  },

  async run(context) {
    const url = resourceOf(context);
    const chosen = context.parameters['form'];
    const forms = FORMS.filter((form) => chosen === 'all' || chosen === form);
    const before = await linesContent(SIZE).read(0, SIZE);
    const after = before.slice();
    for (const form of forms) for (const at of PLACES[form]) after.set(EDIT, at);
    const edited = bytesContent(after);
    const overwrite = (form: PatchForm): Promise<OperationResult> =>
      patch(
        context,
        url,
        form,
        PLACES[form].map((at) => ({
          range: { first: at, last: at + EDIT.length - 1, complete: SIZE },
          from: at,
          to: at + EDIT.length,
        })),
        edited,
      );
    const last = await inOrder(
      () =>
        ask(context, 'PUT', url, { fields: [['Content-Type', 'text/plain']], content: bytesContent(before) }),
      ...forms.map((form) => () => overwrite(form)),
    );
    return { result: await resultOf(context, last, url, edited), observed: [] };
  },

  expect(model, result) {
    const patches = model.exchanges.filter(({ method }) => method === 'PATCH');
    const types = patches.length;
    return [
      check(
        'patches',
        types > 0,
        `${counted(types, 'PATCH request')} overwrote parts of ${counted(SIZE, 'byte')}.`,
        'info',
      ),
      digestCheck(result),
    ];
  },
};
