// One upload at several places (RFC 6249): begun, asked about and gone on with by any protocol, it is one operation.

import { describe, expect, it } from 'vitest';
import type { End } from '../../../shared/capture/records.ts';
import { Layer, OperationState } from '../../../shared/model/events.ts';
import { cut, head, modelOf, shapeOf, sized, told } from './told.ts';
import { Transcript } from './transcript.ts';

const { completed, running } = OperationState;

const CONTENT = '0123456789abcdefghijABCDEFGHIJ';
const DUPLICATES = 'Link: </job/1.req>; rel="duplicate", </resumable/1>; rel="duplicate"';

const vantages: readonly { readonly held: string; readonly ends: readonly End[] }[] = [
  { held: 'both ends', ends: ['client', 'server'] },
  { held: 'the client end', ends: ['client'] },
  { held: 'the server end', ends: ['server'] },
];

const tus = (line: string, ...fields: string[]): string =>
  head(`${line} HTTP/1.1`, 'Host: a', 'Tus-Resumable: 1.0.0', ...fields);
const begun = (ends: readonly End[], ...links: string[]): Transcript =>
  new Transcript(ends)
    .open()
    .send('client', tus('POST /tus', 'Content-Length: 0', `Upload-Length: ${CONTENT.length}`))
    .send(
      'server',
      head('HTTP/1.1 201 Created', 'Tus-Resumable: 1.0.0', 'Location: /tus/1', ...links, 'Content-Length: 0'),
    );

describe.each(vantages)('an upload with places for three protocols, seen from $held', ({ ends }) => {
  it('is begun by tus, gone on with at the IETF, finished by message/byterange: one operation, one map', () => {
    const whole = sized(
      CONTENT,
      'PATCH /tus/1 HTTP/1.1',
      'Host: a',
      'Tus-Resumable: 1.0.0',
      'Content-Type: application/offset+octet-stream',
      'Upload-Offset: 0',
    );
    const append = sized(
      CONTENT.slice(10, 20),
      'PATCH /resumable/1 HTTP/1.1',
      'Host: a',
      'Content-Type: application/partial-upload',
      'Upload-Offset: 10',
      'Upload-Complete: ?0',
    );
    const patch = sized(
      `Content-Range: bytes 20-29/30\r\n\r\n${CONTENT.slice(20)}`,
      'PATCH /job/1.req HTTP/1.1',
      'Host: a',
      'Content-Type: message/byterange',
    );
    const transcript = cut(begun(ends, DUPLICATES).send('client', whole.slice(0, -20)))
      .send('client', head('HEAD /resumable/1 HTTP/1.1', 'Host: a'))
      .send(
        'server',
        head(
          'HTTP/1.1 204 No Content',
          'Upload-Offset: 10',
          'Upload-Complete: ?0',
          'Upload-Length: 30',
          'Cache-Control: no-store',
          'Link: </job/1.req>; rel="duplicate", </tus/1>; rel="duplicate"',
        ),
      )
      .send('client', append)
      .send('server', head('HTTP/1.1 204 No Content', 'Upload-Complete: ?0'));
    cut(transcript.send('client', patch.slice(0, -30)))
      .send('client', head('HEAD /job/1.req HTTP/1.1', 'Host: a'))
      .send('server', head('HTTP/1.1 299 Incomplete Content', 'Content-Length: 20'));
    expect(shapeOf(modelOf(transcript.records))).toMatchObject([{ resumes: 1 }]);
    const model = modelOf(
      transcript.send('client', patch).send('server', head('HTTP/1.1 200 OK', 'Content-Length: 0')).records,
    );
    expect(shapeOf(model)).toEqual([
      {
        requests: ['POST 201', 'PATCH cut', 'HEAD 204', 'PATCH 204', 'PATCH cut', 'HEAD 299', 'PATCH 200'],
        resumes: 2,
        state: completed,
      },
    ]);
    const { upload, notes } = model.operations[0]!;
    expect(upload.lengthAt()).toBe(30);
    expect(upload.ranges(Layer.acknowledged)).toEqual([[0, 30]]);
    expect(upload.ranges(ends.includes('client') ? Layer.sent : Layer.received)).toEqual([[0, 30]]);
    expect(notes.length).toBe(0);
    expect(told(model).at(-1)).toBe(ends.includes('server') ? 'Done: all 30 bytes arrived.' : 'Done.');
  });

  it('is not done when it is looked at from outside, whatever the one who looked says of itself', () => {
    const model = modelOf(
      begun(ends, DUPLICATES)
        .send('client', head('HEAD /job/1.req HTTP/1.1', 'Host: a'))
        .send('server', head('HTTP/1.1 299 Incomplete Content', 'Content-Length: 0'))
        .step('complete', 'The server answered 299 Incomplete Content.').records,
    );
    expect(shapeOf(model)).toEqual([{ requests: ['POST 201', 'HEAD 299'], resumes: 0, state: running }]);
  });
});

describe('another place of an upload', () => {
  const look = (transcript: Transcript, target: string): Transcript =>
    transcript
      .send('client', head(`HEAD ${target} HTTP/1.1`, 'Host: a'))
      .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 0'));

  it.each([
    { what: 'a link of another relation', link: 'Link: </other>; rel="describedby"' },
    { what: 'a link that is about something else', link: 'Link: </other>; rel=duplicate; anchor="/x"' },
    { what: 'a link that cannot be read', link: 'Link: </other; rel=duplicate' },
    { what: 'a link of another scheme', link: 'Link: <ftp://a/other>; rel=duplicate' },
  ])('is not named by $what', ({ link }) => {
    expect(shapeOf(modelOf(look(begun(['client'], link), '/other').records))).toMatchObject([
      { requests: ['POST 201'] },
      { requests: ['HEAD 200'] },
    ]);
  });

  it('cannot be the place of an upload that goes on: each keeps its own', () => {
    const other = tus('POST /tus', 'Content-Length: 0', 'Upload-Length: 5');
    const model = modelOf(
      look(
        begun(['client'])
          .send('client', other)
          .send(
            'server',
            head(
              'HTTP/1.1 201 Created',
              'Tus-Resumable: 1.0.0',
              'Location: /tus/2',
              'Link: </tus/1>; rel=duplicate',
              'Content-Length: 0',
            ),
          ),
        '/tus/1',
      ).records,
    );
    expect(shapeOf(model)).toMatchObject([
      { requests: ['POST 201', 'HEAD 200'] },
      { requests: ['POST 201'] },
    ]);
  });
});
