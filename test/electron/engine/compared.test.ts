// Two sessions held against each other: listed row by row however many there are, each told whole when it is looked at.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareWith } from '../../../electron/engine/compared.ts';
import { openedView } from '../../../electron/engine/view.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { fileSink } from '../../../electron/session/sinks.ts';
import { commands } from '../../../shared/contract.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-compared-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A session of so many exchanges, of which those in `changed` are answered otherwise. */
async function session(name: string, exchanges: number, changed: readonly number[] = []): Promise<string> {
  const path = join(folder, `${name}.pcapng`);
  const recorder = createRecorder({ sink: fileSink(path) });
  const at = (port: number) => ({ address: '127.0.0.1', port });
  const text = (lines: string[], content = '') =>
    new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n${content}`);
  recorder.opened('client', at(4000), at(80));
  recorder.opened('server', at(4000), at(80));
  for (let i = 0; i < exchanges; i++) {
    const request = text([`GET /${i % 9} HTTP/1.1`, 'Host: a']);
    const status = changed.includes(i) ? '404 Not Found' : '200 OK';
    const response = text([`HTTP/1.1 ${status}`, 'Content-Length: 2'], 'ok');
    recorder.sent(1, 'client', request);
    recorder.received(1, 'server', request);
    recorder.sent(1, 'server', response);
    recorder.received(1, 'client', response);
  }
  await recorder.close();
  return path;
}

describe('a comparison', () => {
  it('lists every exchange, tells how far it has come, and each row whole when it is asked for', async () => {
    const view = await openedView(await session('one', 1_500));
    const shares: number[] = [];
    const { result, details } = await compareWith(
      view,
      await session('other', 1_500, [1_250]),
      (share) => shares.push(share),
      new AbortController().signal,
    );
    expect(commands.compare.result.parse(result)).toMatchObject({ differing: 1, leftOut: 0 });
    expect(result.rows).toHaveLength(1_500);
    expect(result.rows[1_250]!.differs).toContainEqual({ kind: 'status' });
    expect(result.rows[1_249]!.differs).toEqual([]);
    expect(shares).toEqual([...shares].sort((x, y) => x - y));
    expect(shares.at(-1)).toBe(1);
    const row = commands.comparedRow.result.parse(await details.row(1_250));
    expect(row).toMatchObject({ one: { status: 200 }, other: { status: 404 } });
    expect(row.differences).toContainEqual({ kind: 'status', level: 'differs', one: '200', other: '404' });
    expect(await details.row(1_500)).toBeUndefined();
    await details.close();
    await view.close();
  });

  it('ends when it is stopped while a session is still being read', async () => {
    const view = await openedView(await session('one', 40));
    const reading = Object.assign(Object.create(view) as typeof view, {
      flush: () => new Promise<void>(() => undefined),
    });
    const stop = new AbortController();
    const path = await session('other', 40);
    const compared = compareWith(reading, path, () => undefined, stop.signal);
    stop.abort();
    await expect(compared).rejects.toThrow('The comparison was stopped before its end.');
    await view.close();
  });

  it('ends when it is stopped, and says so', async () => {
    const view = await openedView(await session('one', 40));
    const path = await session('other', 40);
    await expect(compareWith(view, path, () => undefined, AbortSignal.abort())).rejects.toThrow(
      'The comparison was stopped before its end.',
    );
    await view.close();
  });
});
