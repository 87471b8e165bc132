// HAR 1.2 of a session: valid for others, honest about what did not come to its end.

import { createRequire } from 'node:module';
import { Ajv, type AnySchema } from 'ajv';
import addFormats from 'ajv-formats';
import draft6 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import type { Entry, Har } from 'har-format';
import { describe, expect, it } from 'vitest';
import { type HarAbort, type HarInterimResponse, toHar } from '../../../shared/export/har.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { play, PORT } from './scenario.ts';

// It has no types of its own.
const schemas = createRequire(import.meta.url)('har-schema') as Record<string, AnySchema>;

const info = { startedAt: 1_794_000_000_000, title: 'Cut and resumed' };

async function scenario(budget?: number): Promise<Har> {
  const { model, recorder } = play(undefined, budget);
  return toHar(model, (...range) => recorder.bytes(...range), info);
}

function validate(har: Har): string {
  const ajv = new Ajv({ strict: false });
  ajv.addMetaSchema(draft6);
  addFormats.default(ajv);
  for (const schema of Object.values(schemas)) ajv.addSchema(schema);
  // Through JSON, as it is written.
  return ajv.validate('har.json#', JSON.parse(JSON.stringify(har))) ? '' : ajv.errorsText();
}

const find = (har: Har, method: string, path: string): Entry => {
  const entry = har.log.entries.find(
    ({ request }) => request.method === method && request.url.endsWith(path),
  );
  if (entry === undefined)
    throw new Error(`no ${method} ${path} in ${har.log.entries.map((e) => e.request.url).join()}`);
  return entry;
};

describe('a session as HAR', () => {
  it('is valid HAR 1.2, with one entry an exchange in their order', async () => {
    const har = await scenario();
    expect(validate(har)).toBe('');
    expect(har.log.version).toBe('1.2');
    expect(har.log.creator.name).toBe('Interim');
    expect(har.log.entries.map(({ request, response }) => [request.method, response.status])).toEqual([
      ['POST', 0],
      ['HEAD', 299],
      ['PATCH', 202],
      ['GET', 200],
      ['GET', 200],
      ['GET', 200],
      ['GET', 200],
    ]);
  });

  it('is valid for a session without exchanges', async () => {
    const har = await toHar(
      new Model(new EventTable()),
      () => Promise.reject(new Error('nothing to read')),
      info,
    );
    expect(validate(har)).toBe('');
    expect(har.log.entries).toEqual([]);
  });

  it('tells a request as it was sent', async () => {
    const { request, serverIPAddress, connection, startedDateTime } = find(
      await scenario(),
      'POST',
      '%C3%A9',
    );
    expect(request).toMatchObject({
      url: `http://127.0.0.1:${PORT}/print?a=1&b=%C3%A9`,
      httpVersion: 'HTTP/1.1',
      queryString: [
        { name: 'a', value: '1' },
        { name: 'b', value: 'é' },
      ],
      cookies: [
        { name: 'id', value: '7' },
        { name: 'theme', value: 'dark' },
      ],
      comment: 'Cut short.',
    });
    expect(request.headers[1]).toEqual({ name: 'Content-Type', value: 'text/plain' });
    expect([serverIPAddress, connection]).toEqual(['127.0.0.1', '1']);
    expect(startedDateTime.startsWith('2026-11-')).toBe(true);
  });

  it('tells every interim response with its fields and its time', async () => {
    const har = await scenario();
    const interim = find(har, 'PATCH', '1.req')._interimResponses as HarInterimResponse[];
    expect(interim.map(({ status, headers }) => [status, headers[0]])).toEqual([
      [102, { name: 'Progress', value: '0/3 "Herding cats"' }],
      [102, { name: 'Progress', value: '1/3 "Knitting sweaters"' }],
    ]);
    expect(interim[1]!.time).toBeGreaterThan(interim[0]!.time);
    const [only] = find(har, 'POST', '%C3%A9')._interimResponses as HarInterimResponse[];
    expect(only).toMatchObject({ status: 100, statusText: 'Continue' });
  });

  it('tells where and by whom an exchange was cut, and what mends it', async () => {
    const har = await scenario();
    const post = find(har, 'POST', '%C3%A9');
    const abort = post._abort as HarAbort;
    expect(abort).toMatchObject({ how: 'rst', by: 'fault', stream: 'request', content: 4 });
    expect(abort.at).toBe(post.request.headersSize + 4);
    expect(post.response).toMatchObject({ status: 0, comment: 'There was no final response.', headers: [] });
    expect(find(har, 'HEAD', '1.req')._operation).toMatchObject({ id: 0, resumes: 0 });
    expect(find(har, 'PATCH', '1.req')._abort).toBe(undefined);
  });

  it('says that a response with a status was still cut short', async () => {
    const { response, _abort } = find(await scenario(), 'GET', '/never');
    expect(response).toMatchObject({ status: 200, bodySize: 9, comment: 'Cut short.' });
    expect(response.content).toMatchObject({ size: 9, text: 'only this' });
    expect(_abort).toMatchObject({ stream: 'response' });
  });

  it('decodes chunks, keeps them visible, and writes what is no text as Base64', async () => {
    const { response, _chunks } = find(await scenario(), 'GET', '1.job');
    expect(response.content.size).toBe(11);
    expect(response.content.text).toBe('hello\u0001world');
    expect(_chunks?.map(({ bytes }) => bytes)).toEqual([5, 6, 0]);
    const { response: document } = find(await scenario(), 'GET', '1.res');
    expect(document.content).toMatchObject({ mimeType: 'message/http', size: 63 });
    const binary = find(await scenario(), 'GET', '/binary').response.content;
    expect(binary).toEqual({ size: 2, mimeType: 'text/plain', text: 'AAE=', encoding: 'base64' });
  });

  it('gives times that add up', async () => {
    for (const { time, timings } of (await scenario()).log.entries) {
      const { send, wait, receive } = timings;
      expect([send! >= 0, wait >= 0, receive! >= 0]).toEqual([true, true, true]);
      expect(time).toBeCloseTo(send! + wait + receive!, 9);
    }
  });

  it('says what was counted but not kept, and stays valid', async () => {
    const har = await scenario(500);
    expect(validate(har)).toBe('');
    const { response } = find(har, 'GET', '1.res');
    expect(response.status).toBe(200);
    expect(response.comment).toBe('Its head is not in the session: counted, not kept.');
    expect(response.content).toEqual({ size: 0, mimeType: '' });
  });
});
