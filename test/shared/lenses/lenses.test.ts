// The rules of each lens, held against the library itself: the same bytes are sent to it, and it tells what it sees.

import { afterEach, describe, expect, it } from 'vitest';
import { lens } from '../../../electron/client/lenses/index.ts';
import type { LensReport } from '../../../electron/client/lenses/types.ts';
import { memorySink } from '../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { systemClock } from '../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import { type AnswerEnd, readAnswer } from '../../../shared/lenses/answer.ts';
import { LENSES, type LensName, type Seen, seenThrough } from '../../../shared/lenses/lenses.ts';
import { response, type ScriptedServer, scriptedServer } from '../../electron/client/scripted-server.ts';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** What the library's user is told of an answer. */
async function measured(name: LensName, send: string, close: 'fin' | 'rst' | null): Promise<Seen> {
  server = await scriptedServer([[close === null ? { send } : { send, close }]]);
  const recorder = createRecorder({ sink: memorySink() });
  const report: LensReport = await lens(
    name,
    { method: 'GET', url: `${server.url}/x`, fields: [], content: null, patience: 20_000 },
    {
      recorder,
      board: createFaultBoard(),
      clock: systemClock,
      random: () => 0.5,
      signal: new AbortController().signal,
    },
  );
  await recorder.close();
  const { told, completed, error } = report;
  return {
    interim: told.flatMap((each) =>
      each.what === 'interim' ? [{ status: each.status, reason: '', fields: each.fields }] : [],
    ),
    final:
      told.flatMap((each) =>
        each.what === 'final' ? [{ status: each.status, reason: each.reason, fields: each.fields }] : [],
      )[0] ?? null,
    content: told.findLast((each) => each.what === 'content')?.bytes ?? 0,
    trailers: told.flatMap((each) => (each.what === 'trailers' ? each.fields : [])),
    ending: completed ? 'whole' : (error?.code ?? 'nothing'),
  };
}

const INTERIMS =
  response('102 Processing', ['X-Step: 1']) + response('103 Early Hints', ['Link: </a>', 'Link: </b>']);
const ODD = [
  'X-Odd-CASE: a',
  'Content-Length: 2',
  'x-odd-case: b',
  'Set-Cookie: a=1',
  'Set-Cookie: b=2',
  '7: x',
];

const ANSWERS: readonly [what: string, send: string, close: 'fin' | 'rst' | null][] = [
  ['a plain response', response('200 Fine', ['Content-Length: 2'], 'ok'), null],
  ['interim responses', INTERIMS + response('200 OK', ['Content-Length: 2'], 'ok'), null],
  ['odd fields', response('200 OK', ODD, 'ok'), null],
  [
    'trailers',
    response('200 OK', ['Transfer-Encoding: chunked'], '2\r\nok\r\n0\r\nX-T: a\r\nX-t: b\r\n\r\n'),
    null,
  ],
  [
    'a 100 that nobody asked for',
    response('100 Continue', []) + response('200 OK', ['Content-Length: 0']),
    null,
  ],
  ['content that the connection ends', response('200 OK', [], 'ok'), 'fin'],
  ['a FIN within the content', response('200 OK', ['Content-Length: 9'], 'ok'), 'fin'],
  ['a reset within the content', response('200 OK', ['Content-Length: 9'], 'ok'), 'rst'],
  ['a FIN behind an interim response', INTERIMS, 'fin'],
  ['a reset behind an interim response', INTERIMS, 'rst'],
];

describe.each(LENSES)('the lens %s', (name) => {
  it.each(ANSWERS)('sees of %s what its library tells', async (_, send, close) => {
    const end: AnswerEnd = close ?? 'open';
    const derived = seenThrough(name, readAnswer(new TextEncoder().encode(send), 'GET', end), false);
    const { interim } = derived;
    // A reason of an interim response is told by none of them in the same way.
    expect({ ...derived, interim: interim.map((head) => ({ ...head, reason: '' })) }).toEqual(
      await measured(name, send, close),
    );
  });
});

it('a request that expects 100-continue is sent by node:http alone', () => {
  const answer = readAnswer(
    new TextEncoder().encode(response('200 OK', ['Content-Length: 0'])),
    'PUT',
    'open',
  );
  expect(LENSES.map((name) => seenThrough(name, answer, true).ending)).toEqual([
    'whole',
    'UND_ERR_NOT_SUPPORTED',
    'UND_ERR_NOT_SUPPORTED',
  ]);
});
