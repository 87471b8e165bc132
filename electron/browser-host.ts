// The interface in a local browser: serves the built page, the WebSocket behind it, uploads and downloads. Listens on
// the loopback address only and answers only the browser that was opened with the printed one-time URL.

import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { type Asset, listAssets, securityHeaders } from './assets.ts';
import { sentenceOf } from './boundary.ts';
import { Access, REFUSED } from './browser-host/access.ts';
import { FRAME_LIMIT, serveSocket } from './browser-host/socket.ts';
import { exportFormat } from '../shared/contract.ts';
import type { Engine, SaveFormat } from './engine-types.ts';
import { PathGate } from './path-gate.ts';

/** Tabs of one session at once. */
const SOCKETS = 16;
/** Bytes of an uploaded session. */
const UPLOAD_LIMIT = 8 * 1024 ** 3;
const NAME_LIMIT = 255;
const FORMATS: readonly SaveFormat[] = ['pcapng', ...exportFormat.options];

export interface BrowserHostOptions {
  readonly engine: Engine;
  /** 0, and without one: any. */
  readonly port?: number;
  /** The built interface: the folder of index.html. */
  readonly rendererDirectory: string;
  /** Bytes of an uploaded session at most; 8 GiB by default. */
  readonly uploadLimit?: number;
}

export interface BrowserHost {
  /** To open in a browser, once. */
  readonly url: string;
  /** Ends every connection. The engine is its owner's to close. */
  close(): Promise<void>;
}

/** Starts serving. Rejects with an Error whose message is for the user: a busy port, no built interface. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const assets = await listAssets(options.rendererDirectory);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, options.port)));
    server.listen({ host: '127.0.0.1', port: options.port ?? 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = new Host(options, assets, new Access(port));
  server.on('request', (request, response) => void host.request(request, response));
  server.on('upgrade', (request, socket, head) => host.upgrade(request, socket, head));
  return {
    url: `http://127.0.0.1:${port}/?token=${host.access.oneTimeToken}`,
    close: () =>
      new Promise((resolve) => {
        host.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listenError(error: NodeJS.ErrnoException, port: number | undefined): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} is in use: choose another with --port, or leave it out.`);
  if (error.code === 'EACCES') return new Error(`Port ${port} may not be used: choose one above 1023.`);
  return new Error(`The interface cannot be served: ${error.message}.`);
}

class Host {
  readonly access: Access;
  readonly #engine: Engine;
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #uploadLimit: number;
  readonly #gate = new PathGate();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMIT,
    perMessageDeflate: false,
  });

  constructor(options: BrowserHostOptions, assets: ReadonlyMap<string, Asset>, access: Access) {
    this.access = access;
    this.#engine = options.engine;
    this.#assets = assets;
    this.#uploadLimit = options.uploadLimit ?? UPLOAD_LIMIT;
    this.#sockets.on('connection', (socket) => serveSocket(socket, this.#engine, this.#gate));
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  async request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host } = request.headers;
    const connect = this.access.hostAllowed(request) ? `'self' ws://${host}` : "'none'";
    for (const [name, value] of Object.entries(securityHeaders(connect))) response.setHeader(name, value);
    response.setHeader('Cache-Control', 'no-store');
    try {
      if (!this.access.hostAllowed(request)) return refuse(response, 403, REFUSED.host);
      const url = locate(request);
      if (url === null) return refuse(response, 400, 'This address cannot be read.');
      if (url.pathname === '/upload') return await this.#upload(request, response, url);
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return refuse(response, 405, 'Only GET and HEAD are understood here.');
      if (url.pathname === '/download') return await this.#download(request, response, url);
      return await this.#page(request, response, url);
    } catch (error) {
      // A browser that went away in the middle needs no answer.
      if (response.headersSent) response.destroy();
      else refuse(response, error instanceof UploadTooLarge ? 413 : 500, sentenceOf(error));
    }
  }

  /** The page and its files, for the browser that was let in. */
  async #page(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!this.access.known(request)) {
      // HEAD must not use the token up.
      const entering = url.pathname === '/' && request.method === 'GET';
      const cookie = entering ? this.access.enter(url.searchParams.get('token')) : null;
      if (cookie === null) return refuse(response, 403, REFUSED.token);
      response.setHeader('Set-Cookie', cookie);
    }
    const asset = this.#assets.get(url.pathname);
    if (asset === undefined) return refuse(response, 404, 'There is nothing at this address.');
    response.setHeader('Content-Type', asset.type);
    if (!asset.type.startsWith('text/html')) {
      // Names carry a digest of the content, so a file never changes.
      response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
      if (request.method === 'HEAD') return void response.end();
      return pipeline(createReadStream(asset.file), response);
    }
    const meta = `<meta name="interim-token" content="${this.access.pageToken}">`;
    const page = (await readFile(asset.file, 'utf8')).replace(/<head[^>]*>/i, (head) => `${head}${meta}`);
    response.end(request.method === 'HEAD' ? undefined : page);
  }

  async #upload(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method !== 'POST') return refuse(response, 405, 'A session is uploaded by POST.');
    if (!this.access.pageRequest(request, url.searchParams.get('token'), 'required'))
      return refuse(response, 403, REFUSED.origin);
    const name = url.searchParams.get('name') ?? '';
    if (name === '' || name.length > NAME_LIMIT)
      return refuse(response, 400, 'An uploaded file needs a name.');
    if (Number(request.headers['content-length'] ?? 0) > this.#uploadLimit)
      throw new UploadTooLarge(this.#uploadLimit);
    // The request outlives a failure, so that the answer still arrives.
    const body = request.iterator({ destroyOnReturn: false });
    const path = await this.#engine.receive(name, bounded(body, this.#uploadLimit));
    this.#gate.allow(path);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ path }));
  }

  async #download(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!this.access.pageRequest(request, url.searchParams.get('token'), 'optional'))
      return refuse(response, 403, REFUSED.origin);
    const as = FORMATS.find((format) => format === url.searchParams.get('as'));
    if (as === undefined) return refuse(response, 400, `A session is downloaded as ${FORMATS.join(', ')}.`);
    const { name, type, body } = await this.#engine.download(as);
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Disposition', attachment(name));
    if (request.method === 'HEAD') return void response.end();
    await pipeline(body, response);
  }

  /** Only `/engine`, only from our own page; everything else is told no before any WebSocket begins. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const url = locate(request);
    const token = url?.searchParams.get('token') ?? null;
    const good =
      url?.pathname === '/engine' &&
      this.access.hostAllowed(request) &&
      this.access.pageRequest(request, token, 'required');
    if (!good) return turnAway(socket, '403 Forbidden', REFUSED.origin);
    if (this.#sockets.clients.size >= SOCKETS)
      return turnAway(socket, '503 Service Unavailable', 'Too many tabs are open: close one.');
    this.#sockets.handleUpgrade(request, socket, head, (open) =>
      this.#sockets.emit('connection', open, request),
    );
  }
}

/** The request's URL; null when its target is none, or is of the absolute form that only proxies use. */
function locate(request: IncomingMessage): URL | null {
  const target = request.url ?? '';
  if (!target.startsWith('/') || target.startsWith('//')) return null;
  return URL.canParse(target, 'http://127.0.0.1') ? new URL(target, 'http://127.0.0.1') : null;
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  // What is left of a refused upload is read and thrown away: closing on it would destroy the answer.
  response.req.resume();
  response.setHeader('Connection', 'close');
  response.end(`${sentence}\n`);
}

function turnAway(socket: Duplex, status: string, sentence: string): void {
  const body = `${sentence}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

class UploadTooLarge extends Error {
  constructor(limit: number) {
    const size = `${Math.floor(limit / 1024 ** 2)} MiB`;
    super(`The file is larger than ${size}: open it in the desktop app or by the command line.`);
    this.name = 'UploadTooLarge';
  }
}

async function* bounded(body: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > limit) throw new UploadTooLarge(limit);
    yield part;
  }
}

/** RFC 6266: a plain name for everyone, and the true one in UTF-8 (RFC 8187). */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\w .()-]/g, '_');
  const coded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${coded}`;
}
