// A 200 that came too early, as a plain client sees it, and what the server has in the end.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { message, type Running, running } from './harness.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Asks what became of the thing that an answer named. */
async function stored({ ask }: Running, path: string | undefined): Promise<string> {
  const { status, body } = await ask(message(`GET ${path}`));
  return `${status} ${body.trim()}`;
}

describe('/early', () => {
  it('says 200 before any content, takes in the content, and goes on with the connection', async () => {
    const lab = await running();
    const raw = await lab.client();
    raw.send(message('POST /early?when=before-content', ['Content-Length: 6']));
    const early = await raw.final();
    expect(early).toMatchObject({ status: 200, body: 'It is stored.\r\n' });
    expect(early.fields.get('connection')).toBeUndefined();
    raw.send('sto');
    raw.send('red');
    raw.send(message(`GET ${early.fields.get('content-location')}`));
    const { status, body } = await raw.final();
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({
      status: 200,
      body: { length: 6, sha256: hash('stored') },
    });
  });

  it('loses what there is no room for, after the 200', async () => {
    const lab = await running();
    const raw = await lab.client();
    raw.send(message('POST /early?when=before-content&room=3', ['Content-Length: 6']));
    const early = await raw.final();
    expect(early.status).toBe(200);
    raw.send('stored');
    expect(await stored(lab, early.fields.get('content-location'))).toBe(
      '404 Nothing is stored here: there is room for 3 bytes only.',
    );
  });

  it('loses what was cut off, after the 200', async () => {
    const lab = await running();
    const raw = await lab.client();
    raw.send(message('POST /early?when=before-content', ['Content-Length: 6']));
    const early = await raw.final();
    await raw.flushed('sto');
    raw.socket.end();
    expect(await raw.ended).toBe('fin');
    expect(await stored(lab, early.fields.get('content-location'))).toBe(
      '404 Nothing is stored here: the connection broke after 3 bytes.',
    );
  });

  it('says 200 before the work, which fails behind it; whoever asks waits until that is known', async () => {
    const lab = await running();
    const early = await lab.ask(
      message('POST /early?when=before-work&work=500&room=3', ['Content-Length: 6'], 'stored'),
    );
    expect(early.status).toBe(200);
    const raw = await lab.client();
    await raw.flushed(message(`GET ${early.fields.get('content-location')}`));
    const answer = raw.final();
    // The server has the question when it has answered one that came later on another connection.
    await lab.ask(message('GET /'));
    expect(raw.unread).toBe('');
    lab.clock.advance(500);
    expect(await answer).toMatchObject({
      status: 404,
      body: 'Nothing is stored here: there is room for 3 bytes only.\r\n',
    });
  });

  it.each([
    [6, 200, 'It is stored.\r\n'],
    [3, 507, 'It could not be stored: there is room for 3 bytes only.\r\n'],
  ])('says what is true where it waits for the work: room for %i', async (room, status, body) => {
    const lab = await running();
    const raw = await lab.client();
    raw.send(message(`POST /early?work=500&room=${room}`, ['Content-Length: 6'], 'stored'));
    const answer = raw.final();
    while (lab.clock.pending < 2) await lab.ask(message('GET /'));
    lab.clock.advance(500);
    expect(await answer).toMatchObject({ status, body });
  });

  it('asks for the content that a client holds back', async () => {
    const lab = await running();
    const raw = await lab.client();
    raw.send(message('POST /early', ['Content-Length: 6', 'Expect: 100-continue']));
    expect(await raw.next()).toMatchObject({ status: 100 });
    raw.send('stored');
    expect(await raw.final()).toMatchObject({ status: 200 });
  });

  it('gives up its work with the server', async () => {
    const lab = await running();
    await lab.ask(message('POST /early?when=before-work&work=500', ['Content-Length: 1'], 'x'));
    await lab.server.close();
    expect(lab.clock.pending).toBe(0);
  });

  it.each([
    ['POST /early?when=later', ['Content-Length: 1'], 400, /when must be one of/],
    ['POST /early', [], 411, /Send some content/],
    ['POST /early', ['Content-Length: 1', 'Expect: tea'], 417, /100-continue/],
    ['GET /early/1', [], 404, /POST to \/early makes one/],
    ['GET /early', [], 405, /only POST/],
  ])('refuses %s with %j', async (line, fields, status, sentence) => {
    const { ask } = await running();
    expect(await ask(message(line, fields))).toMatchObject({ status, body: expect.stringMatching(sentence) });
  });
});
