// A resource against a model that is an array of characters: any sequence of patches, whole or cut, in any form, must leave
// both the same, and never show what nobody sent.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutPatch, type PatchForm } from '../../../../shared/byteranges/patch-layout.ts';
import { message } from '../harness.ts';
import { headLength, serving, type Serving } from './fixture.ts';

const LIMIT = 64;

interface Model {
  complete: boolean;
  length: number | null;
  /** Undefined: not received. */
  readonly bytes: (string | undefined)[];
}

interface Part {
  /** Null: sets the length. */
  readonly first: number | null;
  readonly count: number;
  readonly hint: number | null;
}

interface Action {
  readonly form: PatchForm;
  readonly mode: 'atomic' | 'persist' | null;
  readonly parts: readonly Part[];
  /** Share of the request's content after which it is cut; null: it is whole. */
  readonly cut: number | null;
}

const part = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      first: fc.nat(40),
      count: fc.integer({ min: 1, max: 24 }),
      hint: fc.option(fc.constantFrom(32, 48, 70)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ first: fc.constant(null), count: fc.constant(0), hint: fc.nat(70) }) },
);
const action: fc.Arbitrary<Action> = fc
  .record({
    form: fc.constantFrom<PatchForm>('message', 'multipart', 'application'),
    mode: fc.constantFrom('atomic' as const, 'persist' as const, null),
    parts: fc.array(part, { minLength: 1, maxLength: 3 }),
    cut: fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { freq: 3 }),
  })
  .map((chosen) => (chosen.form === 'message' ? { ...chosen, parts: chosen.parts.slice(0, 1) } : chosen))
  // Of a part that sets the length there is no half.
  .map((chosen) => (chosen.parts.some(({ first }) => first === null) ? { ...chosen, cut: null } : chosen))
  // A range cannot go beyond the length that it names.
  .filter(({ parts }) =>
    parts.every(({ first, count, hint }) => first === null || hint === null || first + count <= hint),
  );

/** The model with the bytes of a part that came written; null: the part cannot be. */
function applied(model: Model | null, { first, count, hint }: Part, came: string): Model | null {
  if (hint !== null && hint > LIMIT) return null;
  const before: Model = model ?? { complete: false, length: null, bytes: [] };
  const bytes = [...before.bytes];
  if (first === null) {
    bytes.length = before.complete ? (hint ?? 0) : Math.min(bytes.length, hint ?? 0);
    if (before.complete) bytes.fill('\0', before.bytes.length);
    while (!before.complete && bytes.length > 0 && bytes.at(-1) === undefined) bytes.pop();
    return { complete: before.complete, length: hint, bytes };
  }
  if (!before.complete && before.length !== null && hint !== null && hint !== before.length) return null;
  const length = before.complete ? null : (before.length ?? hint);
  if (length !== null && bytes.length > length) return null;
  if (length === null && first > bytes.length) return null;
  if (first + count > (length ?? LIMIT)) return null;
  for (let at = bytes.length; at < first; at++) bytes[at] = undefined;
  for (const [index, letter] of [...came].entries()) bytes[first + index] = letter;
  return { complete: before.complete, length, bytes };
}

/** An upload is complete at the end of a request that leaves no gap. */
function finished(model: Model | null): Model | null {
  if (model === null) return null;
  const { complete, length, bytes } = model;
  const whole = complete || (length !== null && bytes.length === length && !bytes.includes(undefined));
  return { complete: whole, length: whole ? bytes.length : length, bytes };
}

/** The request, and where each part's body lies in its content. */
function requestOf({ form, mode, parts }: Action, seed: number) {
  const texts = parts.map(({ count }, index) =>
    String.fromCharCode(97 + ((seed + index) % 26)).repeat(count),
  );
  let from = 0;
  const layout = layoutPatch(
    form,
    parts.map(({ first, count, hint }) => ({
      range: { first, last: first === null ? null : first + count - 1, complete: hint },
      from,
      to: (from += count),
    })),
    { boundary: 'BOUNDARY' },
  );
  const source = texts.join('');
  let content = '';
  const bodies: number[] = [];
  for (const piece of layout.pieces) {
    if ('bytes' in piece) content += Buffer.from(piece.bytes).toString('latin1');
    else {
      if (piece.to > piece.from) bodies.push(content.length);
      content += source.slice(piece.from, piece.to);
    }
  }
  const request = message(
    'PATCH /uploads/a',
    [
      `Content-Type: ${layout.contentType}`,
      `Content-Length: ${content.length}`,
      ...(mode === null ? [] : [`Prefer: transaction=${mode}`]),
    ],
    content,
  );
  return { request, content, texts, bodies };
}

/** Sends the request, checks its answer, and tells what the resource must be now. */
async function carryOut(
  server: Serving,
  model: Model | null,
  chosen: Action,
  seed: number,
): Promise<Model | null> {
  const { request, content, texts, bodies } = requestOf(chosen, seed);
  const mode = chosen.mode ?? (chosen.form === 'message' && model?.complete !== true ? 'persist' : 'atomic');
  const sent = chosen.cut === null ? content.length : Math.floor(content.length * chosen.cut);
  let status: number | null = null;
  if (chosen.cut === null) status = (await server.ask(request)).status;
  else await server.cutAfter(headLength(request) + sent, request);
  let next = model;
  let body = 0;
  for (const [index, each] of chosen.parts.entries()) {
    const text = texts[index] ?? '';
    const came = each.first === null ? '' : text.slice(0, Math.max(0, sent - (bodies[body++] ?? 0)));
    // Of a part whose first byte has not come nothing is known.
    if (each.first !== null && came === '') break;
    const after = applied(next, each, came);
    if (after === null) {
      if (status !== null) expect(status).toBe(400);
      return mode === 'persist' ? finished(next) : model;
    }
    next = after;
  }
  next = finished(next);
  if (chosen.cut !== null) return mode === 'persist' ? next : model;
  expect(status).toBe(next?.complete !== true ? 299 : model?.complete === true ? 200 : 201);
  return next;
}

async function compare(server: Serving, model: Model | null): Promise<void> {
  const got = await server.get('a');
  if (model === null) {
    expect(got.status).toBe(404);
    return;
  }
  const { complete, length, bytes } = model;
  const gap = bytes.indexOf(undefined);
  const prefix = (gap < 0 ? bytes : bytes.slice(0, gap)).join('');
  const range = complete || prefix === '' ? undefined : `bytes 0-${prefix.length - 1}/${length ?? '*'}`;
  expect([got.status, got.body, got.fields.get('content-range')]).toEqual([
    complete ? 200 : 299,
    prefix,
    range,
  ]);
  if (complete) expect(server.onDisk('a')).toBe(prefix);
  expect(server.underWay()).toEqual([]);
}

describe('any sequence of patches', () => {
  test('leaves the resource as the model is, and a restart changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 8 }), async (actions) => {
        const server = await serving({ uploadLimit: LIMIT });
        let model: Model | null = null;
        for (const [index, each] of actions.entries()) {
          model = await carryOut(server, model, each, index);
          await compare(server, model);
        }
        await server.server.close();
        const again = await serving({ root: server.root });
        await compare(again, model);
        await again.server.close();
      }),
      { numRuns: 150 },
    );
  });
});
