// Responses as they stand in the documents of those who tell of operations so, and what is read of them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Learned,
  NOTHING_LEARNED,
  readStanding,
  type Standing,
} from '../../../../electron/client/waiting/operation-styles.ts';
import type { FinalResponse } from '../../../../electron/client/strategy.ts';

const URL_ = 'http://api.test/v1/things/7?x=1';

function response(
  status: number,
  fields: Readonly<Record<string, string>> = {},
  content: unknown = '',
): FinalResponse {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return {
    status,
    reason: '',
    fields: Object.entries(fields),
    content: new TextEncoder().encode(text),
  };
}

const running = (retryAfter: number | null = null): Standing => ({ is: 'running', retryAfter });

describe('the first answer', () => {
  it.each<[string, FinalResponse, Partial<Learned>, Standing]>([
    [
      '202 and Location',
      response(202, { Location: '/status/1', 'Retry-After': '7' }),
      { style: 'polling', ask: 'http://api.test/status/1' },
      running(7000),
    ],
    [
      '201 whose content is not done',
      response(201, { location: '/jobs/1' }, { state: 'running' }),
      { style: 'polling', ask: 'http://api.test/jobs/1' },
      running(),
    ],
    [
      'Operation-Location',
      response(
        202,
        { 'operation-location': 'http://ops.test/1', 'Retry-After': '0' },
        { status: 'NotStarted' },
      ),
      { style: 'azure', ask: 'http://ops.test/1', result: null },
      running(0),
    ],
    [
      'Azure-AsyncOperation, with the Location of the result',
      response(201, { 'Azure-AsyncOperation': '/operations/1', Location: '/things/7' }),
      { style: 'azure', ask: 'http://api.test/operations/1', result: 'http://api.test/things/7' },
      running(),
    ],
    [
      'Azure, over already',
      response(200, { 'Operation-Location': '/operations/1' }, { status: 'Succeeded' }),
      { style: 'azure' },
      { is: 'done', told: '“status”: “Succeeded”' },
    ],
    [
      'AIP-151 under a version',
      response(200, {}, { name: 'operations/abc', metadata: {} }),
      { style: 'aip151', ask: 'http://api.test/v1/operations/abc' },
      running(),
    ],
    [
      'AIP-151, over already',
      response(200, {}, { name: 'operations/abc', done: true, response: {} }),
      { style: 'aip151' },
      { is: 'done', told: '“done”: true, with “response”' },
    ],
    [
      'Incremental',
      response(
        200,
        { Incremental: '?1;a=b', 'Content-Type': 'text/event-stream' },
        'data: {"state":"done"}\n\n',
      ),
      { style: 'incremental', ask: null },
      { is: 'done', told: 'the last event, “done”' },
    ],
    [
      'an answer',
      response(200, {}, { name: 'Ada' }),
      { style: null },
      { is: 'done', told: 'the answer itself' },
    ],
    [
      '201 of what is there',
      response(201, { Location: '/x' }),
      { style: null },
      { is: 'done', told: 'the answer itself' },
    ],
    ['202 without a place', response(202), { style: null }, { is: 'done', told: 'the answer itself' }],
    [
      'events that ask for nothing',
      response(200, { Incremental: '?0', 'Content-Type': 'text/event-stream' }),
      { style: null },
      { is: 'done', told: 'the answer itself' },
    ],
  ])('shows what it begins: %s', (_what, answer, learned, standing) => {
    const read = readStanding(answer, URL_, NOTHING_LEARNED);
    expect(read.learned).toMatchObject(learned);
    expect(read.standing).toEqual(standing);
  });

  it('names an AIP-151 operation from the root where there is no version', () => {
    const answer = response(200, {}, { name: '/operations/1', done: false });
    expect(readStanding(answer, 'http://api.test/things', NOTHING_LEARNED).learned.ask).toBe(
      'http://api.test/operations/1',
    );
  });
});

describe('a later answer', () => {
  const polling: Learned = { style: 'polling', ask: 'http://api.test/s', result: null };
  const azure: Learned = { style: 'azure', ask: 'http://api.test/o', result: null };
  const promised: Learned = { ...azure, result: 'http://api.test/things/7' };
  const aip151: Learned = { style: 'aip151', ask: 'http://api.test/o', result: null };
  const incremental: Learned = { style: 'incremental', ask: null, result: null };
  it.each<[string, Learned, FinalResponse, Standing]>([
    ['202', polling, response(202, { 'Retry-After': '2' }), running(2000)],
    ['204', polling, response(204), running()],
    ['200 that is running', polling, response(200, {}, { state: 'running' }), running()],
    [
      '303',
      polling,
      response(303, { Location: 'r' }),
      { is: 'elsewhere', at: 'http://api.test/v1/things/r', told: '303 See Other' },
    ],
    ['200 that is done', polling, response(200, {}, { state: 'done' }), { is: 'done', told: '“done”' }],
    ['200 with the result', polling, response(200, {}, 'all of it'), { is: 'done', told: 'the answer 200' }],
    [
      '200 that failed',
      polling,
      response(200, {}, { state: 'failed', error: 'No paper' }),
      { is: 'failed', told: '“failed”', why: 'No paper' },
    ],
    ['Running', azure, response(200, { 'Retry-After': '3' }, { status: 'Running' }), running(3000)],
    ['a state of its own', azure, response(200, {}, { status: 'Provisioning' }), running()],
    [
      'Succeeded with resourceLocation',
      azure,
      response(200, {}, { status: 'Succeeded', resourceLocation: '/r/1' }),
      { is: 'elsewhere', at: 'http://api.test/r/1', told: '“status”: “Succeeded”' },
    ],
    [
      'Succeeded where a result was promised',
      promised,
      response(200, {}, { status: 'Succeeded' }),
      { is: 'elsewhere', at: 'http://api.test/things/7', told: '“status”: “Succeeded”' },
    ],
    [
      'Succeeded by itself',
      azure,
      response(200, {}, { properties: { provisioningState: 'Succeeded' } }),
      { is: 'done', told: '“status”: “Succeeded”' },
    ],
    [
      'Failed',
      azure,
      response(200, {}, { status: 'Failed', error: { code: 'NoPaper', message: 'The tray is empty.' } }),
      { is: 'failed', told: '“status”: “Failed”', why: 'NoPaper: The tray is empty.' },
    ],
    [
      'Canceled',
      azure,
      response(200, {}, { status: 'Canceled' }),
      { is: 'failed', told: '“status”: “Canceled”', why: 'it does not say why' },
    ],
    [
      'no status',
      azure,
      response(200, {}, 'never mind'),
      {
        is: 'failed',
        told: 'a status document without a status',
        why: 'it does not say how the operation is',
      },
    ],
    ['done: false', aip151, response(200, {}, { name: 'o', done: false }), running()],
    ['no done', aip151, response(200, {}, { name: 'o' }), running()],
    [
      'done with an error',
      aip151,
      response(200, {}, { name: 'o', done: true, error: { code: 13, message: 'No \u0007paper' } }),
      { is: 'failed', told: '“done”: true, with “error”', why: '13: No  paper' },
    ],
    [
      'events that end with a failure',
      incremental,
      response(200, {}, 'data: {"state":"running"}\n\nid: 2\ndata:{"state":"failed","error":"no"}\n\n'),
      { is: 'failed', told: 'the last event, “failed”', why: 'no' },
    ],
    [
      'events that end before the operation',
      incremental,
      response(200, {}, 'data: {"state":"running"}\n\n'),
      { is: 'failed', told: 'the end of the stream', why: 'it ended before the operation did' },
    ],
  ])('shows how it stands: %s', (_what, learned, answer, standing) => {
    const read = readStanding(answer, URL_, learned);
    expect(read.learned).toEqual(learned);
    expect(read.standing).toEqual(standing);
  });

  it('is read whatever its content is', () => {
    const style = fc.constantFrom(polling, azure, promised, aip151, incremental, NOTHING_LEARNED);
    const content = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ status: value, done: true, error: value, name: value })),
    );
    fc.assert(
      fc.property(style, fc.constantFrom(200, 201, 202, 204, 303), content, (learned, status, text) => {
        const { standing } = readStanding(
          response(status, { Location: text.slice(0, 20) }, text),
          URL_,
          learned,
        );
        if (standing.is === 'failed') expect(standing.why.length).toBeLessThanOrEqual(300);
        if (standing.is === 'elsewhere') expect(URL.canParse(standing.at)).toBe(true);
      }),
    );
  });
});
