// The lens `fetch`: the standard's interface, by the undici that comes with this project, on the captured wire. Its user
// gets no interim response and no trailer, because the standard has no place for them.

import { Agent, fetch, type RequestInit } from 'undici';
import { CapturedSockets, patientSignal } from './sockets.ts';
import type { Look } from './types.ts';
import { connector, piecesOf, UNDICI_VERSION } from './undici.ts';

export const lookFetch: Look = async (request, context, telling) => {
  const { target, method, content, fields, patience } = request;
  const sockets = new CapturedSockets(target, context, (number) => telling.connection(number));
  const agent = new Agent({
    connect: connector(sockets, `fetch of undici ${UNDICI_VERSION}`),
    connections: 1,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const { signal, leave } = patientSignal(sockets, context, patience);
  try {
    const response = await fetch(`http://${target.hostField}${target.path}`, {
      method,
      headers: fields as RequestInit['headers'] & {},
      body: content === null ? null : piecesOf(content),
      ...(content === null ? {} : { duplex: 'half' as const }),
      redirect: 'manual',
      signal,
      dispatcher: agent,
    });
    telling.final(response.status, response.statusText, Array.from(response.headers));
    for await (const bytes of response.body ?? []) telling.content(bytes as Uint8Array);
    telling.end();
  } catch (error) {
    telling.fail(error);
  } finally {
    leave();
    await agent.destroy();
    await sockets.leave();
  }
};
