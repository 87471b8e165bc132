import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureRecord } from '../../../shared/capture/records.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { ClosedBy, ClosedHow, EventTable, Kind } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { type Sentence, Storyteller } from '../../../shared/model/story.ts';
import { storyModel, storyTable } from '../../renderer/story-fixture.ts';
import { Transcript } from './transcript.ts';
import { storyOf } from './told.ts';

function words(sentence: Sentence): string {
  return sentence.parts.map(({ text }) => text).join('');
}

function tell(records: readonly CaptureRecord[], operation = 0): string[] {
  const table = new EventTable();
  const deriver = new Deriver(table);
  for (const record of records) deriver.feed(record);
  const model = new Model(table);
  model.fold();
  return storyOf(model, operation).map(words);
}

const CRLF = '\r\n';
const message = (...lines: string[]): string => `${lines.join(CRLF)}${CRLF}${CRLF}`;

describe('the story of an upload that was cut twice', () => {
  const story = storyOf(storyModel(), 0);
  const told = story.map(words);

  it('tells what was asked, cut, found out and sent again, in order', () => {
    expect(told).toEqual([
      'POST /capture begins to send 1,000,000 bytes',
      '100 Continue',
      'You cut the connection: RST at byte 300,000 of the content. The client had sent 300,000, the server had read 267,232.',
      'HEAD asks how many bytes arrived',
      '299 Incomplete Content: 267,232 arrived. The last 32,768 must go again.',
      'PATCH goes on from byte 267,232',
      expect.stringMatching(/^Cut as planned: silence at byte 418,000 of the content\./),
      'Connection lost: neither FIN nor RST, only silence.',
      'HEAD asks how many bytes arrived',
      '299 Incomplete Content: 418,000 arrived. The last 182,000 must go again.',
      'PATCH sends bytes 418,000–999,999',
      '102 Processing 0/3 “Herding cats”',
      '102 Processing 1/3 “Knitting sweaters”, of that 8020/8591489 bytes',
      '102 Processing 2/3 “Slaying dragons”',
      '201 Created',
      'Done: all 1,000,000 bytes arrived, 214,768 of them sent twice.',
    ]);
  });

  it('links each sentence to an event of its own kind, in order of time', () => {
    const { columns } = storyTable();
    for (const { row, at } of story) expect(columns.time[row]).toBe(at);
    expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).sort((x, y) => x - y));
    expect(new Set(story.map(({ row }) => row)).size).toBe(story.length);
    expect(columns.kind[story[2]!.row]).toBe(Kind.fault);
  });

  it('gives what the operation said of why', () => {
    expect(story[0]!.why).toBe('');
    expect(story.at(-1)!.why).toBe('the server has every byte');
  });

  it('has told, when it breaks off at any time, the beginning of what it tells in the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6000 }), (ms) => {
        const rows = storyOf(storyModel(ms), 0).map(({ row }) => row);
        expect(rows).toEqual(story.filter(({ at }) => at <= ms * 1e6).map(({ row }) => row));
        expect(storyOf(storyModel(), 0, ms * 1e6).map(({ row }) => row)).toEqual(rows);
      }),
    );
  });

  it('is the same told row by row as told at once', () => {
    const whole = storyTable();
    const table = new EventTable();
    const model = new Model(table);
    const teller = new Storyteller(model, 0);
    for (let row = 0; row < whole.length; row++) {
      const { time, kind, code, connection, exchange, a, b, text } = whole.row(row);
      table.append(time, kind, code, connection, exchange, a, b, text);
      model.fold();
      teller.fold();
    }
    expect(teller.sentences).toEqual(story);
  });
});

describe('what is told of the wire alone', () => {
  it('tells of a 100 that says where the upload lives, and of acknowledgements', () => {
    const records = new Transcript()
      .open()
      .send('client', message('POST /up HTTP/1.1', 'Host: h', 'Content-Length: 4', 'Expect: 100-continue'))
      .send('server', message('HTTP/1.1 100 Continue', 'Request-Content-Location: /job/7.req'))
      .send('client', 'fo')
      .send('server', message('HTTP/1.1 100 Continue', 'Acknowledge: 2'))
      .send('client', 'ur')
      .send('server', message('HTTP/1.1 201 Created', 'Content-Length: 0')).records;
    expect(tell(records)).toEqual([
      'POST /up begins to send 4 bytes',
      '100 Continue tells where the upload lives: /job/7.req',
      '100 Continue: 2 bytes stored',
      '201 Created',
      'Done: all 4 bytes arrived.',
    ]);
  });

  it('calls a refusal a failure', () => {
    const records = new Transcript()
      .open()
      .send('client', message('GET /gone HTTP/1.1', 'Host: h'))
      .send('server', message('HTTP/1.1 404 Not Found', 'Content-Length: 0')).records;
    const table = new EventTable();
    const deriver = new Deriver(table);
    for (const record of records) deriver.feed(record);
    const model = new Model(table);
    model.fold();
    const story = storyOf(model, 0);
    expect(story.map(words)).toEqual(['GET /gone', '404 Not Found', 'Failed']);
    expect(story.map(({ tone }) => tone)).toEqual(['request', 'error', 'error']);
    expect(story.at(-1)!.why).toBe('GET was answered 404 Not Found');
  });

  it('tells of an operation that it does not know nothing', () => {
    expect(storyOf(storyModel(), 99)).toEqual([]);
  });
});

describe('an operation with more events than a story holds', () => {
  it('keeps its beginning and its end, and counts what gave way', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 3, 1, 0xffffffff, 0, 0, 'a → b');
    table.append(1, Kind.operation, 0, 1, 0, 0, 0, 'GET /');
    table.append(1, Kind.exchange, 0, 1, 0, 0, 0, 'GET /');
    for (let i = 0; i < 12_000; i++)
      table.append(2 + i, Kind.interimReceived, 102, 1, 0, i * 10, i * 10 + 10, `${i}/12000`);
    const model = new Model(table);
    model.fold();
    const story = storyOf(model, 0);
    expect(story.length).toBeLessThanOrEqual(5001);
    expect(words(story[0]!)).toBe('GET /');
    expect(words(story.at(-1)!)).toBe('102 Processing 11999/12000');
    const gap = story.find((sentence) => words(sentence).includes('not told here'));
    const leftOut = Number(/^[\d,]+/.exec(words(gap!))![0].replaceAll(',', ''));
    expect(leftOut + story.length - 1).toBe(12_001);
    const growing = new EventTable();
    const grown = new Model(growing);
    const teller = new Storyteller(grown, 0);
    for (let row = 0; row < table.length; row++) {
      const { time, kind, code, connection, exchange, a, b, text } = table.row(row);
      growing.append(time, kind, code, connection, exchange, a, b, text);
      if (row % 7 !== 0 && row < table.length - 1) continue;
      grown.fold();
      teller.fold();
    }
    expect(teller.sentences).toEqual(story);
  });
});

it('gives each request the reason that was told on its own connection, when several take turns', () => {
  const table = new EventTable();
  const none = 0xffffffff;
  for (const connection of [1, 2]) table.append(0, Kind.connectionOpened, 3, connection, none, 0, 0, 'a → b');
  table.append(1, Kind.operation, 0, 1, 0, 0, 0, 'PATCH /a');
  table.append(2, Kind.exchange, 0, 1, 0, 0, 0, 'PATCH /a');
  table.append(3, Kind.step, 0, 1, none, 0, 0, 'resume|The first reason.');
  table.append(3, Kind.step, 0, 2, none, 0, 0, 'resume|The second reason.');
  table.append(4, Kind.exchange, 0, 2, 1, 0, 0, 'PATCH /a');
  table.append(5, Kind.exchange, 0, 1, 2, 0, 0, 'PATCH /a');
  const model = new Model(table);
  model.fold();
  expect(storyOf(model, 0).map(({ why }) => why)).toEqual(['', 'The second reason.', 'The first reason.']);
});

it('gives an operation the reason that was told before it began, unless another request has come between', () => {
  const table = new EventTable();
  const none = 0xffffffff;
  for (const connection of [1, 2]) table.append(0, Kind.connectionOpened, 3, connection, none, 0, 0, 'a → b');
  table.append(1000, Kind.step, 0, 1, none, 0, 0, 'begin|For the first.');
  table.append(1000, Kind.step, 0, 2, none, 0, 0, 'begin|For the second.');
  for (const [id, connection] of [1, 1, 2].entries()) {
    const time = 2000 + id * 1000;
    table.append(time, Kind.operation, 0, connection, id, id, 0, 'GET /');
    table.append(time, Kind.exchange, 0, connection, id, id, 0, `GET /${id}`);
  }
  const model = new Model(table);
  model.fold();
  const whys = [0, 1, 2].map((operation) => storyOf(model, operation).map(({ why }) => why));
  expect(whys).toEqual([['For the first.'], [''], ['For the second.']]);
});

it('gives each loss the reason that was told on its own connection, whatever other operations lose meanwhile', () => {
  const table = new EventTable();
  const none = 0xffffffff;
  for (const connection of [1, 2]) table.append(0, Kind.connectionOpened, 3, connection, none, 0, 0, 'a → b');
  for (const id of [0, 1]) {
    table.append(1, Kind.operation, 0, id + 1, id, id, 0, 'GET /');
    table.append(1, Kind.exchange, 0, id + 1, id, id, 0, `GET /${id}`);
  }
  for (const connection of [1, 2])
    table.append(2, Kind.connectionClosed, ClosedHow.rst, connection, none, ClosedBy.server, 0, '');
  table.append(3, Kind.step, 0, 1, none, 0, 0, 'cut-noticed|The first was reset.');
  table.append(3, Kind.step, 0, 2, none, 0, 0, 'cut-noticed|The second was reset.');
  const model = new Model(table);
  model.fold();
  expect(storyOf(model, 0).map(({ why }) => why)).toEqual(['', 'The first was reset.']);
  expect(storyOf(model, 1).map(({ why }) => why)).toEqual(['', 'The second was reset.']);
});
