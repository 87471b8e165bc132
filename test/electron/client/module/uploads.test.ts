// The upload protocols through the module for programs, against the real test server with cuts: content that is written
// piece by piece, and only then has an end.

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { linesContent } from '../../../../electron/client/content.ts';
import {
  type RequestError,
  type RequestOptions,
  type ResumableRequest,
  type ResumableResponse,
  request,
} from '../../../../electron/client/module/index.ts';
import { memorySink } from '../../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../../electron/session/recorder.ts';
import { createTestServer } from '../../../../electron/server/server.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';
import { parseCutSpec } from '../../../../electron/wire/spec.ts';
import { leaping } from '../../leaping.ts';
import { response, scriptedServer } from '../scripted-server.ts';

const SIZE = 300_000;
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function* lines(): AsyncGenerator<Uint8Array> {
  const source = linesContent(SIZE);
  for (let at = 0; at < SIZE; at += 30_000) yield await source.read(at, Math.min(at + 30_000, SIZE));
}

/** The status of the answer, once all of it was read. */
async function answered(made: ResumableRequest): Promise<number> {
  const answer = await new Promise<ResumableResponse>((resolve, reject) =>
    made.on('response', resolve).on('error', reject),
  );
  for await (const _ of answer);
  return answer.statusCode;
}

describe('a request by an upload protocol', () => {
  it.each<[RequestOptions, string, number]>([
    [{ strategy: 'ietf-upload' }, '/resumable', 200],
    [{ strategy: 'ietf-upload', first: 'empty', segmentSize: 100_000 }, '/resumable', 200],
    [{ strategy: 'tus-upload', metadata: { filename: 'lines.txt' } }, '/tus', 204],
    [{ strategy: 'tus-upload', parallel: 3 }, '/tus', 200],
  ])('survives a cut with %j', async (options, path, status) => {
    const context = {
      board: createFaultBoard(),
      recorder: createRecorder({ sink: memorySink() }),
      clock: leaping(),
    };
    const server = await createTestServer({ context, port: 0 });
    cleanUps.push(() => server.close());
    context.board.arm(parseCutSpec('server:in:content:80000:rst'), 'plan');
    const made = request(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Length': SIZE },
      context,
      ...options,
    });
    const answer = answered(made);
    await pipeline(Readable.from(lines()), made);
    expect(await answer).toBe(status);
    const { result } = made;
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(result!.resumes).toBeGreaterThan(0);
    const hash = createHash('sha256');
    for await (const piece of lines()) hash.update(piece);
    expect(await server.digest(new URL(result!.locations.requestContent!).pathname)).toBe(hash.digest('hex'));
    expect(context.board.list().map(({ fired }) => fired)).toEqual([true]);
  });

  it('that is complete, and whose answer is lost for ever, ends with that as its error', async () => {
    const server = await scriptedServer([
      [
        {
          send: response('104 Upload Resumption Supported', [
            'Upload-Draft-Interop-Version: 8',
            'Location: /up',
          ]),
        },
        { on: /all$/, close: 'fin' },
      ],
      [
        { send: response('204 No Content', ['Upload-Offset: 3', 'Upload-Complete: ?1']) },
        { send: response('404 Not Found', ['Content-Length: 0']) },
      ],
    ]);
    cleanUps.push(() => server.close());
    const made = request(server.url, {
      method: 'POST',
      strategy: 'ietf-upload',
      context: { clock: leaping() },
    });
    const failure = new Promise<RequestError>((resolve) => made.on('error', resolve));
    made.end('all');
    expect(await failure).toMatchObject({ code: 'gave-up', message: expect.stringMatching(/as HEAD tells/) });
  });
});
