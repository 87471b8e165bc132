// The engine as the interface sees it, and the only file that knows where it lives: behind the preload script on the
// desktop, behind a WebSocket in a browser. Must never interpret what it carries.

import {
  type CommandName,
  type EngineCommands,
  type ExportFormat,
  type Push,
  commands,
} from '../shared/contract.ts';

/** `lost`: the engine cannot be reached now; commands fail until `connected` comes again (say hello again then). */
export type Link = 'connecting' | 'connected' | 'lost';

export interface Api {
  readonly kind: 'desktop' | 'browser';
  /** `darwin`, `win32`, `linux` … : which modifier key the user expects. */
  readonly platform: string;
  /** Each rejects with an Error whose message is one sentence for the user. */
  readonly commands: EngineCommands;
  onPush(callback: (push: Push) => void): void;
  onBatch(callback: (bytes: Uint8Array) => void): void;
  /** Called at once with the present state, then at each change. */
  onLink(callback: (link: Link) => void): void;
  /** Asks the user for a session and opens it. False: nobody chose one. */
  openDialog(): Promise<boolean>;
  /** Opens a file that was dropped or chosen. */
  openFile(file: File): Promise<boolean>;
  /** Where the engine finds a file that was dropped or chosen: content of a `send`. */
  handOver(file: File): Promise<string>;
  /** Saves the session where the user says. False: nobody said where. */
  save(): Promise<boolean>;
  exportAs(format: ExportFormat): Promise<boolean>;
}

/** What the preload script puts on the desktop's window. */
interface DesktopBridge extends EngineCommands {
  readonly kind: 'desktop';
  readonly platform: string;
  onPush(callback: (push: Push) => void): void;
  onBatch(callback: (bytes: Uint8Array) => void): void;
  pathOf(file: File): string;
}

declare global {
  interface Window {
    readonly interim?: DesktopBridge;
  }
}

/** Of a file that the user gave and that the browser cannot read: a folder, or one that was changed since. */
export function unreadable(name: string): string {
  return `${name} cannot be read: choose a file, not a folder, and choose it anew if it was changed since.`;
}

function isReadable(file: File): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

export function createApi(): Api {
  const bridge = window.interim;
  return bridge === undefined ? new BrowserApi() : desktopApi(bridge);
}

function desktopApi(bridge: DesktopBridge): Api {
  return {
    kind: 'desktop',
    platform: bridge.platform,
    commands: bridge,
    onPush: (callback) => bridge.onPush(callback),
    onBatch: (callback) => bridge.onBatch(callback),
    onLink: (callback) => callback('connected'),
    openDialog: () => bridge.openSession({ path: null }),
    openFile: (file) => bridge.openSession({ path: bridge.pathOf(file) }),
    handOver: (file) => Promise.resolve(bridge.pathOf(file)),
    save: () => bridge.saveSession({ path: null }),
    exportAs: (format) => bridge.exportSession({ as: format, path: null }),
  };
}

/** Milliseconds between attempts to reach an engine that has gone: doubles from the first to the last. */
const RETRY_FIRST = 500;
const RETRY_LAST = 5000;
/** An engine that was started again lets in only the page that it opens itself. */
const GONE = 'The engine has gone: start it again (npm start), and go on in the page that it opens.';
const BATCH_FRAME = 1;
const BYTES_FRAME = 2;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

class BrowserApi implements Api {
  readonly kind = 'browser';
  readonly platform = /mac/i.test(navigator.userAgent) ? 'darwin' : 'other';
  readonly commands: EngineCommands;
  readonly #token = document.querySelector<HTMLMetaElement>('meta[name="interim-token"]')?.content ?? '';
  readonly #waiting = new Map<number, Waiting>();
  #socket: WebSocket | null = null;
  #next = 1;
  #retry = RETRY_FIRST;
  #link: Link = 'connecting';
  #push: (push: Push) => void = () => undefined;
  #batch: (bytes: Uint8Array) => void = () => undefined;
  #linked: (link: Link) => void = () => undefined;

  constructor() {
    const made: Partial<Record<CommandName, (args: unknown) => Promise<unknown>>> = {};
    for (const name of Object.keys(commands) as CommandName[]) made[name] = (args) => this.#call(name, args);
    this.commands = made as EngineCommands;
    this.#connect();
  }

  onPush(callback: (push: Push) => void): void {
    this.#push = callback;
  }

  onBatch(callback: (bytes: Uint8Array) => void): void {
    this.#batch = callback;
  }

  onLink(callback: (link: Link) => void): void {
    this.#linked = callback;
    callback(this.#link);
  }

  openDialog(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const input = document.createElement('input');
      input.type = 'file';
      input.accept = '.pcapng,.pcap';
      input.hidden = true;
      // In the page until it has answered: one that nothing holds may be collected with the dialog still open.
      document.body.append(input);
      input.addEventListener('cancel', () => {
        input.remove();
        resolve(false);
      });
      input.addEventListener('change', () => {
        input.remove();
        const file = input.files?.[0];
        if (file === undefined) resolve(false);
        else this.openFile(file).then(resolve, reject);
      });
      input.click();
    });
  }

  async openFile(file: File): Promise<boolean> {
    return this.commands.openSession({ path: await this.handOver(file) });
  }

  async handOver(file: File): Promise<string> {
    const response = await fetch(`upload?${this.#query({ name: file.name })}`, {
      method: 'POST',
      body: file,
    }).catch(() => null);
    // Both fail alike: a file that cannot be read, and an engine that has gone.
    if (response === null) throw new Error((await isReadable(file)) ? GONE : unreadable(file.name));
    if (!response.ok)
      throw new Error((await response.text()).trim() || `${file.name} could not be handed over.`);
    const { path } = (await response.json()) as { path: string };
    return path;
  }

  save(): Promise<boolean> {
    return this.#download('pcapng');
  }

  exportAs(format: ExportFormat): Promise<boolean> {
    return this.#download(format);
  }

  #query(more: Record<string, string>): string {
    return new URLSearchParams({ ...more, token: this.#token }).toString();
  }

  /** The browser saves it where its user wants downloads to go. */
  #download(as: 'pcapng' | ExportFormat): Promise<boolean> {
    if (this.#link !== 'connected') return Promise.reject(new Error(GONE));
    const anchor = document.createElement('a');
    anchor.href = `download?${this.#query({ as })}`;
    anchor.download = '';
    anchor.click();
    return Promise.resolve(true);
  }

  #connect(): void {
    const url = new URL(`engine?${this.#query({})}`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      this.#retry = RETRY_FIRST;
      this.#socket = socket;
      this.#tell('connected');
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') this.#text(data);
      else this.#binary(new Uint8Array(data));
    });
    // A close follows every error: one place is enough.
    socket.addEventListener('close', () => {
      this.#socket = null;
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(GONE));
      this.#waiting.clear();
      this.#tell('lost');
      setTimeout(() => this.#connect(), this.#retry);
      this.#retry = Math.min(this.#retry * 2, RETRY_LAST);
    });
  }

  #tell(link: Link): void {
    if (link === this.#link) return;
    this.#link = link;
    this.#linked(link);
  }

  #call(command: CommandName, args: unknown): Promise<unknown> {
    const socket = this.#socket;
    if (socket === null) return Promise.reject(new Error(GONE));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, command, args }));
    });
  }

  #text(data: string): void {
    const frame = JSON.parse(data) as { id?: number; result?: unknown; error?: string } | Push;
    if ('push' in frame) {
      this.#push(frame);
      return;
    }
    const waiting = this.#take(frame.id ?? 0);
    if (frame.error === undefined) waiting?.resolve(frame.result ?? null);
    else waiting?.reject(new Error(frame.error));
  }

  #binary(data: Uint8Array): void {
    if (data[0] === BATCH_FRAME) {
      this.#batch(data.subarray(1));
      return;
    }
    if (data[0] !== BYTES_FRAME) return;
    const id = new DataView(data.buffer).getUint32(1, true);
    this.#take(id)?.resolve({ bytes: data.subarray(6), kept: data[5] === 1 });
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
