// Ways to wait: which exchanges are one operation, when it is done, and how it is told.

import { describe, expect, it } from 'vitest';
import { Layer, OperationState } from '../../../shared/model/events.ts';
import type { Model } from '../../../shared/model/model.ts';
import { cut, head, modelOf, shapeOf, sized, told, storyOf } from './told.ts';
import { Transcript } from './transcript.ts';

const { completed, running, failed } = OperationState;

const get = (target: string, ...fields: string[]): string =>
  head(`GET ${target} HTTP/1.1`, 'Host: a', ...fields);
const json = (content: unknown, status = '200 OK', ...fields: string[]): string =>
  sized(JSON.stringify(content), `HTTP/1.1 ${status}`, 'Content-Type: application/json', ...fields);
const job = (done: number, total = 3): unknown => ({
  state: done < total ? 'running' : 'done',
  progress: { done, total },
});

const progressOf = (model: Model, operation = 0): string[] => {
  const { values, length } = model.operations[operation]!.progress;
  return Array.from(values.subarray(0, length), (row) => model.events.text(row));
};

const started = (): Transcript =>
  new Transcript()
    .open()
    .send('client', sized('x', 'POST /jobs HTTP/1.1', 'Host: a'))
    .send('server', json(job(0), '201 Created', 'Location: /jobs/1'));

describe('polling', () => {
  it('for what a 201 made is one operation with it, whatever is asked of it, told as one question', () => {
    const model = modelOf(
      started()
        .send('client', get('/jobs/1'))
        .send('server', json(job(1), '200 OK', 'Retry-After: 1'))
        .send('client', get('/jobs/1'))
        .send('server', json(job(1), '200 OK', 'Retry-After: 1'))
        .send('client', get('/jobs/1?wait=10&after=1'))
        .send('server', head('HTTP/1.1 204 No Content', 'Retry-After: 0'))
        .send('client', get('/jobs/1?wait=10&after=1'))
        .send('server', json(job(3))).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST 201', 'GET 200', 'GET 200', 'GET 204', 'GET 200'], resumes: 0, state: completed },
    ]);
    expect(progressOf(model)).toEqual(['0/3', '1/3', '1/3', '3/3']);
    expect(told(model)).toEqual([
      'POST /jobs begins to send 1 byte',
      '201 Created',
      'GET /jobs/1 is asked 4 times',
      '200 OK',
      '204 No Content',
      '200 OK',
      'Done: all 1 byte arrived.',
    ]);
  });

  it('by several clients in turns is told as a question of each', () => {
    const records = started().records;
    const asked = (transcript: Transcript, target: string, done: number): Transcript =>
      transcript.send('client', get(target)).send('server', json(job(done)));
    // Two connections that take turns: the records of each, woven together by their times.
    const long = asked(
      asked(asked(new Transcript().open(), '/jobs/1?wait=9&after=0', 1), '/jobs/1?wait=9&after=1', 2),
      '/jobs/1?wait=9&after=2',
      3,
    );
    const short = asked(asked(new Transcript().open(), '/jobs/1', 1), '/jobs/1', 2);
    const woven = [...long.records, ...short.records.map((record) => ({ ...record, connection: 2 }))]
      .map((record) => ('connection' in record ? { ...record, connection: record.connection + 1 } : record))
      .sort((one, other) => one.time - other.time);
    const model = modelOf([...records, ...woven.map((record) => ({ ...record, time: record.time + 1e9 }))]);
    expect(shapeOf(model)).toMatchObject([{ requests: { length: 6 } }]);
    expect(told(model).filter((sentence) => sentence.startsWith('GET'))).toEqual([
      'GET /jobs/1?wait=9&after=… is asked 3 times',
      'GET /jobs/1 is asked 2 times',
    ]);
  });

  it('on a new connection for each question is told as one question', () => {
    const transcript = started();
    for (const done of [1, 2, 3])
      transcript
        .open()
        .send('client', get(`/jobs/1?now=${done}`))
        .send('server', json(job(done)));
    expect(told(modelOf(transcript.records))).toContain('GET /jobs/1?now=… is asked 3 times');
  });

  it('for something else in between is told as it was', () => {
    const model = modelOf(
      started()
        .send('client', get('/jobs/1'))
        .send('server', json(job(1), '200 OK', 'Location: /jobs/1'))
        .send('client', head('HEAD /jobs/1 HTTP/1.1', 'Host: a'))
        .send('server', head('HTTP/1.1 200 OK'))
        .send('client', get('/jobs/1'))
        .send('server', json(job(3))).records,
    );
    expect(told(model).filter((sentence) => sentence.startsWith('GET'))).toEqual([
      'GET /jobs/1',
      'GET /jobs/1',
    ]);
  });

  it('is not done while the answer says that there is more to come', () => {
    const transcript = started();
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([{ state: running }]);
    transcript.send('client', get('/jobs/1')).send('server', json(job(2)));
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([{ state: running }]);
  });

  it('of one URL, that nobody had told of, is one operation', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', get('/status'))
        .send('server', json({ done: false, metadata: { progressPercent: 10 } }))
        .send('client', get('/status'))
        .send('server', head('HTTP/1.1 202 Accepted', 'Content-Length: 0'))
        .open()
        .send('client', get('/status'))
        .send('server', json({ done: true, response: {} }))
        .send('client', get('/status'))
        .send('server', json({ done: true, response: {} })).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['GET 200', 'GET 202', 'GET 200'], resumes: 0, state: completed },
      { requests: ['GET 200'], resumes: 0, state: completed },
    ]);
    expect(progressOf(model)).toEqual(['10/100']);
  });

  it('by two clients is two operations', () => {
    const ours = new Transcript().open();
    ours.send('client', get('/status')).send('server', json({ done: false }));
    ours
      .open()
      .send('client', get('/status'))
      .send('server', json({ done: false }));
    const records = ours.records.map((record) =>
      record.kind === 'opened' && record.connection === 2
        ? { ...record, client: { address: '127.0.0.2', port: 40_000 } }
        : record,
    );
    expect(shapeOf(modelOf(records))).toMatchObject([{ requests: ['GET 200'] }, { requests: ['GET 200'] }]);
  });

  it('that is cut in the middle is asked again, and told so', () => {
    const model = modelOf(
      cut(
        new Transcript()
          .open()
          .send('client', get('/status'))
          .send('server', json({ done: false }))
          .send('client', get('/status')),
      )
        .send('client', get('/status'))
        .send('server', json({ done: true })).records,
    );
    expect(shapeOf(model)).toMatchObject([{ requests: ['GET 200', 'GET cut', 'GET 200'], state: completed }]);
    expect(told(model)).toEqual([
      'GET /status is asked 2 times',
      '200 OK',
      'GET /status is sent again, from the beginning',
      '200 OK',
      'Done.',
    ]);
  });

  it.each([
    {
      name: 'Azure-AsyncOperation',
      answer: json({}, '201 Created', 'Azure-AsyncOperation: /operations/7', 'Location: /things/1'),
      path: '/operations/7',
      under: { status: 'InProgress' },
      over: { status: 'Succeeded' },
    },
    {
      name: 'Operation-Location',
      answer: json({}, '202 Accepted', 'Operation-Location: http://a/operations/7'),
      path: '/operations/7?api-version=1',
      under: { status: 'Running', percentComplete: 20 },
      over: { status: 'Succeeded', percentComplete: 100 },
    },
    {
      name: 'Location of a 202',
      answer: json({}, '202 Accepted', 'Location: /operations/7'),
      path: '/operations/7',
      under: { status: 'NotStarted' },
      over: { status: 'Succeeded' },
    },
  ])('the status that $name names is one operation with what began it', ({ answer, path, under, over }) => {
    const transcript = new Transcript()
      .open()
      .send('client', sized('x', 'POST /things HTTP/1.1', 'Host: a'))
      .send('server', answer)
      .send('client', get(path))
      .send('server', json(under));
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([{ state: running }]);
    transcript.send('client', get(path)).send('server', json(over));
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([
      { requests: { length: 3 }, resumes: 0, state: completed },
    ]);
  });

  it('for an operation by its name (AIP-151) is one operation with what began it', () => {
    const name = 'projects/7/operations/build-3';
    const transcript = new Transcript()
      .open()
      .send('client', sized('x', 'POST /v1/reports:build HTTP/1.1', 'Host: a'))
      .send('server', json({ name, done: false, metadata: { progressPercent: 5 } }))
      .send('client', get(`/v1/${name}`))
      .send('server', json({ name, done: false }));
    expect(shapeOf(modelOf(transcript.records))).toEqual([
      { requests: ['POST 200', 'GET 200'], resumes: 0, state: running },
    ]);
    transcript.send('client', get(`/v1/${name}`)).send('server', json({ name, done: true, response: {} }));
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([
      { requests: { length: 3 }, state: completed },
    ]);
  });

  it('whose client calls each answer complete is one operation all the same', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', get('/status'))
        .send('server', json({ done: false }))
        .step('complete', 'The server answered 200 OK.')
        .send('client', get('/status'))
        .send('server', json({ done: true }))
        .step('complete', 'The server answered 200 OK.').records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['GET 200', 'GET 200'], resumes: 0, state: completed }]);
  });

  it('that ends with a 303 goes on where that leads', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', sized('x', 'POST /things HTTP/1.1', 'Host: a'))
        .send('server', head('HTTP/1.1 202 Accepted', 'Location: /operations/7', 'Content-Length: 0'))
        .send('client', get('/operations/7'))
        .send('server', head('HTTP/1.1 303 See Other', 'Location: /things/1', 'Content-Length: 0'))
        .send('client', get('/things/1'))
        .send('server', json({})).records,
    );
    expect(shapeOf(model)).toMatchObject([
      { requests: ['POST 202', 'GET 303', 'GET 200'], state: completed },
    ]);
    expect(told(model)).toContain('303 See Other: what came of it is at /things/1');
  });
});

describe('a stream of events', () => {
  const STREAM = head(
    'HTTP/1.1 200 OK',
    'Content-Type: text/event-stream',
    'Cache-Control: no-cache',
    'Transfer-Encoding: chunked',
  );
  const events = (...all: string[]): string =>
    all.map((event) => `${event.length.toString(16)}\r\n${event}\r\n`).join('');
  const began = (...all: string[]): Transcript =>
    new Transcript()
      .open()
      .send('client', get('/events', 'Accept: text/event-stream'))
      .send('server', STREAM + events(...all));
  const again = (transcript: Transcript, id: string): Transcript =>
    transcript
      .send('client', get('/events', 'Accept: text/event-stream', `Last-Event-ID: ${id}`))
      .send('server', `${STREAM}${events('id: 3\ndata: c\n\n')}0\r\n\r\n`);

  it('that is cut and comes back with Last-Event-ID is resumed', () => {
    const model = modelOf(again(cut(began('id: 1\ndata: a\n\n', 'id: 2\ndata: b\n\n')), '2').records);
    expect(shapeOf(model)).toEqual([{ requests: ['GET 200', 'GET 200'], resumes: 1, state: completed }]);
    expect(model.exchanges[1]!.resumes).toBe(0);
    expect(told(model)).toEqual([
      'GET /events',
      '200 OK: a stream of 2 events and comments',
      'GET /events goes on behind the last event',
      '200 OK: a stream of one event or comment',
      'Done.',
    ]);
  });

  it('goes on behind what had arrived of it: nothing of it is sent twice, unless it was lost', () => {
    const lost = 'id: 2\ndata: b\n\n';
    const model = modelOf(
      again(cut(began('id: 1\ndata: a\n\n').send('server', events(lost), 5)), '1').records,
    );
    const { download } = model.operations[0]!;
    // The frame of the chunk and two of its bytes were read.
    expect(download.ranges(Layer.received)).toEqual([[0, 32]]);
    expect(download.ranges(Layer.sent)).toEqual([[0, 32]]);
    expect(download.repeated(Layer.received)).toEqual([]);
    expect(download.repeated(Layer.sent)).toEqual([[17, 30]]);
    expect(download.lengthAt()).toBeNull();
  });

  it('that the server ends, and that comes back with Last-Event-ID, is resumed', () => {
    const model = modelOf(again(began('id: 1\ndata: a\n\n').send('server', '0\r\n\r\n'), '1').records);
    expect(shapeOf(model)).toEqual([{ requests: ['GET 200', 'GET 200'], resumes: 1, state: completed }]);
    expect(told(model)).toEqual([
      'GET /events',
      '200 OK: a stream of one event or comment',
      'GET /events goes on behind the last event',
      '200 OK: a stream of one event or comment',
      'Done.',
    ]);
  });

  it('that is told that all is said is over', () => {
    const model = modelOf(
      cut(began('id: 1\ndata: a\n\n'))
        .send('client', get('/events', 'Last-Event-ID: 1'))
        .send('server', head('HTTP/1.1 204 No Content')).records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['GET 200', 'GET 204'], resumes: 1, state: completed }]);
  });

  it('is its own operation while another one of the same URL lasts', () => {
    const left = began('id: 1\ndata: a\n\n').open();
    const model = modelOf(again(left, '1').records);
    expect(shapeOf(model)).toMatchObject([{ requests: ['GET 200'] }, { requests: ['GET 200'] }]);
  });
});

describe('a response that is kept alive by blanks', () => {
  it('is told so, and what it came to', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', get('/delayed'))
        .send('server', `${head('HTTP/1.1 202 Accepted', 'Transfer-Encoding: chunked')}1\r\n \r\n`)
        .send('server', '1\r\n \r\n')
        .send('server', '6\r\nresult\r\n0\r\n\r\n').records,
    );
    expect(told(model)).toContain('202 Accepted: 2 blanks so that it is not taken for idle');
  });
});

describe('a WebSocket', () => {
  it('is closed, and done, when both ends have closed it', () => {
    const reason = (masked: boolean): Uint8Array => {
      const payload = [0x03, 0xe8, ...new TextEncoder().encode('All told.')];
      return Uint8Array.of(
        0x88,
        payload.length | (masked ? 0x80 : 0),
        ...(masked ? [0, 0, 0, 0] : []),
        ...payload,
      );
    };
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', get('/socket', 'Connection: upgrade', 'Upgrade: websocket'))
        .send('server', head('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket'))
        .send('server', reason(false))
        .send('client', reason(true)).records,
    );
    expect(told(model)).toEqual([
      'GET /socket',
      '101 Switching Protocols: 2 messages from here on, in both directions',
      'The server closes the WebSocket: 1000 All told.',
      'The client closes the WebSocket: 1000 All told.',
      'Done.',
    ]);
    const times = storyOf(model, 0).map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('is one exchange, and closes with the reason that was given', () => {
    const close = Uint8Array.of(0x88, 0x06, 0x03, 0xf5, 0x73, 0x6c, 0x6f, 0x77);
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', get('/follow', 'Connection: upgrade', 'Upgrade: websocket'))
        .send('server', head('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket'))
        .send('server', Uint8Array.of(0x81, 0x01, 0x61))
        .send('server', close).records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['GET 101'], resumes: 0, state: failed }]);
    expect(told(model)).toEqual([
      'GET /follow',
      '101 Switching Protocols: 2 messages from here on, in both directions',
      'The server closes the WebSocket: 1013 slow.',
      'Failed',
    ]);
  });
});
