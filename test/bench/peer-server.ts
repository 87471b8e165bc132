// Starts the server that clients are measured against. It must never outlive the row that started it.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface PeerServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startPeerServer(): Promise<PeerServer> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'peer-server.mjs'), { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
