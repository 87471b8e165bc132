// Resumable uploads at the IETF and in tus: one operation each, placed in one coverage map, told in their own words.

import { describe, expect, it } from 'vitest';
import type { End } from '../../../shared/capture/records.ts';
import { Layer, OperationState } from '../../../shared/model/events.ts';
import type { Model } from '../../../shared/model/model.ts';
import { cut, head, modelOf, shapeOf, sized, told } from './told.ts';
import { Transcript } from './transcript.ts';

const { completed, failed, running, broken } = OperationState;
const HALF = '0123456789';
const REST = 'abcdefghij';

const vantages: readonly { readonly held: string; readonly ends: readonly End[] }[] = [
  { held: 'both ends', ends: ['client', 'server'] },
  { held: 'the client end', ends: ['client'] },
  { held: 'the server end', ends: ['server'] },
];

const linksOf = (model: Model): unknown => Array.from(model.exchanges, ({ resumes }) => resumes);

describe.each(vantages)('at the IETF, seen from $held', ({ ends }) => {
  const create = (last: string, content: string, length = content.length): string =>
    `${head(
      'POST /files HTTP/1.1',
      'Host: a',
      'Upload-Draft-Interop-Version: 8',
      `Upload-Complete: ${last}`,
      `Content-Length: ${length}`,
    )}${content}`;
  const append = (offset: number, last: string, content: string): string =>
    sized(
      content,
      'PATCH /uploads/1 HTTP/1.1',
      'Host: a',
      'Content-Type: application/partial-upload',
      `Upload-Offset: ${offset}`,
      `Upload-Complete: ${last}`,
    );
  const supported = (...fields: string[]): string =>
    head('HTTP/1.1 104 Upload Resumption Supported', 'Upload-Draft-Interop-Version: 8', ...fields);
  const begun = (): Transcript =>
    cut(
      new Transcript(ends)
        .open()
        .send('client', create('?1', '', 20))
        .send('server', supported('Location: /uploads/1', 'Upload-Limit: min-size=0'))
        .send('client', HALF)
        .send('server', supported('Upload-Offset: 4')),
    );
  const asked = (transcript: Transcript, offset: number): Transcript =>
    transcript
      .send('client', head('HEAD /uploads/1 HTTP/1.1', 'Host: a'))
      .send(
        'server',
        head(
          'HTTP/1.1 204 No Content',
          `Upload-Offset: ${offset}`,
          'Upload-Complete: ?0',
          'Upload-Length: 20',
          'Cache-Control: no-store',
        ),
      );

  it('an upload that was cut goes on where the server says', () => {
    const model = modelOf(
      asked(begun(), 10)
        .send('client', append(10, '?1', REST))
        .send('server', head('HTTP/1.1 200 OK', 'Upload-Complete: ?1', 'Content-Length: 0')).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST cut', 'HEAD 204', 'PATCH 200'], resumes: 1, state: completed },
    ]);
    expect(linksOf(model)).toEqual([null, 0, null]);
    const { upload } = model.operations[0]!;
    expect(upload.lengthAt()).toBe(20);
    expect(upload.ranges(Layer.acknowledged)).toEqual([[0, 20]]);
    expect(upload.ranges(ends.includes('client') ? Layer.sent : Layer.received)).toEqual([[0, 20]]);
    expect(upload.repeated(ends.includes('client') ? Layer.sent : Layer.received)).toEqual([]);
    expect(told(model)).toEqual([
      'POST /files begins to send 20 bytes',
      '104 Upload Resumption Supported tells where the upload lives: /uploads/1',
      '104 Upload Resumption Supported: 4 bytes stored',
      ...(ends.includes('server') ? [] : ['Connection lost: the server reset it (RST).']),
      'HEAD asks how many bytes arrived',
      '204 No Content: 10 arrived.',
      ends.includes('client') ? 'PATCH sends bytes 10–19' : 'PATCH sends what is missing',
      '200 OK',
      ends.includes('server') ? 'Done: all 20 bytes arrived.' : 'Done.',
    ]);
  });

  it('who only looked at an upload, and is done, has not completed it', () => {
    const looked = asked(begun(), 10).step('complete', 'The server answered 204 No Content.');
    const model = modelOf(
      looked
        .send('client', append(10, '?1', REST))
        .send('server', head('HTTP/1.1 200 OK', 'Upload-Complete: ?1', 'Content-Length: 0')).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST cut', 'HEAD 204', 'PATCH 200'], resumes: 1, state: completed },
    ]);
  });

  it('an upload in parts is done when the last one is, and no sooner', () => {
    const transcript = new Transcript(ends)
      .open()
      .send('client', create('?0', HALF))
      .send(
        'server',
        head('HTTP/1.1 201 Created', 'Location: /uploads/1', 'Upload-Complete: ?0', 'Content-Length: 0'),
      );
    const before = modelOf(transcript.records);
    expect(shapeOf(before)).toEqual([{ requests: ['POST 201'], resumes: 0, state: running }]);
    expect(before.operations[0]!.upload.lengthAt()).toBeNull();
    expect(told(before).at(-1)).toBe('201 Created: the upload lives at /uploads/1');
    const model = modelOf(
      transcript
        .send('client', append(10, '?0', REST))
        .send('server', head('HTTP/1.1 204 No Content', 'Upload-Complete: ?0'))
        .send('client', append(20, '?1', ''))
        .send('server', head('HTTP/1.1 200 OK', 'Upload-Complete: ?1', 'Content-Length: 0')).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST 201', 'PATCH 204', 'PATCH 200'], resumes: 0, state: completed },
    ]);
    expect(model.operations[0]!.upload.lengthAt()).toBe(20);
    expect(model.operations[0]!.upload.ranges(Layer.acknowledged)).toEqual([[0, 20]]);
    expect(told(model)).toContain('PATCH says that this was all');
  });

  it('a wrong offset is not the end: the server tells the right one', () => {
    const model = modelOf(
      begun()
        .send('client', append(8, '?1', 'x'.repeat(12)))
        .send(
          'server',
          head('HTTP/1.1 409 Conflict', 'Upload-Offset: 10', 'Upload-Complete: ?0', 'Content-Length: 0'),
        )
        .send('client', append(10, '?1', REST))
        .send('server', head('HTTP/1.1 200 OK', 'Upload-Complete: ?1', 'Content-Length: 0')).records,
    );
    expect(shapeOf(model)).toMatchObject([
      { requests: ['POST cut', 'PATCH 409', 'PATCH 200'], state: completed },
    ]);
    expect(model.operations[0]!.states.map(({ state }) => state)).not.toContain(failed);
    expect(told(model)).toContain('409 Conflict: 10 arrived, and no more');
  });

  it('an error of the server breaks it, and it goes on', () => {
    const transcript = new Transcript(ends)
      .open()
      .send('client', create('?1', HALF, 20))
      .send('server', supported('Location: /uploads/1'))
      .send('server', head('HTTP/1.1 500 Internal Server Error', 'Content-Length: 0'))
      .close('client', 'fin', 'client')
      .close('server', 'fin', 'client');
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([{ state: broken }]);
    const model = modelOf(
      asked(transcript.open(), 10)
        .send('client', append(10, '?1', REST))
        .send('server', head('HTTP/1.1 200 OK', 'Upload-Complete: ?1', 'Content-Length: 0')).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST 500', 'HEAD 204', 'PATCH 200'], resumes: 1, state: completed },
    ]);
  });

  it('a failure of what the upload was for is a failure', () => {
    const model = modelOf(
      asked(begun(), 10)
        .send('client', append(10, '?1', REST))
        .send(
          'server',
          head('HTTP/1.1 422 Unprocessable Content', 'Upload-Complete: ?1', 'Content-Length: 0'),
        ).records,
    );
    expect(shapeOf(model)).toMatchObject([{ state: failed }]);
  });

  it('who lost the last answer finds out that the upload is complete', () => {
    const model = modelOf(
      begun()
        .send('client', head('HEAD /uploads/1 HTTP/1.1', 'Host: a'))
        .send('server', head('HTTP/1.1 204 No Content', 'Upload-Offset: 20', 'Upload-Complete: ?1')).records,
    );
    expect(shapeOf(model)).toMatchObject([{ requests: ['POST cut', 'HEAD 204'], state: completed }]);
  });

  it('a DELETE gives it up', () => {
    const model = modelOf(
      begun()
        .send('client', head('DELETE /uploads/1 HTTP/1.1', 'Host: a'))
        .send('server', head('HTTP/1.1 204 No Content')).records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['POST cut', 'DELETE 204'], resumes: 0, state: failed }]);
    expect(told(model).slice(-3)).toEqual([
      'DELETE /uploads/1 gives the upload up',
      '204 No Content',
      'Given up',
    ]);
  });

  it('of interop version 3, Upload-Incomplete says the opposite', () => {
    const model = modelOf(
      new Transcript(ends)
        .open()
        .send('client', sized(HALF, 'POST /files HTTP/1.1', 'Host: a', 'Upload-Incomplete: ?1'))
        .send('server', head('HTTP/1.1 201 Created', 'Location: /uploads/1', 'Content-Length: 0'))
        .send(
          'client',
          sized(REST, 'PATCH /uploads/1 HTTP/1.1', 'Host: a', 'Upload-Offset: 10', 'Upload-Incomplete: ?0'),
        )
        .send('server', head('HTTP/1.1 200 OK', 'Upload-Incomplete: ?0', 'Content-Length: 0')).records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['POST 201', 'PATCH 200'], resumes: 0, state: completed }]);
    expect(model.operations[0]!.upload.lengthAt()).toBe(20);
    expect(model.operations[0]!.upload.ranges(Layer.acknowledged)).toEqual([[0, 20]]);
  });
});

describe.each(vantages)('in tus, seen from $held', ({ ends }) => {
  const request = (line: string, ...fields: string[]): string =>
    head(`${line} HTTP/1.1`, 'Host: a', 'Tus-Resumable: 1.0.0', ...fields);
  const patch = (offset: number, content: string, target = '/files/1', ...fields: string[]): string =>
    sized(
      content,
      `PATCH ${target} HTTP/1.1`,
      'Host: a',
      'Tus-Resumable: 1.0.0',
      'Content-Type: application/offset+octet-stream',
      `Upload-Offset: ${offset}`,
      ...fields,
    );
  const answer = (status: string, ...fields: string[]): string =>
    head(`HTTP/1.1 ${status}`, 'Tus-Resumable: 1.0.0', ...fields);
  const created = (transcript: Transcript, ...fields: string[]): Transcript =>
    transcript
      .open()
      .send('client', request('POST /files', 'Content-Length: 0', ...fields))
      .send('server', answer('201 Created', 'Location: /files/1', 'Content-Length: 0'));
  const begun = (): Transcript => created(new Transcript(ends), 'Upload-Length: 20');
  const asked = (transcript: Transcript, offset: number): Transcript =>
    transcript
      .send('client', request('HEAD /files/1'))
      .send(
        'server',
        answer('200 OK', `Upload-Offset: ${offset}`, 'Upload-Length: 20', 'Cache-Control: no-store'),
      );

  it('an upload is created, cut, asked for and completed: one operation, resumed once', () => {
    const whole = patch(0, `${HALF}${REST}`);
    const partly = whole.slice(0, -10);
    const model = modelOf(
      asked(cut(begun().send('client', partly)), 8)
        .send('client', patch(8, '89abcdefghij'))
        .send('server', answer('204 No Content', 'Upload-Offset: 20')).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST 201', 'PATCH cut', 'HEAD 200', 'PATCH 204'], resumes: 1, state: completed },
    ]);
    expect(linksOf(model)).toEqual([null, null, 1, null]);
    const { upload } = model.operations[0]!;
    const layer = ends.includes('client') ? Layer.sent : Layer.received;
    expect(upload.lengthAt()).toBe(20);
    expect(upload.ranges(Layer.acknowledged)).toEqual([[0, 20]]);
    expect(upload.repeated(layer)).toEqual([[8, 10]]);
    const story = told(model);
    expect(story.slice(0, 2)).toEqual([
      'POST /files announces 20 bytes',
      '201 Created: the upload lives at /files/1',
    ]);
    expect(story).toContain(
      ends.includes('client') ? '200 OK: 8 arrived. The last 2 must go again.' : '200 OK: 8 arrived.',
    );
  });

  it('an upload whose bytes came with its creation is done with it', () => {
    const content = `${HALF}${REST}`;
    const creation = sized(
      content,
      'POST /files HTTP/1.1',
      'Host: a',
      'Tus-Resumable: 1.0.0',
      'Upload-Length: 20',
      'Content-Type: application/offset+octet-stream',
    );
    const model = modelOf(
      new Transcript(ends)
        .open()
        .send('client', creation)
        .send('server', answer('201 Created', 'Location: /files/1', 'Upload-Offset: 20', 'Content-Length: 0'))
        .records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['POST 201'], resumes: 0, state: completed }]);
    expect(model.operations[0]!.upload.ranges(Layer.acknowledged)).toEqual([[0, 20]]);
  });

  it('a length that is told later is the whole all the same', () => {
    const transcript = created(new Transcript(ends), 'Upload-Defer-Length: 1')
      .send('client', patch(0, HALF))
      .send('server', answer('204 No Content', 'Upload-Offset: 10'));
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([{ state: running }]);
    const model = modelOf(
      transcript
        .send('client', patch(10, REST, '/files/1', 'Upload-Length: 20'))
        .send('server', answer('204 No Content', 'Upload-Offset: 20')).records,
    );
    expect(shapeOf(model)).toMatchObject([
      { requests: ['POST 201', 'PATCH 204', 'PATCH 204'], state: completed },
    ]);
    expect(model.operations[0]!.upload.lengthAt()).toBe(20);
  });

  it('a checksum that is not met is got over', () => {
    const model = modelOf(
      begun()
        .send('client', patch(0, HALF, '/files/1', 'Upload-Checksum: sha1 AAAA'))
        .send('server', answer('460 Checksum Mismatch', 'Content-Length: 0'))
        .send('client', patch(0, `${HALF}${REST}`))
        .send('server', answer('204 No Content', 'Upload-Offset: 20')).records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST 201', 'PATCH 460', 'PATCH 204'], resumes: 0, state: completed },
    ]);
    expect(model.operations[0]!.states.map(({ state }) => state)).not.toContain(failed);
  });

  it('a POST that means PATCH is one', () => {
    const override = sized(
      `${HALF}${REST}`,
      'POST /files/1 HTTP/1.1',
      'Host: a',
      'Tus-Resumable: 1.0.0',
      'X-HTTP-Method-Override: PATCH',
      'Content-Type: application/offset+octet-stream',
      'Upload-Offset: 0',
    );
    const model = modelOf(
      begun().send('client', override).send('server', answer('204 No Content', 'Upload-Offset: 20')).records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['POST 201', 'POST 204'], resumes: 0, state: completed }]);
  });

  it('an upload that was begun before anything was recorded is one operation', () => {
    const model = modelOf(
      asked(new Transcript(ends).open(), 10)
        .send('client', patch(10, REST))
        .send('server', answer('204 No Content', 'Upload-Offset: 20')).records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['HEAD 200', 'PATCH 204'], resumes: 0, state: completed }]);
    expect(model.operations[0]!.upload.ranges(Layer.acknowledged)).toEqual([[0, 20]]);
  });

  it('an upload that is put together out of others has their bytes', () => {
    const part = (number: number, content: string, transcript: Transcript): Transcript =>
      transcript
        .send(
          'client',
          request(
            'POST /files',
            'Content-Length: 0',
            'Upload-Concat: partial',
            `Upload-Length: ${content.length}`,
          ),
        )
        .send('server', answer('201 Created', `Location: /files/${number}`, 'Content-Length: 0'))
        .send('client', patch(0, content, `/files/${number}`))
        .send('server', answer('204 No Content', `Upload-Offset: ${content.length}`));
    const model = modelOf(
      part(2, REST, part(1, HALF, new Transcript(ends).open()))
        .send(
          'client',
          request('POST /files', 'Content-Length: 0', 'Upload-Concat: final;/files/1 http://a/files/2'),
        )
        .send('server', answer('201 Created', 'Location: /files/3', 'Content-Length: 0'))
        .send('client', request('HEAD /files/3'))
        .send('server', answer('200 OK', 'Upload-Offset: 20', 'Upload-Length: 20', 'Cache-Control: no-store'))
        .records,
    );
    expect(shapeOf(model)).toEqual([
      { requests: ['POST 201', 'PATCH 204'], resumes: 0, state: completed },
      { requests: ['POST 201', 'PATCH 204'], resumes: 0, state: completed },
      { requests: ['POST 201', 'HEAD 200'], resumes: 0, state: completed },
    ]);
    const { upload } = model.operations[2]!;
    expect(upload.lengthAt()).toBe(20);
    expect(upload.ranges(Layer.acknowledged)).toEqual([[0, 20]]);
    expect(model.operations[2]!.notes.length).toBe(0);
  });
});
