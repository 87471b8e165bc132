// The test server of the engine, as its user keeps it: settings that stay, a restart at the same port, and resources that
// are made and deleted by requests like anybody's, so that the session shows them. Decides nothing about HTTP.

import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CommandArgs,
  type CommandResult,
  commands,
  type ServerSettings,
  type ServerState,
} from '../../shared/contract.ts';
import { createTestServer } from '../server/server.ts';
import { type TestServer, USUAL_SETTINGS } from '../server/types.ts';
import { type WireContext, WireError } from '../wire/types.ts';

interface ServerPanelOptions {
  readonly context: WireContext;
  readonly port: number | 'default';
  /** Where the settings are kept. */
  readonly dataDirectory: string;
  /** The state has changed. */
  readonly changed: () => void;
}

/** Carries out a request of the user's own, where it is seen. */
type Send = (args: CommandArgs<'send'>) => Promise<CommandResult<'send'>>;

const settingsShape = commands.serverSettings.args;

export class ServerPanel {
  readonly #options: ServerPanelOptions;
  /** Of the files and streams: outlives a server, and goes with the engine. */
  readonly #root: string;
  #settings: ServerSettings;
  #server!: TestServer;
  #restarting = false;

  /** Rejects as createTestServer does. */
  static async start(options: ServerPanelOptions): Promise<ServerPanel> {
    const root = await mkdtemp(join(tmpdir(), 'interim-server-'));
    const panel = new ServerPanel(options, root, await readSettings(options.dataDirectory));
    try {
      await panel.#open(options.port);
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      throw error;
    }
    return panel;
  }

  private constructor(options: ServerPanelOptions, root: string, settings: ServerSettings) {
    this.#options = options;
    this.#root = root;
    this.#settings = settings;
  }

  get server(): TestServer {
    return this.#server;
  }

  /** Holds from now on, and for the engines to come. */
  async set(settings: ServerSettings): Promise<void> {
    this.#settings = settings;
    this.#server.set(settings);
    const file = settingsFile(this.#options.dataDirectory);
    await writeFile(`${file}.new`, JSON.stringify(settings));
    await rename(`${file}.new`, file);
  }

  /**
   * Ends the server, with every connection to it, and starts another at its port.
   * @returns a sentence that tells what is left
   */
  async restart(): Promise<string> {
    if (this.#restarting) throw new Error('The server is being restarted already.');
    this.#restarting = true;
    try {
      const before = this.#server.state().resources;
      const { port } = this.#server;
      await this.#server.close();
      // Somebody else may have taken the port in this moment.
      const moved = await this.#open(port).then(
        () => false,
        async (error: unknown) => {
          if (!(error instanceof WireError) || error.code !== 'port-in-use') throw error;
          await this.#open('default');
          return true;
        },
      );
      this.#options.changed();
      const where = moved ? ` at ${this.#server.url}: its port was taken meanwhile` : '';
      return `The server was restarted${where}. ${whatIsLeft(before)}`;
    } finally {
      this.#restarting = false;
    }
  }

  /** Rejects with an Error that says why the server would not. */
  async create(args: CommandArgs<'serverCreate'>, send: Send): Promise<CommandResult<'serverCreate'>> {
    switch (args.kind) {
      case 'file': {
        const path = `/uploads/${args.name.split('/').map(encodeURIComponent).join('/')}`;
        const type = ['Content-Type', 'text/plain; charset=utf-8'] as [string, string];
        await this.#ask(send, { method: 'PUT', path, fields: [type], content: args.content });
        return { path };
      }
      case 'job': {
        const path = `/waiting/jobs?steps=${args.steps}&step=${args.stepMilliseconds}`;
        const { fields } = await this.#ask(send, { method: 'POST', path, fields: [], content: null });
        const location = fields.find(([name]) => name.toLowerCase() === 'location')?.[1];
        return { path: location ?? '/waiting/jobs' };
      }
    }
  }

  /** Rejects with an Error that says why the server would not. */
  async remove(path: string, send: Send): Promise<void> {
    // Every request of tus names its version; to others the field says nothing.
    const fields: [string, string][] = path.startsWith('/tus/') ? [['Tus-Resumable', '1.0.0']] : [];
    await this.#ask(send, { method: 'DELETE', path, fields, content: null });
  }

  async close(): Promise<void> {
    await this.#server.close();
    await rm(this.#root, { recursive: true, force: true });
  }

  async #open(port: number | 'default'): Promise<void> {
    const { context, changed } = this.#options;
    this.#server = await createTestServer({ context, port, root: this.#root, ...this.#settings });
    this.#server.changed = changed;
  }

  async #ask(send: Send, request: Request): Promise<NonNullable<CommandResult<'send'>['final']>> {
    const { method, path, fields, content } = request;
    const url = `${this.#server.url}${path}`;
    const { final, reason } = await send({ method, url, fields, content, strategy: 'plain' });
    if (final === null) throw new Error(`The server did not answer ${method} ${path}: ${reason}`);
    if (final.status >= 200 && final.status <= 299) return final;
    const said = Buffer.from(final.content, 'base64').toString('utf8').trim().split('\n', 1)[0] ?? '';
    throw new Error(`The server answered ${method} ${path} with ${final.status}: ${said.slice(0, 300)}`);
  }
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly fields: [string, string][];
  /** base64 */
  readonly content: string | null;
}

function settingsFile(dataDirectory: string): string {
  return join(dataDirectory, 'server.json');
}

/** Those that were kept; the usual ones where there are none, or they cannot be read: they are a matter of a minute. */
async function readSettings(dataDirectory: string): Promise<ServerSettings> {
  try {
    return settingsShape.parse(JSON.parse(await readFile(settingsFile(dataDirectory), 'utf8')));
  } catch {
    return USUAL_SETTINGS;
  }
}

/** What has become of what lived on the server, in a sentence. */
function whatIsLeft(before: ServerState['resources']): string {
  const onDisk = before.some(({ kind }) => kind === 'file' || kind === 'stream');
  const inMemory = before.some(({ kind }) => kind !== 'file' && kind !== 'stream');
  if (onDisk && inMemory)
    return 'Its files and streams live on; its uploads, jobs and responses are forgotten.';
  if (onDisk) return 'Its files and streams live on.';
  return inMemory ? 'Its uploads, jobs and responses are forgotten.' : 'There was nothing on it.';
}
