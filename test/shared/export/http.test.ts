// A session as text: the wire's own bytes, in order, with remarks.

import { describe, expect, it } from 'vitest';
import { toHttp } from '../../../shared/export/http.ts';
import { play, PORT } from './scenario.ts';

async function text(budget?: number): Promise<string> {
  const { model, recorder } = play(undefined, budget);
  return toHttp(model, (...range) => recorder.bytes(...range));
}

describe('a session as message/http', () => {
  it('holds every message in the order in which their heads were known', async () => {
    const separators = (await text()).split('\r\n').filter((line) => line.startsWith('### '));
    expect(separators.map((line) => line.split(' · ')[1])).toEqual([
      'request POST /print?a=1&b=%C3%A9',
      'response 100',
      'request HEAD /job/1.req',
      'response 299',
      'request PATCH /job/1.req',
      'response 102',
      'response 102',
      'response 202',
      'request GET /job/1.job',
      'response 200',
      'request GET /job/1.res',
      'response 200',
      'request GET /binary',
      'response 200',
      'request GET /never',
      'response 200',
    ]);
    expect(separators[3]).toMatch(
      / · exchange 1 · connection 2 · 0\.\d{6} s · bytes 0–54 of the response stream$/,
    );
  });

  it('writes messages as they were on the wire, chunk lines and trailers included', async () => {
    const whole = await text();
    expect(whole).toContain(`GET /job/1.job HTTP/1.1\r\nHost: 127.0.0.1:${PORT}\r\n\r\n`);
    expect(whole).toContain(
      'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n\u0001world\r\n0\r\nX-Hash: 1\r\n\r\n',
    );
  });

  it('leaves out content that is no text, and says how much', async () => {
    expect(await text()).toContain(
      '\r\n\r\n#### 2 bytes of content that are no text; they are in the session.\r\n',
    );
  });

  it('says where a message was cut short', async () => {
    expect(await text()).toContain('\r\n\r\nonly this\r\n\r\n#### It was cut short here.\r\n');
  });

  it('says what was counted but not kept', async () => {
    expect(await text(500)).toMatch(/#### \d+ more bytes were counted, not kept\.\r\n/);
  });
});
