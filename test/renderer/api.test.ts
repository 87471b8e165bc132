import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Api, createApi, type Link } from '../../renderer/api.ts';

/** A socket whose other end is the test. */
class FakeSocket extends EventTarget {
  static readonly made: FakeSocket[] = [];
  readonly sent: { id: number; command: string; args: unknown }[] = [];
  binaryType = '';
  readonly url: string;

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    FakeSocket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as (typeof this.sent)[number]);
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  drop(): void {
    this.dispatchEvent(new Event('close'));
  }

  receive(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  answer(frame: object): void {
    this.receive(JSON.stringify(frame));
  }
}

const fetched: { url: string; init: RequestInit | undefined }[] = [];
const clicked: string[] = [];
let reply: () => Promise<Response>;

beforeEach(() => {
  FakeSocket.made.length = 0;
  fetched.length = 0;
  clicked.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal('window', {});
  vi.stubGlobal('navigator', { userAgent: 'X11; Linux' });
  vi.stubGlobal('location', { href: 'http://127.0.0.1:9000/' });
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    fetched.push({ url, init });
    return reply();
  });
  vi.stubGlobal('document', {
    querySelector: () => ({ content: 'to ken' }),
    createElement: () => {
      const anchor = { href: '', download: '', click: () => void clicked.push(anchor.href) };
      return anchor;
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function connected(): { api: Api; socket: FakeSocket; links: Link[] } {
  const api = createApi();
  const links: Link[] = [];
  api.onLink((link) => links.push(link));
  const socket = FakeSocket.made[0]!;
  socket.open();
  return { api, socket, links };
}

describe('the engine behind a WebSocket', () => {
  it('is reached beside the page, with the token of the page', () => {
    connected();
    expect(FakeSocket.made[0]!.url).toBe('ws://127.0.0.1:9000/engine?token=to+ken');
  });

  it('answers commands in any order', async () => {
    const { api, socket } = connected();
    const stop = api.commands.stop({});
    const open = api.commands.openSession({ path: '/a' });
    const [first, second] = socket.sent;
    expect(first).toMatchObject({ command: 'stop', args: {} });
    expect(second).toMatchObject({ command: 'openSession', args: { path: '/a' } });
    socket.answer({ id: second!.id, result: true });
    socket.answer({ id: first!.id, result: null });
    expect(await open).toBe(true);
    expect(await stop).toBeNull();
  });

  it('refuses with its own sentence', async () => {
    const { api, socket } = connected();
    const run = api.commands.run({ experiment: 'x', parameters: {}, cuts: [] });
    socket.answer({ id: socket.sent[0]!.id, error: 'There is no experiment “x”.' });
    await expect(run).rejects.toThrow('There is no experiment “x”.');
  });

  it('pushes words as text and batches as bytes', () => {
    const { api, socket } = connected();
    const pushes: unknown[] = [];
    const batches: Uint8Array[] = [];
    api.onPush((push) => pushes.push(push));
    api.onBatch((bytes) => batches.push(bytes));
    socket.answer({ push: 'problem', message: 'The disk is full.' });
    socket.receive(Uint8Array.of(1, 7, 8, 9).buffer);
    expect(pushes).toEqual([{ push: 'problem', message: 'The disk is full.' }]);
    expect(batches.map((bytes) => [...bytes])).toEqual([[7, 8, 9]]);
  });

  it.each([
    [1, true],
    [0, false],
  ])('gives captured bytes, and says with %d whether they were kept', async (flag, kept) => {
    const { api, socket } = connected();
    const asked = api.commands.bytes({ connection: 1, stream: 'request', start: 0, end: 3 });
    const frame = new Uint8Array(9);
    frame.set([2]);
    new DataView(frame.buffer).setUint32(1, socket.sent[0]!.id, true);
    frame.set([flag, 65, 66, 67], 5);
    socket.receive(frame.buffer);
    const answer = await asked;
    expect([...answer.bytes]).toEqual([65, 66, 67]);
    expect(answer.kept).toBe(kept);
  });

  it('ignores frames that nobody waits for', () => {
    const { socket } = connected();
    socket.answer({ id: 99, result: 1 });
    socket.receive(Uint8Array.of(9, 1, 2).buffer);
    expect(socket.sent).toEqual([]);
  });

  it('ends what waits when it goes, says what to do, and is found again when it is back', async () => {
    const { api, socket, links } = connected();
    const run = api.commands.stop({});
    socket.drop();
    await expect(run).rejects.toThrow(/start it again/);
    await expect(api.commands.stop({})).rejects.toThrow(/start it again/);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.made.length).toBe(2);
    FakeSocket.made[1]!.open();
    expect(links).toEqual(['connecting', 'connected', 'lost', 'connected']);
  });

  it('is looked for less and less often, but always', () => {
    connected().socket.drop();
    const waits: number[] = [];
    for (let attempt = 1; attempt < 8; attempt++) {
      let waited = 0;
      while (FakeSocket.made.length === attempt) {
        vi.advanceTimersByTime(100);
        waited += 100;
      }
      waits.push(waited);
      FakeSocket.made.at(-1)!.drop();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  it('takes a file by upload and opens what came of it', async () => {
    const { api, socket } = connected();
    reply = () => Promise.resolve(Response.json({ path: '/up/a.pcapng' }));
    const file = new File(['x'], 'a b.pcapng');
    const opened = api.openFile(file);
    await vi.waitFor(() => expect(socket.sent.length).toBe(1), 60_000);
    expect(fetched[0]!.url).toBe('upload?name=a+b.pcapng&token=to+ken');
    expect(fetched[0]!.init).toMatchObject({ method: 'POST', body: file });
    expect(socket.sent[0]).toMatchObject({ command: 'openSession', args: { path: '/up/a.pcapng' } });
    socket.answer({ id: socket.sent[0]!.id, result: true });
    expect(await opened).toBe(true);
  });

  it.each([
    [
      'in the words of the host',
      () => Promise.resolve(new Response('Too large.\n', { status: 413 })),
      'Too large.',
    ],
    [
      'by name without words',
      () => Promise.resolve(new Response('', { status: 500 })),
      'a.pcapng could not be handed over.',
    ],
    ['as gone', () => Promise.reject(new TypeError('network')), 'start it again'],
  ])('says %s that an upload failed', async (_how, answer, message) => {
    const { api } = connected();
    reply = answer;
    await expect(api.openFile(new File([], 'a.pcapng'))).rejects.toThrow(message);
  });

  it('says of what cannot be read that it cannot, not that the engine has gone', async () => {
    const { api } = connected();
    reply = () => Promise.reject(new TypeError('network'));
    const folder = new File(['x'], 'folder');
    vi.spyOn(folder, 'slice').mockReturnValue({
      arrayBuffer: () => Promise.reject(new DOMException('No such file', 'NotFoundError')),
    } as unknown as Blob);
    await expect(api.openFile(folder)).rejects.toThrow(/^folder cannot be read: choose a file/);
  });

  it('saves and exports by download', async () => {
    const { api, socket } = connected();
    expect(await api.save()).toBe(true);
    expect(await api.exportAs('har')).toBe(true);
    expect(clicked).toEqual(['download?as=pcapng&token=to+ken', 'download?as=har&token=to+ken']);
    socket.drop();
    await expect(api.save()).rejects.toThrow(/start it again/);
  });
});

describe('the engine behind the preload script', () => {
  it('is called by name, and opens dropped files by their path', async () => {
    const opened: unknown[] = [];
    const nothing = () => Promise.resolve(null);
    vi.stubGlobal('window', {
      interim: {
        kind: 'desktop',
        platform: 'darwin',
        stop: nothing,
        openSession: (args: unknown) => {
          opened.push(args);
          return Promise.resolve(true);
        },
        saveSession: (args: unknown) => {
          opened.push(args);
          return Promise.resolve(false);
        },
        onPush: () => undefined,
        onBatch: () => undefined,
        pathOf: (file: File) => `/home/${file.name}`,
      },
    });
    const api = createApi();
    const links: Link[] = [];
    api.onLink((link) => links.push(link));
    expect([api.kind, api.platform, links]).toEqual(['desktop', 'darwin', ['connected']]);
    expect(await api.openFile(new File([], 'a.pcapng'))).toBe(true);
    expect(await api.openDialog()).toBe(true);
    expect(await api.save()).toBe(false);
    expect(opened).toEqual([{ path: '/home/a.pcapng' }, { path: null }, { path: null }]);
    expect(FakeSocket.made).toEqual([]);
  });
});
