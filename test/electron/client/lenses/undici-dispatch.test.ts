// The events that undici gives those who build on it, and an end in any case.

import { afterEach, expect, it } from 'vitest';
import { dispatchEvents } from '../../../../electron/client/lenses/undici-dispatch.ts';
import { memorySink } from '../../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../../electron/session/recorder.ts';
import { systemClock } from '../../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';
import { type ScriptedServer, response, scriptedServer } from '../scripted-server.ts';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function events(
  send: string,
  { patience = 20_000, signal = new AbortController().signal, close }: Options = {},
): Promise<string[]> {
  server = await scriptedServer([[{ send, ...(close === undefined ? {} : { close }) }]]);
  const told = await dispatchEvents(server.url, patience, {
    recorder: createRecorder({ sink: memorySink() }),
    board: createFaultBoard(),
    clock: systemClock,
    random: () => 0.5,
    signal,
  });
  return told.map(({ event, carries }) => `${event} ${carries}`.trim());
}

interface Options {
  readonly patience?: number;
  readonly signal?: AbortSignal;
  readonly close?: 'fin' | 'rst';
}

it('keeps the case of names, and tells interim responses by the same event as the final one', async () => {
  const chunked = response(
    '200 OK',
    ['X-ODD: a', 'Transfer-Encoding: chunked'],
    '2\r\nok\r\n0\r\nX-T: y\r\n\r\n',
  );
  expect(await events(response('103 Early Hints', ['LiNk: </a>']) + chunked)).toEqual([
    'onRequestStart',
    'onResponseStart 103 Early Hints LiNk',
    'onResponseStart 200 OK X-ODD Transfer-Encoding',
    'onResponseData 2 bytes',
    'onResponseEnd x-t',
  ]);
});

it.each(['fin', 'rst'] as const)('ends with an error when the content is cut short by %s', async (close) => {
  const told = await events(response('200 OK', ['Content-Length: 5'], 'ok'), { close });
  expect(told.at(-1)).toMatch(/^onResponseError \w/);
  expect(told.filter((event) => event.startsWith('onResponseError'))).toHaveLength(1);
});

it('ends when nothing comes for the whole patience', async () => {
  const told = await events(response('102 Processing'), { patience: 100 });
  expect(told.at(-1)).toBe('onResponseError GivenUp patience: No byte came or went for 100 ms.');
});

it('ends at once when the run was stopped', async () => {
  expect(await events('', { signal: AbortSignal.abort() })).toEqual([
    'onResponseError GivenUp stopped: It was stopped.',
  ]);
});
