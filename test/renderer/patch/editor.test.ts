import { beforeEach, describe, expect, it } from 'vitest';
import { createPatchEditor, type EditorHost, type PatchEditor } from '../../../renderer/patch/editor.ts';
import { erase, typeBytes } from '../../../renderer/patch/typing.ts';
import type { CommandArgs, CommandResult } from '../../../shared/contract.ts';
import { shown } from './cells.ts';

type SendArgs = CommandArgs<'send'>;
type SendResult = CommandResult<'send'>;
const URL = 'http://127.0.0.1:18080/uploads/example.bin';

function answer(status: number, fields: Record<string, string> = {}, content = ''): SendResult {
  return {
    outcome: status < 300 ? 'completed' : 'refused',
    reason: `The server answered ${status}.`,
    final: { status, reason: 'Some', fields: Object.entries(fields), content: btoa(content) },
  };
}

/** An engine that answers as it is told, in order, and remembers what it was asked. */
class Script implements EditorHost {
  readonly asked: SendArgs[] = [];
  readonly said: string[] = [];
  readonly answers: (SendResult | Error | Promise<SendResult>)[] = [];
  stopped = 0;

  send(args: SendArgs): Promise<SendResult> {
    this.asked.push(args);
    const next = this.answers.shift() ?? new Error('Nothing was prepared.');
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }
  stop(): Promise<void> {
    this.stopped++;
    return Promise.resolve();
  }
  server = 'http://127.0.0.1:18080/';
  serverUrl(): string {
    return this.server;
  }
  mark() {
    return { epoch: 1, exchanges: 7 };
  }
  say(sentence: string): void {
    this.said.push(sentence);
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the patch editor', () => {
  let script: Script;
  let editor: PatchEditor;
  const state = () => editor.store.getState();
  const bytes = () => shown(state().history.cells);
  const base = () => (state().base === null ? null : shown(state().base!.cells));
  const type = (text: string, at: number) => {
    const { history, caret } = state();
    const placed = { ...caret, at, anchor: at };
    editor.type(typeBytes({ history, caret: placed }, new TextEncoder().encode(text)));
  };
  const fieldsOf = (index: number) => Object.fromEntries(script.asked[index]!.fields);
  const loaded = async (content = 'abcdefgh', etag = '"1"') => {
    script.answers.push(answer(200, { ETag: etag, 'Content-Length': String(content.length) }, content));
    editor.load();
    await settled();
  };

  beforeEach(() => {
    script = new Script();
    editor = createPatchEditor(script);
    editor.open();
  });

  it('offers an address on the test server, and keeps another', () => {
    expect(state()).toMatchObject({ isOpen: true, address: URL, base: null });
    editor.setAddress('http://127.0.0.1:9/x');
    editor.close();
    editor.toggle();
    expect(state()).toMatchObject({ isOpen: true, address: 'http://127.0.0.1:9/x' });
  });

  it('opened before the server is known, finds its address once it is', () => {
    script = new Script();
    script.server = '';
    editor = createPatchEditor(script);
    editor.open();
    expect(state()).toMatchObject({ isOpen: true, address: '' });
    script.server = 'http://127.0.0.1:18080/';
    editor.settle();
    expect(state().address).toBe(URL);
    editor.setAddress('http://127.0.0.1:9/x');
    editor.settle();
    expect(state().address).toBe('http://127.0.0.1:9/x');
  });

  it('loads at most what it can hold', async () => {
    await loaded();
    expect(script.asked).toEqual([
      { method: 'GET', url: URL, fields: [['Range', 'bytes=0-1048575']], content: null, strategy: 'plain' },
    ]);
    expect(state()).toMatchObject({ phase: 'idle', status: '200 Some', problem: null });
    expect([bytes(), base()]).toEqual(['abcdefgh', 'abcdefgh']);
    expect(script.said).toEqual(['Loaded 8 bytes.']);
  });

  it('opens a file of the server, and does not load it twice', async () => {
    script.answers.push(answer(200, {}, 'abc'));
    editor.open(URL);
    await settled();
    editor.close();
    editor.open(URL);
    await settled();
    expect(script.asked).toHaveLength(1);
  });

  it.each(['', 'uploads/a', 'https://127.0.0.1/', 'ftp://a/'])('takes %j for no address', async (address) => {
    editor.setAddress(address);
    editor.load();
    editor.startNew(3);
    await settled();
    expect(script.asked).toEqual([]);
    expect(state().problem?.sentence).toMatch(/whole/);
  });

  it('offers to make what is not there, and makes it', async () => {
    script.answers.push(answer(404), answer(201, { ETag: '"1"' }));
    editor.load();
    await settled();
    expect(state()).toMatchObject({ base: null, problem: { mild: true, ways: ['new'] } });
    editor.startNew(3);
    expect(state()).toMatchObject({ base: { exists: false }, problem: null });
    type('abc', 0);
    await editor.send();
    expect(fieldsOf(1)).toMatchObject({ 'If-None-Match': '*', Host: '127.0.0.1:18080' });
    expect(state()).toMatchObject({ base: { exists: true, etag: '"1"' }, status: '201 Some', tab: 'answer' });
  });

  it('shows nothing of another address when a load fails, and keeps what is there of the same', async () => {
    await loaded();
    script.answers.push(answer(500), new Error('The engine has gone.'));
    editor.load();
    await settled();
    expect(state()).toMatchObject({ problem: { sentence: 'The server answered 500 Some.' } });
    expect(base()).toBe('abcdefgh');
    editor.setAddress('http://127.0.0.1:18080/other');
    editor.load();
    await settled();
    expect(state()).toMatchObject({ base: null, problem: { sentence: 'The engine has gone.' } });
  });

  it('asks before changes are thrown away', async () => {
    await loaded();
    type('X', 0);
    editor.setAddress('http://127.0.0.1:18080/other');
    editor.load();
    expect(state().asking).toEqual({ about: 'load' });
    editor.answer(false);
    expect([state().asking, bytes()]).toEqual([null, 'Xbcdefgh']);
    editor.startNew(2);
    expect(state().asking).toEqual({ about: 'new', length: 2 });
    editor.answer(true);
    expect(bytes()).toBe('\0\0');
    script.answers.push(answer(200, {}, 'other'));
    editor.load();
    editor.answer(true);
    await settled();
    expect(bytes()).toBe('other');
  });

  it('sends what differs, and what was sent is what is there then', async () => {
    await loaded();
    type('XY', 2);
    script.answers.push(answer(200, { ETag: '"2"' }));
    await editor.send();
    expect(script.asked[1]).toMatchObject({ method: 'PATCH', url: URL, strategy: 'repeat' });
    expect(fieldsOf(1)['If-Match']).toBe('"1"');
    expect(atob(script.asked[1]!.content as string)).toContain('Content-Range: bytes 2-3/8');
    expect(base()).toBe('abXYefgh');
    expect(state()).toMatchObject({
      base: { etag: '"2"' },
      mark: { exchanges: 7 },
      answers: [{ method: 'PATCH', what: 'bytes 2-3/8', state: 'done', status: '200 Some', etag: '"2"' }],
    });
    await editor.send();
    expect(script.asked).toHaveLength(2);
    expect(script.said.at(-1)).toBe('Nothing differs from what was loaded.');
  });

  it('sends several requests in turn, each on the condition of the answer before', async () => {
    await loaded();
    editor.setForm('segments');
    editor.set({ segment: 3 });
    script.answers.push(answer(200, { ETag: '"2"' }), answer(200), answer(200, { ETag: '"4"' }));
    await editor.send();
    expect([1, 2, 3].map((index) => fieldsOf(index)['If-Match'])).toEqual(['"1"', '"2"', undefined]);
    expect(state().answers.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(state().base?.etag).toBe('"4"');
    expect(script.said.at(-1)).toMatch(/in 3 requests/);
  });

  it('ends with the first request that is refused, and knows what the others have written', async () => {
    await loaded();
    type('X', 0);
    type('Y', 4);
    editor.setForm('message');
    editor.set({ closer: 1 });
    script.answers.push(answer(200, { ETag: '"2"' }), answer(412));
    await editor.send();
    expect(base()).toBe('Xbcdefgh');
    expect(state()).toMatchObject({
      phase: 'idle',
      base: { etag: '"2"' },
      problem: { ways: ['load'] },
      answers: [{ state: 'done' }, { state: 'failed', status: '412 Some' }],
    });
  });

  it('loads what somebody else made of it, and gives the own bytes back', async () => {
    await loaded();
    type('X', 0);
    script.answers.push(answer(412));
    await editor.send();
    await loaded('abcdefghij', '"2"');
    expect([bytes(), base()]).toEqual(['abcdefghij', 'abcdefghij']);
    editor.undo();
    expect(bytes()).toBe('Xbcdefgh');
    expect(state().base?.etag).toBe('"2"');
  });

  it('throws nothing away that was typed while it loads again', async () => {
    await loaded();
    let done: (result: SendResult) => void = () => undefined;
    script.answers.push(new Promise((resolve) => (done = resolve)));
    editor.load();
    type('X', 0);
    done(answer(200, { ETag: '"2"' }, 'abcdefgh'));
    await settled();
    expect(bytes()).toBe('abcdefgh');
    editor.undo();
    expect(bytes()).toBe('Xbcdefgh');
  });

  it('finds that it was its own request that had changed it', async () => {
    await loaded();
    type('X', 0);
    script.answers.push({ outcome: 'failed', reason: 'The connection broke.', final: null });
    await editor.send();
    expect(state().problem?.sentence).toMatch(/Nobody knows/);
    await loaded('Xbcdefgh', '"2"');
    expect(script.said.at(-1)).toBe('Loaded again: it holds exactly the bytes that are here.');
  });

  it('lets its user go on editing while it sends, and send nothing twice', async () => {
    await loaded();
    type('X', 0);
    let done: (result: SendResult) => void = () => undefined;
    script.answers.push(new Promise((resolve) => (done = resolve)));
    const sending = editor.send();
    expect(state().phase).toBe('sending');
    await editor.send();
    editor.load();
    editor.startNew(3);
    type('Y', 1);
    await editor.stop();
    done(answer(200, { ETag: '"2"' }));
    await sending;
    expect(script.asked).toHaveLength(2);
    expect([bytes(), base(), script.stopped]).toEqual(['XYcdefgh', 'Xbcdefgh', 1]);
  });

  it('says what could not be sent at all', async () => {
    await loaded();
    type('X', 0);
    script.answers.push(new Error('The engine has gone.'));
    await editor.send();
    expect(state()).toMatchObject({
      phase: 'idle',
      problem: { sentence: 'The engine has gone.' },
      answers: [{ state: 'failed', status: 'not sent' }],
    });
    editor.dismiss();
    expect(state().problem).toBeNull();
  });

  it('sends none of the bytes that are missing', async () => {
    script.answers.push(answer(299, { 'Content-Range': 'bytes 0-2/6', ETag: '"1"' }, 'abc'), answer(200));
    editor.load();
    await settled();
    expect([bytes(), script.said.at(-1)]).toEqual(['abc···', 'Loaded 6 bytes, of which 3 are missing.']);
    type('X', 5);
    await editor.send();
    expect(atob(script.asked[1]!.content as string)).toContain('bytes 5-5/6');
    expect(base()).toBe('abc··X');
  });

  it('goes back to what was loaded, and forth', async () => {
    await loaded();
    type('X', 0);
    editor.revert();
    expect(bytes()).toBe('abcdefgh');
    editor.undo();
    expect(bytes()).toBe('Xbcdefgh');
    editor.undo();
    editor.undo();
    expect(script.said.at(-1)).toBe('There is nothing to take back.');
    editor.redo();
    expect(bytes()).toBe('Xbcdefgh');
  });

  it('copies what is selected, if it is there', async () => {
    script.answers.push(answer(299, { 'Content-Range': 'bytes 0-2/6' }, 'abc'));
    editor.load();
    await settled();
    const select = (anchor: number, at: number) => editor.setCaret({ ...state().caret, anchor, at });
    expect(editor.copied()).toBeNull();
    select(1, 3);
    expect([...editor.copied()!]).toEqual([...new TextEncoder().encode('bc')]);
    select(1, 4);
    expect(editor.copied()).toBeNull();
    expect(script.said.at(-1)).toMatch(/missing/);
  });

  it('goes to an offset, to the end at most', async () => {
    await loaded();
    editor.goTo(5);
    expect(state().caret).toMatchObject({ at: 5, anchor: 5 });
    editor.goTo(99);
    expect(state()).toMatchObject({ caret: { at: 8 }, told: 'The end is at 8.' });
  });

  it('says what an edit did that is not seen', async () => {
    await loaded();
    editor.switchMode();
    type('X', 3);
    expect(state().told).toMatch(/1 byte inserted at 3/);
    editor.setCaret({ ...state().caret, at: 9, anchor: 9 });
    expect(state().told).toBe('');
    editor.type(erase({ history: state().history, caret: state().caret }, 'Backspace'));
    expect(script.said.at(-1)).toMatch(/taken away at the end/);
    expect(state().history.cells).toHaveLength(8);
  });
});
