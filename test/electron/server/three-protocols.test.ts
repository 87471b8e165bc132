// One upload, asked for and gone on with by three protocols in any order, with right and wrong offsets, checks that fail
// and connections that break: what is stored is always the beginning of what was sent, and every protocol tells the same.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { message, patch, resumable, type Running, running } from './harness.ts';

const CONTENT = Array.from({ length: 3000 }, (_value, index) =>
  String.fromCharCode((index * 31) & 0xff),
).join('');
const TUS = ['Tus-Resumable: 1.0.0', 'Content-Type: application/offset+octet-stream'];
const IETF = ['Upload-Draft-Interop-Version: 8', 'Content-Type: application/partial-upload'];

type Protocol = 'wright' | 'ietf' | 'tus';

interface Step {
  readonly protocol: Protocol;
  readonly size: number;
  /** Added to the right offset. */
  readonly off: number;
  /** Bytes after which the client breaks off; null: it does not. */
  readonly breakAfter: number | null;
  /** tus and the IETF's: it tells what its content hashes to, rightly or not. */
  readonly digest: 'none' | 'right' | 'wrong';
}

const protocol = fc.constantFrom<Protocol>('wright', 'ietf', 'tus');
const step: fc.Arbitrary<Step> = fc.record({
  protocol,
  size: fc.nat(900),
  off: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 1, 500) },
  ),
  breakAfter: fc.option(fc.nat(900), { freq: 3 }),
  digest: fc.constantFrom('none', 'none', 'right', 'wrong'),
});

function begin(by: Protocol): string {
  const length = CONTENT.length;
  if (by === 'tus') return message('POST /tus', [TUS[0]!, `Upload-Length: ${length}`, 'Content-Length: 0']);
  if (by === 'ietf')
    return message('POST /resumable', [IETF[0]!, `Upload-Length: ${length}`, 'Upload-Complete: ?0']);
  return message('POST /digest', resumable(length));
}

/** A request that brings bytes, and how many there are if it counts. */
function bring(
  { protocol: by, size, off, digest }: Step,
  have: number,
): { request: string; content: string } {
  const at = Math.max(0, have + off);
  const content = CONTENT.slice(at, at + size);
  const hashed = digest === 'wrong' ? `${content}!` : content;
  const sha1 = createHash('sha1').update(hashed, 'latin1').digest('base64');
  if (by === 'wright') {
    return {
      request: patch('/job/0.req', `bytes ${at}-${at + content.length - 1}/${CONTENT.length}`, content),
      content,
    };
  }
  const common = [`Content-Length: ${content.length}`, `Upload-Offset: ${at}`];
  if (by === 'tus') {
    const check = digest === 'none' ? [] : [`Upload-Checksum: sha1 ${sha1}`];
    return { request: message('PATCH /tus/0', [...TUS, ...common, ...check], content), content };
  }
  const check = digest === 'none' ? [] : [`Content-Digest: sha=:${sha1}:`];
  const end = at + content.length === CONTENT.length ? '?1' : '?0';
  const request = message(
    'PATCH /resumable/0',
    [...IETF, ...common, ...check, `Upload-Complete: ${end}`],
    content,
  );
  return { request, content };
}

/** How much there is, which all three tell alike. */
async function told({ ask }: Running): Promise<number> {
  const own = await ask(message('HEAD /job/0.req'));
  const ietf = await ask(message('HEAD /resumable/0'));
  const tus = await ask(message('HEAD /tus/0', [TUS[0]!]));
  const offsets = [
    own.fields.get('content-length'),
    ietf.fields.get('upload-offset'),
    tus.fields.get('upload-offset'),
  ];
  expect(new Set(offsets).size).toBe(1);
  return Number(offsets[0]);
}

test('whatever is done, every protocol tells the same, and what is stored is what was sent', async () => {
  await fc.assert(
    fc.asyncProperty(protocol, fc.array(step, { minLength: 1, maxLength: 12 }), async (first, steps) => {
      const one = await running();
      const { ask, client, server } = one;
      if (first === 'wright') {
        // A request whose content is all still to come; a newer one ends it.
        const raw = await client();
        raw.send(begin(first));
        expect((await raw.next()).status).toBe(100);
      } else expect((await ask(begin(first))).status).toBe(201);
      let have = 0;
      for (const each of steps) {
        if (have === CONTENT.length) break;
        const { request, content } = bring(each, have);
        const right = Math.max(0, have + each.off) === have;
        // An empty range cannot be said.
        if (each.protocol === 'wright' && content === '') continue;
        const checked = each.protocol !== 'wright' && each.digest !== 'none';
        const missing =
          each.breakAfter === null ? 0 : content.length - Math.min(content.length, each.breakAfter);
        const raw = await client();
        if (missing > 0) {
          await raw.flushed(request.slice(0, -missing));
          raw.reset();
          await raw.ended;
          const now = await told(one);
          expect(now).toBeGreaterThanOrEqual(have);
          const most = right && !checked ? have + content.length - missing : have;
          expect(now).toBeLessThanOrEqual(most);
          have = now;
        } else {
          raw.send(request);
          const { status } = await raw.final('PATCH');
          raw.destroy();
          const counts = right && !(checked && each.digest === 'wrong');
          expect(status < 300).toBe(counts);
          const now = await told(one);
          expect(now).toBe(counts ? have + content.length : have);
          have = now;
        }
        const hash = createHash('sha256').update(CONTENT.slice(0, have), 'latin1').digest('hex');
        expect(await server.digest('/resumable/0')).toBe(hash);
      }
    }),
    { numRuns: 60 },
  );
});
