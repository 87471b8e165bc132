// What a library keeps from its user.

import { expect, it } from 'vitest';
import { readAnswer } from '../../../shared/lenses/answer.ts';
import { hiddenBy } from '../../../shared/lenses/hidden.ts';
import { type LensName, seenThrough } from '../../../shared/lenses/lenses.ts';
import { response } from '../../electron/client/scripted-server.ts';

const RICH =
  response('102 Processing', []) +
  response('103 Early Hints', []) +
  response(
    '200 OK',
    ['X-Case: a', 'Transfer-Encoding: chunked', 'X-Case: b'],
    '2\r\nok\r\n0\r\nX-T: a\r\n\r\n',
  );
const PLAIN = response('200 OK', ['content-length: 2', 'etag: "a"'], 'ok');
const CONTINUE = response('100 Continue', []) + PLAIN;

it.each<[LensName, string, string[]]>([
  ['node:http', RICH, []],
  ['undici', RICH, ['The case of field names', 'What stood between the lines of one field']],
  [
    'fetch',
    RICH,
    [
      '2 interim responses of 2',
      '1 trailer field',
      'The case of field names',
      'That a field came in several lines: their values are joined',
      'The order of fields',
    ],
  ],
  ['undici', PLAIN, []],
  ['fetch', PLAIN, []],
  ['undici', CONTINUE, ['1 interim response of 1', 'The final response']],
])('%s', (name, bytes, sentences) => {
  const answer = readAnswer(new TextEncoder().encode(bytes), 'GET', 'open');
  expect(hiddenBy(answer, seenThrough(name, answer, false))).toEqual(sentences);
});
