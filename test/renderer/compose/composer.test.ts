import { beforeEach, describe, expect, it } from 'vitest';
import { type Composer, type ComposerHost, createComposer } from '../../../renderer/compose/composer.ts';
import type { CommandArgs, CommandResult } from '../../../shared/contract.ts';

const SERVER = 'http://127.0.0.1:18080/';
const ANSWER = {
  status: 200,
  reason: 'OK',
  fields: [],
  content: '',
} satisfies CommandResult<'send'>['final'];

/** An engine that answers when it is told to, and remembers what it was asked. */
class Script implements ComposerHost {
  readonly asked: unknown[] = [];
  readonly said: string[] = [];
  text: string | null = null;
  server = SERVER;
  stopped = 0;
  settle: { resolve(value: unknown): void; reject(error: Error): void } | null = null;

  #asked<R>(args: unknown): Promise<R> {
    this.asked.push(args);
    return new Promise<R>((resolve, reject) => {
      this.settle = { resolve: resolve as (value: unknown) => void, reject };
    });
  }
  send(args: CommandArgs<'send'>): Promise<CommandResult<'send'>> {
    return this.#asked(args);
  }
  sendBatch(args: CommandArgs<'sendBatch'>): Promise<CommandResult<'sendBatch'>> {
    return this.#asked(args);
  }
  sendRaw(args: CommandArgs<'sendRaw'>): Promise<CommandResult<'sendRaw'>> {
    return this.#asked(args);
  }
  stop(): Promise<void> {
    this.stopped++;
    return Promise.resolve();
  }
  serverUrl(): string {
    return this.server;
  }
  mark() {
    return { epoch: 1, exchanges: 7, connections: 3 };
  }
  say(sentence: string): void {
    this.said.push(sentence);
  }
  kept(): string | null {
    return this.text;
  }
  keep(text: string): void {
    this.text = text;
  }
}

describe('the composer', () => {
  let script: Script;
  let composer: Composer;
  const state = () => composer.store.getState();
  const draft = () => state().draft;

  beforeEach(() => {
    script = new Script();
    composer = createComposer(script);
    composer.open();
  });

  it('begins with the test server, and keeps another address', () => {
    expect(draft().request).toMatchObject({ method: 'GET', url: `${SERVER}collection` });
    composer.setRequest({ url: 'https://example.org/' });
    composer.close();
    composer.open();
    expect(draft().request.url).toBe('https://example.org/');
  });

  it('finds its draft again when the page is loaded anew, at the server where it is then', () => {
    composer.setRequest({ method: 'PUT', fields: [['X', '1']] });
    const again = new Script();
    again.text = script.text;
    again.server = 'http://127.0.0.1:9';
    const other = createComposer(again);
    other.open();
    expect(other.store.getState().draft.request).toMatchObject({
      method: 'PUT',
      url: 'http://127.0.0.1:9/collection',
      fields: [['X', '1']],
    });
  });

  it('sends, tells the outcome, and remembers the address', async () => {
    const sending = composer.send();
    expect(state().sent).toMatchObject({ asked: [{ method: 'GET', target: '/collection' }], result: null });
    script.settle!.resolve({ outcome: 'completed', reason: 'The server answered 200 OK.', final: ANSWER });
    await sending;
    expect(state().sent?.result).toEqual({
      outcome: 'completed',
      reason: 'The server answered 200 OK.',
      answers: [ANSWER],
    });
    expect(script.said).toEqual(['The server answered 200 OK.']);
    expect(draft().recent).toEqual([`${SERVER}collection`]);
  });

  it('sends one thing at a time, and can be stopped', async () => {
    const sending = composer.send();
    await composer.send();
    expect(script.asked).toHaveLength(1);
    await composer.stop();
    expect(script.stopped).toBe(1);
    script.settle!.resolve({ outcome: 'failed', reason: 'It was stopped.', final: null });
    await sending;
    void composer.send();
    expect(script.asked).toHaveLength(2);
  });

  it('says what is wrong instead of sending it, and loses nothing', async () => {
    composer.setRequest({ method: 'GE T' });
    await composer.send();
    expect(script.asked).toEqual([]);
    expect(state().refused).toMatch(/token/);
    expect(state().pointed).toBe(1);
    composer.setRequest({ method: 'GET', body: { ...draft().request.body, kind: 'file' } });
    await composer.send();
    expect(state()).toMatchObject({ part: 'body', refused: 'Choose a file.', pointed: 2 });
    composer.setRequest({ method: 'GE T', body: { ...draft().request.body, kind: 'none' } });
    expect(draft().request.method).toBe('GE T');
    composer.setRequest({ method: 'GET' });
    expect(state().refused).toBeNull();
  });

  it('says why the engine refused, and keeps the answer of before', async () => {
    const first = composer.send();
    script.settle!.resolve({ outcome: 'completed', reason: 'Done.', final: ANSWER });
    await first;
    const { sent } = state();
    const second = composer.send();
    script.settle!.reject(new Error('8 requests are being sent already.'));
    await second;
    expect(state()).toMatchObject({ sent, refused: '8 requests are being sent already.' });
  });

  it('begins a batch with the request, and sends all in order', async () => {
    composer.setRequest({ url: `${SERVER}a?b`, fields: [['X', '1']] });
    composer.setMode('batch');
    composer.addRequest();
    composer.setRequest({ method: 'HEAD', url: '/b' });
    expect(draft().batch).toMatchObject({
      url: SERVER,
      chosen: 1,
      requests: [
        { method: 'GET', url: '/a?b', fields: [['X', '1']] },
        { method: 'HEAD', url: '/b', fields: [['X', '1']] },
      ],
    });
    const sending = composer.send();
    script.settle!.resolve({ outcome: 'failed', reason: 'The connection broke.', answers: [ANSWER, null] });
    await sending;
    expect(state().sent).toMatchObject({
      asked: [{ target: '/a?b' }, { target: '/b' }],
      result: { answers: [ANSWER, null] },
    });
  });

  it('shows the request of a batch that is wrong', async () => {
    composer.setMode('batch');
    composer.addRequest();
    composer.setRequest({ url: '' });
    composer.chooseRequest(0);
    await composer.send();
    expect(draft().batch.chosen).toBe(1);
    expect(state().refused).toMatch(/path/);
  });

  it('takes a request out of a batch, and brings it back', () => {
    composer.setMode('batch');
    composer.addRequest();
    composer.addRequest();
    composer.removeRequest(0);
    expect(draft().batch.requests).toHaveLength(2);
    expect(draft().batch.chosen).toBe(1);
    composer.bringBack();
    expect(draft().batch.requests).toHaveLength(3);
  });

  it('begins the bytes with the request, and sends them as they are', async () => {
    composer.setMode('raw');
    expect(draft().raw).toEqual({
      url: SERVER,
      text: 'GET /collection HTTP/1.1\nHost: 127.0.0.1:18080\n\n',
    });
    composer.setRaw({ text: 'GET /x HTTP/1.1\nHost: h\n\nGET /y HTTP/1.1\nHost: h\n\n' });
    const sending = composer.send();
    expect(state().sent?.asked).toEqual([
      { method: 'GET', target: '/x' },
      { method: 'GET', target: '/y' },
    ]);
    script.settle!.resolve({
      outcome: 'completed',
      reason: 'Both were answered.',
      responses: [ANSWER, ANSWER],
    });
    await sending;
    expect(state().sent?.result?.answers).toHaveLength(2);
    composer.takeRequest();
    expect(draft().raw.text).toMatch(/^GET \/collection/);
    composer.bringBack();
    expect(draft().raw.text).toMatch(/^GET \/x/);
  });

  it('composes from what was captured, and brings back what was there', () => {
    composer.setRequest({ fields: [['Mine', '1']] });
    composer.setCut({ on: true });
    composer.setStrategy('repeat');
    composer.close();
    const bytes = new TextEncoder().encode('PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi');
    composer.compose({ bytes, authority: '' });
    expect(state().isOpen).toBe(true);
    expect(draft().request).toMatchObject({ method: 'PUT', url: 'http://h/x', body: { text: 'hi' } });
    expect(script.said).toEqual(['Composed from PUT /x.']);
    expect(draft()).toMatchObject({ strategy: 'plain', cut: { on: false } });
    composer.bringBack();
    expect(draft()).toMatchObject({
      request: { fields: [['Mine', '1']] },
      strategy: 'repeat',
      cut: { on: true },
    });
    composer.compose({ bytes: new Uint8Array(0), authority: '' });
    expect(state().refused).toMatch(/not whole/);
  });
});
