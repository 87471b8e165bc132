// What goes onto the clipboard, and what is refused in a sentence.

import { describe, expect, it } from 'vitest';
import { bytesText, textOf } from '../../../renderer/copy/copy.ts';
import type { Laboratory } from '../../../renderer/stores/laboratory.ts';
import { play, PORT } from '../../shared/export/scenario.ts';

/** The laboratory as far as copying reaches: a model and its bytes. */
function laboratory(budget?: number) {
  const { model, recorder } = play(undefined, budget);
  const commands = {
    bytes: ({ connection, stream, start, end }: Parameters<Laboratory['api']['commands']['bytes']>[0]) =>
      recorder.bytes(connection, stream, start, end),
  };
  const part = {
    api: { commands },
    feed: { store: { getState: () => ({ model }) } },
  } as unknown as Pick<Laboratory, 'api' | 'feed'>;
  return { part, exchanges: model.exchanges };
}

describe('copying', () => {
  const { part, exchanges } = laboratory();

  it('gives a request as curl, and both sides as they went over the wire', async () => {
    const [, head] = exchanges;
    expect(await textOf(part, head!, 'curl')).toContain(`http://127.0.0.1:${PORT}/job/1.req`);
    expect(await textOf(part, head!, 'request')).toBe(
      `HEAD /job/1.req HTTP/1.1\r\nHost: 127.0.0.1:${PORT}\r\n\r\n`,
    );
    expect(await textOf(part, head!, 'response')).toBe(
      'HTTP/1.1 299 Incomplete Content\r\nContent-Length: 4\r\n\r\n',
    );
  });

  it('says when there is no response', async () => {
    await expect(textOf(part, exchanges[0]!, 'response')).rejects.toThrow('There is no final response yet.');
  });

  it('gives bytes in their form, and never a part for the whole', async () => {
    const place = { connection: 2, stream: 'request', start: 0, end: 4 } as const;
    expect(await bytesText(part.api, place, 'text')).toBe('HEAD');
    expect(await bytesText(part.api, place, 'base64')).toBe('SEVBRA==');
    await expect(bytesText(part.api, { ...place, end: 2 ** 21 }, 'hex')).rejects.toThrow(/1 MiB/);
    await expect(bytesText(laboratory(100).part.api, place, 'hex')).rejects.toThrow(/counted, not kept/);
  });
});
