import { describe, expect, it } from 'vitest';
import { Transcript } from '../transcript.ts';
import { expectTold, messagesOf, modelOf } from './messages-of.ts';

const GET = 'GET /job HTTP/1.1\r\nHost: a\r\n\r\n';

function answer(status: string, type: string, content: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
}

function chunked(status: string, type: string, ...chunks: string[]): string {
  const framed = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
  return `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n${framed}0\r\n\r\n`;
}

function told(response: string, request = GET): string[] {
  return messagesOf(
    modelOf(new Transcript().open().send('client', request).send('server', response).records),
  );
}

describe('blanks that come before the content', () => {
  it('are heartbeats, one a chunk, until the first byte that is none', () => {
    const response = chunked('202 Accepted', 'text/html', ' ', '  ', ' x', ' ', 'y');
    const at = response.indexOf('\r\n\r\n') + 4;
    expectTold((transcript) => transcript.open().send('client', GET).send('server', response), messagesOf, [
      `server heartbeat ${at + 3}–${at + 4} 1 space`,
      `server heartbeat ${at + 9}–${at + 11} 2 spaces`,
    ]);
  });

  it('are told as they come, and progress when the document is whole', () => {
    const response = chunked('202 Accepted', 'application/json', ' ', '{"progress":{"done":2,"total":2}}');
    const at = response.indexOf('\r\n\r\n') + 4;
    expectTold((transcript) => transcript.open().send('client', GET).send('server', response), messagesOf, [
      `server heartbeat ${at + 3}–${at + 4} 1 space`,
      'progress 2/2',
    ]);
  });

  it('are nothing where content is not chunked: there is no telling how they came', () => {
    expect(told(answer('200 OK', 'text/plain', '   x'))).toEqual([]);
  });
});

describe('progress in a JSON document', () => {
  const progress = '{"state":"running","progress":{"done":3,"total":10,"text":"Herding cats"}}';

  it('is that of its operation', () => {
    expectTold(
      (transcript) =>
        transcript
          .open()
          .send('client', GET)
          .send('server', answer('200 OK', 'application/json', progress)),
      messagesOf,
      ['progress 3/10 "Herding cats"'],
    );
  });

  it.each([
    { name: 'of another media type', response: answer('200 OK', 'text/plain', progress) },
    { name: 'in an error', response: answer('404 Not Found', 'application/json', progress) },
    {
      name: 'of a document that is cut short',
      response: answer('200 OK', 'application/json', progress).slice(0, -1),
    },
    {
      name: 'of a document larger than is held',
      response: answer('200 OK', 'application/json', `${progress.slice(0, -1)},"x":"${'x'.repeat(65_536)}"}`),
    },
    {
      name: 'of coded content',
      response: answer('200 OK', 'application/json\r\nContent-Encoding: br', progress),
    },
  ])('is not taken where it stands $name', ({ response }) => {
    expect(told(response)).toEqual([]);
  });

  it.each(['application/json; charset=utf-8', 'application/vnd.api+json', 'APPLICATION/JSON'])(
    'is taken out of %s',
    (type) => {
      expect(told(answer('200 OK', type, progress))).toEqual(['progress 3/10 "Herding cats"']);
    },
  );

  it('is told by the answer to a POST, and not by that to a PUT', () => {
    const json = answer('200 OK', 'application/json', progress);
    const send = (method: string): string => `${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`;
    expect(told(json, send('POST'))).toEqual(['progress 3/10 "Herding cats"']);
    expect(told(json, send('PUT'))).toEqual([]);
  });
});
