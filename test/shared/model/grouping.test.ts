// Which exchanges make up one operation, how often it was resumed, what of it is acknowledged, and how it is told.

import { describe, expect, it } from 'vitest';
import type { End } from '../../../shared/capture/records.ts';
import { Layer, OperationState } from '../../../shared/model/events.ts';
import { cut, head, modelOf, shapeOf, sized, told } from './told.ts';
import { Transcript } from './transcript.ts';

const request = (line: string, ...fields: string[]): string => head(`${line} HTTP/1.1`, 'Host: a', ...fields);
const patch = (target: string, range: string, content: string, ...fields: string[]): string =>
  sized(
    sized(content, `Content-Range: bytes ${range}`),
    `PATCH ${target} HTTP/1.1`,
    'Host: a',
    'Content-Type: message/byterange',
    ...fields,
  );
const incomplete = (...fields: string[]): string => head('HTTP/1.1 299 Incomplete Content', ...fields);
const DONE = head('HTTP/1.1 200 OK', 'Content-Length: 0');
const CREATED = head('HTTP/1.1 201 Created', 'Content-Length: 0');

const PUT = request('PUT /up', 'If-None-Match: *', 'Content-Length: 20');
const begun = (ends?: readonly End[]): Transcript =>
  cut(new Transcript(ends).open().send('client', `${PUT}0123456789`, PUT.length + 6));

const { completed, running } = OperationState;

describe.each([
  { held: 'both ends', ends: ['client', 'server'] as const },
  { held: 'the client end', ends: ['client'] as const },
  { held: 'the server end', ends: ['server'] as const },
])('seen from $held', ({ ends }) => {
  it('a PUT that was cut, asked for and completed by PATCH is one operation, resumed once', () => {
    const model = modelOf(
      begun(ends)
        .send('client', request('HEAD /up'))
        .send('server', incomplete('Content-Length: 6'))
        .send('client', patch('/up', '6-19/20', '6789abcdefghij'))
        .send('server', DONE).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['PUT cut', 'HEAD 299', 'PATCH 200'], resumes: 1, state: completed },
    ]);
    expect(model.operations[0]!.upload.ranges(Layer.acknowledged)).toEqual([[0, 20]]);
  });

  it('a PUT of which nothing was kept, and that is sent again, is one operation that was not resumed', () => {
    const model = modelOf(
      begun(ends)
        .send('client', request('HEAD /up'))
        .send('server', head('HTTP/1.1 404 Not Found', 'Content-Length: 0'))
        .send('client', sized('0123456789abcdefghij', 'PUT /up HTTP/1.1', 'Host: a'))
        .send('server', CREATED).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['PUT cut', 'HEAD 404', 'PUT 201'], resumes: 0, state: completed },
    ]);
  });

  it('a PUT that falls back to a PUT, because PATCH is not taken, has not failed in between', () => {
    const model = modelOf(
      begun(ends)
        .send('client', request('HEAD /up'))
        .send('server', incomplete('Content-Length: 6'))
        .send('client', patch('/up', '6-19/20', '6789abcdefghij'))
        .send('server', head('HTTP/1.1 405 Method Not Allowed', 'Allow: PUT', 'Content-Length: 0'))
        .send('client', sized('0123456789abcdefghij', 'PUT /up HTTP/1.1', 'Host: a'))
        .send('server', CREATED).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['PUT cut', 'HEAD 299', 'PATCH 405', 'PUT 201'], resumes: 1, state: completed },
    ]);
    expect(model.operations[0]!.states.map(({ state }) => state)).not.toContain(OperationState.failed);
  });

  it.each([
    { by: 'by a 299', answer: incomplete('Content-Length: 0') },
    { by: 'by a plain 200', answer: DONE },
  ])('segments, each taken $by, are one operation that ends with the last byte', ({ answer }) => {
    const transcript = new Transcript(ends)
      .open()
      .send('client', patch('/up', '0-3/12', '0123', 'If-None-Match: *'))
      .send('server', answer)
      .send('client', patch('/up', '4-7/12', '4567'))
      .send('server', answer);
    const before = modelOf(transcript.records);
    expect(shapeOf(before)).toMatchObject([{ requests: { length: 2 }, state: running }]);
    expect(before.operations[0]!.upload.ranges(Layer.acknowledged)).toEqual([[0, 8]]);
    const model = modelOf(
      transcript.send('client', patch('/up', '8-11/12', '89ab')).send('server', DONE).records,
    );
    expect(shapeOf(model)).toMatchObject([{ requests: { length: 3 }, resumes: 0, state: completed }]);
    expect(model.operations[0]!.upload.lengthAt()).toBe(12);
    expect(model.operations[0]!.upload.ranges(Layer.acknowledged)).toEqual([[0, 12]]);
  });

  it('what is acknowledged of a segment is its own bytes', () => {
    const model = modelOf(
      new Transcript(ends)
        .open()
        .send('client', patch('/up', '8-11/12', '89ab', 'If-None-Match: *'))
        .send('server', incomplete('Content-Length: 0')).records,
    );
    expect(model.operations[0]!.upload.ranges(Layer.acknowledged)).toEqual([[8, 12]]);
  });

  it('a download that was cut and went on by Range is one operation, resumed once, whole', () => {
    const model = modelOf(
      cut(
        new Transcript(ends)
          .open()
          .send('client', request('GET /data'))
          .send('server', `${head('HTTP/1.1 200 OK', 'ETag: "1"', 'Content-Length: 12')}01234`),
      )
        .send('client', request('GET /data', 'Range: bytes=5-', 'If-Range: "1"'))
        .send('server', sized('56789ab', 'HTTP/1.1 206 Partial Content', 'Content-Range: bytes 5-11/12'))
        .records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['GET 200', 'GET 206'], resumes: 1, state: completed }]);
    const { download } = model.operations[0]!;
    const layer = ends.includes('client' as never) ? Layer.received : Layer.sent;
    expect(download.lengthAt()).toBe(12);
    expect(download.ranges(layer)).toEqual([[0, 12]]);
    expect(download.repeated(layer)).toEqual([]);
  });

  it('a response whose content was cut goes on where Content-Location says', () => {
    const answer = head(
      'HTTP/1.1 201 Created',
      'Location: /items/1',
      'Content-Location: /items/1',
      'ETag: "1"',
      'Content-Length: 12',
    );
    const model = modelOf(
      cut(
        new Transcript(ends)
          .open()
          .send('client', sized('x', 'POST /items HTTP/1.1', 'Host: a'))
          .send('server', `${answer}01234`),
      )
        .send('client', request('GET /items/1', 'Range: bytes=5-', 'If-Range: "1"'))
        .send('server', sized('56789ab', 'HTTP/1.1 206 Partial Content', 'Content-Range: bytes 5-11/12'))
        .records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['POST 201', 'GET 206'], resumes: 1, state: completed }]);
    const layer = ends.includes('client' as never) ? Layer.received : Layer.sent;
    expect(model.operations[0]!.download.ranges(layer)).toEqual([[0, 12]]);
  });

  it('a response document that was cut goes on by Range, and is read over both', () => {
    const document = sized('Resource created.', 'HTTP/1.1 201 Created', 'Location: /items/1');
    const length = document.length;
    const whole = head('HTTP/1.1 200 OK', 'Content-Type: message/http', `Content-Length: ${length}`);
    const rest = head(
      'HTTP/1.1 206 Partial Content',
      'Content-Type: message/http',
      `Content-Range: bytes 7-${length - 1}/${length}`,
      `Content-Length: ${length - 7}`,
    );
    const model = modelOf(
      cut(
        new Transcript(ends)
          .open()
          .send('client', request('POST /items', 'Expect: 100-continue', 'Content-Length: 1'))
          .send('server', head('HTTP/1.1 100 Continue', 'Response-Message-Location: /1.res'))
          .send('client', 'x')
          .send('server', head('HTTP/1.1 102 Processing'))
          .close('server', 'rst', 'fault')
          .close('client', 'rst', 'server')
          .open()
          .send('client', request('GET /1.res'))
          .send('server', `${whole}${document.slice(0, 7)}`),
      )
        .send('client', request('GET /1.res', 'Range: bytes=7-'))
        .send('server', `${rest}${document.slice(7)}`).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST cut', 'GET 200', 'GET 206'], resumes: 2, state: completed },
    ]);
    expect(model.exchanges.map(({ document }) => document?.status)).toEqual([undefined, undefined, 201]);
  });
});

describe('an operation', () => {
  it('holds segments that go over several connections at once', () => {
    const left = new Transcript().open().send('client', patch('/up', '0-3/8', '0123', 'If-None-Match: *'));
    const right = new Transcript().open().open();
    right.send('client', patch('/up', '4-7/8', '4567')).send('server', DONE);
    const records = [
      ...left.records,
      ...right.records.filter(({ connection }) => connection === 2),
      ...left.send('server', DONE).records.slice(left.records.length - 2),
    ];
    const model = modelOf(records);
    expect(shapeOf(model)).toEqual([{ requests: ['PATCH 200', 'PATCH 200'], resumes: 0, state: completed }]);
    expect(model.operations[0]!.upload.ranges(Layer.received)).toEqual([[0, 8]]);
  });

  it.each([
    { method: 'GET', fields: [] },
    { method: 'HEAD', fields: [] },
    { method: 'PUT', fields: ['Content-Length: 0'] },
  ])('is over when its upload is: a later $method is another', ({ method, fields }) => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', sized('0123', 'PUT /up HTTP/1.1', 'Host: a'))
        .send('server', CREATED)
        .send('client', request(`${method} /up`, ...fields))
        .send('server', DONE).records,
    );
    expect(shapeOf(model)).toMatchObject([{ requests: ['PUT 201'] }, { requests: [`${method} 200`] }]);
  });

  it('is an edit where a PATCH changes the middle of what is there, and each edit is its own', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', patch('/doc', '5-8/600', '5678'))
        .send('server', DONE)
        .send('client', patch('/doc', '9-10/600', '9a'))
        .send('server', DONE).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['PATCH 200'], resumes: 0, state: completed },
      { requests: ['PATCH 200'], resumes: 0, state: completed },
    ]);
  });

  it('holds the MOVE of what was uploaded, and the GET of what came of it', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', sized('0123', 'PUT /scratch HTTP/1.1', 'Host: a'))
        .send('server', CREATED)
        .send('client', request('MOVE /scratch', 'Destination: http://a/final'))
        .send('server', head('HTTP/1.1 204 No Content'))
        .send('client', request('GET /final'))
        .send('server', sized('0123', 'HTTP/1.1 200 OK')).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['PUT 201', 'MOVE 204', 'GET 200'], resumes: 0, state: completed },
    ]);
  });

  it('follows a 303 to where the answer is', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', sized('x', 'POST /jobs HTTP/1.1', 'Host: a'))
        .send('server', head('HTTP/1.1 303 See Other', 'Location: /jobs/1', 'Content-Length: 0'))
        .send('client', request('GET /jobs/1'))
        .send('server', sized('done', 'HTTP/1.1 200 OK')).records,
    );
    expect(shapeOf(model)).toMatchObject([{ requests: ['POST 303', 'GET 200'], state: completed }]);
  });

  it('has not failed where the answer says when to ask again', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', request('POST /items', 'Expect: 100-continue', 'Content-Length: 1'))
        .send('server', head('HTTP/1.1 100 Continue', 'Response-Message-Location: /1.res'))
        .send('client', 'x')
        .close('server', 'rst', 'fault')
        .close('client', 'rst', 'server')
        .open()
        .send('client', request('GET /1.res'))
        .send('server', head('HTTP/1.1 404 Not Found', 'Retry-After: 1', 'Content-Length: 0')).records,
    );
    expect(model.operations[0]!.states.map(({ state }) => state)).not.toContain(OperationState.failed);
  });

  it('that begins anew after a download changed was not resumed', () => {
    const model = modelOf(
      cut(
        new Transcript()
          .open()
          .send('client', request('GET /data'))
          .send('server', `${head('HTTP/1.1 200 OK', 'Content-Length: 12')}01234`),
      )
        .send('client', request('HEAD /data'))
        .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 4'))
        .send('client', request('GET /data', 'Range: bytes=5-', 'If-Range: "1"'))
        .send('server', sized('abcd', 'HTTP/1.1 200 OK')).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['GET 200', 'HEAD 200', 'GET 200'], resumes: 0, state: completed },
    ]);
  });
});

it('a step that is told when its exchange is over belongs to the operation of its connection', () => {
  const { records } = new Transcript()
    .open()
    .send('client', request('GET /a'))
    .send('server', DONE)
    .close('client', 'fin', 'client')
    .close('server', 'fin', 'client')
    .open()
    .send('client', request('GET /b'));
  const { time } = records.at(-1)!;
  const step = { kind: 'step', time, connection: 1, step: 'complete', why: 'It was the first.' } as const;
  const model = modelOf([...records, step]);
  expect(model.operations.map((operation) => model.operationState(operation)?.why)).toEqual([
    'It was the first.',
    '',
  ]);
});

describe('the story', () => {
  it('of a PUT that went on by PATCH', () => {
    const model = modelOf(
      begun()
        .send('client', request('HEAD /up'))
        .send('server', incomplete('Content-Length: 6'))
        .send('client', patch('/up', '6-19/20', '6789abcdefghij'))
        .send('server', head('HTTP/1.1 405 Method Not Allowed', 'Allow: PUT', 'Content-Length: 0'))
        .send('client', sized('0123456789abcdefghij', 'PUT /up HTTP/1.1', 'Host: a'))
        .send('server', CREATED).records,
    );
    expect(told(model)).toEqual([
      'PUT /up begins to send 20 bytes',
      'HEAD asks how many bytes arrived',
      '299 Incomplete Content: 6 arrived. The last 4 must go again.',
      'PATCH sends bytes 6–19',
      '405 Method Not Allowed',
      'PUT /up is sent again, from the beginning: PATCH is not taken here',
      '201 Created',
      'Done: all 20 bytes arrived, 20 of them sent twice.',
    ]);
  });

  it('of segments, one of them against the rules', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', patch('/up', '0-3/8', '0123', 'If-None-Match: *', 'Prefer: transaction=persist'))
        .send('server', head('HTTP/1.1 103 Early Hints', 'Preference-Applied: transaction=persist'))
        .send('server', incomplete('Content-Length: 0'))
        .send('client', request('GET /up'))
        .send('server', sized('0123xxxx', 'HTTP/1.1 200 OK'))
        .send('client', patch('/up', '4-7/8', '4567'))
        .send('server', DONE).records,
    );
    expect(told(model)).toEqual([
      'PATCH sends bytes 0–3',
      '103 Early Hints promises to keep every byte as it arrives',
      '299 Incomplete Content: stored, more is needed',
      'GET /up',
      'Against the rules, by the server: The server sends bytes of a place where nothing ever arrived, and they are not zero. (draft-ietf-httpapi-patch-byterange)',
      '200 OK',
      'PATCH sends bytes 4–7',
      '200 OK',
      'Done: all 8 bytes arrived.',
    ]);
  });

  it('of a patch that is all or nothing, and was cut', () => {
    const model = modelOf(
      cut(
        new Transcript()
          .open()
          .send('client', patch('/doc', '5-8/600', '5678', 'Prefer: transaction=atomic').slice(0, -2))
          .send('server', head('HTTP/1.1 103 Early Hints', 'Preference-Applied: transaction=atomic')),
      )
        .send('client', patch('/doc', '5-8/600', '5678', 'Prefer: transaction=atomic'))
        .send('server', DONE).records,
    );
    expect(told(model)).toEqual([
      'PATCH writes from byte 5',
      '103 Early Hints promises all or nothing',
      'It is all or nothing: nothing of it is kept.',
      'PATCH sends bytes 5–8',
      '200 OK',
      'Done: 4 bytes written.',
    ]);
  });

  it('of a download that went on', () => {
    const model = modelOf(
      cut(
        new Transcript()
          .open()
          .send('client', request('GET /data'))
          .send('server', `${head('HTTP/1.1 200 OK', 'ETag: "1"', 'Content-Length: 12')}01234`),
      )
        .send('client', request('GET /data', 'Range: bytes=5-', 'If-Range: "1"'))
        .send('server', sized('56789ab', 'HTTP/1.1 206 Partial Content', 'Content-Range: bytes 5-11/12'))
        .records,
    );
    expect(told(model)).toEqual([
      'GET /data',
      '200 OK',
      'GET /data asks for everything from byte 5 on',
      '206 Partial Content: from byte 5 on',
      'Done: all 12 bytes arrived.',
    ]);
  });

  it('of an operation on many resources', () => {
    const model = modelOf(
      new Transcript()
        .open()
        .send('client', request('DELETE /photos', 'Prefer: processing'))
        .send(
          'server',
          head(
            'HTTP/1.1 102 Processing',
            'Location: /s',
            'Progress: 1/2',
            'Status-URI: 204 </photos/1>, 403 </photos/2>',
          ),
        )
        .send('server', head('HTTP/1.1 200 OK', 'Progress: 2/2', 'Content-Length: 0')).records,
    );
    expect(told(model)).toEqual([
      'DELETE /photos',
      '102 Processing 1/2',
      '204 No Content for /photos/1',
      '403 Forbidden for /photos/2',
      '200 OK',
      'Done.',
    ]);
  });
});
