// The port of the proof of concept, or the next one that is free. Opens nothing itself.

import { type Listener, WireError } from '../wire/types.ts';
import { ServerError } from './errors.ts';

const DEFAULT_PORT = 18080;
const PORTS_TRIED = 100;

/**
 * Listens on the first of a hundred ports that is not in use.
 * @param tryPort rejects with a WireError `port-in-use` for one that is; any other error ends the search
 * @throws ServerError `no-free-port`
 */
export async function listenOnDefaultPort(
  host: string,
  tryPort: (port: number) => Promise<Listener>,
): Promise<Listener> {
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + PORTS_TRIED; port++) {
    try {
      return await tryPort(port);
    } catch (error) {
      if (!(error instanceof WireError) || error.code !== 'port-in-use') throw error;
    }
  }
  throw new ServerError(
    'no-free-port',
    `All ports from ${DEFAULT_PORT} to ${DEFAULT_PORT + PORTS_TRIED - 1} of ${host} are in use: name another one.`,
  );
}
