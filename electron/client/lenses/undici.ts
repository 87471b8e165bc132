// The lens `undici`: `request()` of the undici that comes with this project, with its `onInfo` for interim responses.
// Its user gets fields as an object, so that the case of names and the order of lines are lost.

import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type buildConnector, Client } from 'undici';
import packageJson from 'undici/package.json' with { type: 'json' };
import { type ContentSource, PIECE } from '../content.ts';
import { CapturedSockets, patientSignal } from './sockets.ts';
import { entriesOf } from './telling.ts';
import type { Look } from './types.ts';

export const UNDICI_VERSION = packageJson.version;

export const lookUndici: Look = async (request, context, telling) => {
  const { target, method, content, fields, patience } = request;
  const sockets = new CapturedSockets(target, context, (number) => telling.connection(number));
  const client = new Client(`http://${target.hostField}`, {
    connect: connector(sockets, `undici ${UNDICI_VERSION}`),
    pipelining: 1,
    // The patience is its user's here, on the clock of the run.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const { signal, leave } = patientSignal(sockets, context, patience);
  try {
    const response = await client.request({
      path: target.path,
      method,
      headers: fields.flat(),
      body: content === null ? null : Readable.from(piecesOf(content), { objectMode: false }),
      signal,
      onInfo: (info) => telling.interim(info.statusCode, entriesOf(info.headers)),
    });
    telling.final(response.statusCode, response.statusText, entriesOf(response.headers));
    for await (const bytes of response.body) telling.content(bytes as Uint8Array);
    telling.trailers(entriesOf(response.trailers));
    telling.end();
  } catch (error) {
    telling.fail(error);
  } finally {
    leave();
    await client.destroy();
    await sockets.leave();
  }
};

/** How undici gets its sockets from the captured wire. @param library named in the step on record */
export function connector(sockets: CapturedSockets, library: string): buildConnector.connector {
  return (_options, done) =>
    void sockets.open(library, {
      // Of a net.Socket, undici uses what any stream has.
      opened: (socket) => done(null, socket as unknown as Socket),
      failed: (error) => done(error, null),
    });
}

/** Content as libraries take it: piece by piece, when they ask for more. */
export async function* piecesOf(content: ContentSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length;) {
    const piece = await content.read(at, Math.min(at + PIECE, content.length));
    at += piece.length;
    yield piece;
  }
}
