// The experiment `truncate-and-append`: the size of a document is changed without sending the document.
// Every PATCH names its place, so that it may be repeated.

import { bytesContent, linesContent } from '../client/content.ts';
import { digestCheck } from './kit/checks.ts';
import { PATIENCE } from './kit/parameters.ts';
import { patch } from './kit/patching.ts';
import { ask, inOrder, resourceOf, resultOf } from './kit/requests.ts';
import type { Experiment } from './kit/types.ts';

const SIZE = 10_000;
const TRUNCATED = 4_000;
const APPENDED = 1_000;
const EXTENDED = 8_000;

export const truncateAndAppend: Experiment = {
  info: {
    id: 'truncate-and-append',
    title: 'Truncate, append, extend',
    group: 'byte ranges',
    teaches:
      'A part whose Content-Range is bytes */4000 sets the length, and nothing else: the document is truncated. A part ' +
      'that begins where it ends appends: with a range, or, for an end that is not known yet, with Content-Offset. And ' +
      'bytes */8000 makes it longer: the new bytes read as zeros, never as what was stored there before.',
    sources: [
      'draft-ietf-httpapi-patch-byterange (The Content-Range Field, The Content-Offset Field)',
      'RFC 9651 (structured fields)',
    ],
    parameters: [PATIENCE],
    cuts: [
      {
        label: 'In the content of the PUT',
        specs: [{ end: 'server', direction: 'in', at: 5_000, content: true, cut: 'rst' }],
      },
      {
        label: 'In the second append',
        specs: [
          { end: 'server', direction: 'in', at: TRUNCATED + APPENDED + 10, content: true, cut: 'stall' },
        ],
      },
    ],
  },

  async run(context) {
    const url = resourceOf(context);
    const before = await linesContent(SIZE).read(0, SIZE);
    const after = new Uint8Array(EXTENDED);
    after.set(before.subarray(0, TRUNCATED));
    after.set(before.subarray(0, APPENDED), TRUNCATED);
    after.set(before.subarray(APPENDED, 2 * APPENDED), TRUNCATED + APPENDED);
    const source = bytesContent(after);
    const none = { from: 0, to: 0 };
    const stretch = (first: number) => ({ from: first, to: first + APPENDED });
    const second = TRUNCATED + APPENDED;
    const resize = (complete: number) => () =>
      patch(context, url, 'message', [{ range: { first: null, last: null, complete }, ...none }], source);
    const last = await inOrder(
      () =>
        ask(context, 'PUT', url, { fields: [['Content-Type', 'text/plain']], content: bytesContent(before) }),
      resize(TRUNCATED),
      () =>
        patch(
          context,
          url,
          'message',
          [{ range: { first: TRUNCATED, last: second - 1, complete: null }, ...stretch(TRUNCATED) }],
          source,
        ),
      () =>
        patch(
          context,
          url,
          'message',
          [{ range: { first: second, last: null, complete: null }, ...stretch(second) }],
          source,
          { contentOffset: true },
        ),
      resize(EXTENDED),
    );
    return { result: await resultOf(context, last, url, source), observed: [] };
  },

  expect(_model, result) {
    return [digestCheck(result)];
  },
};
