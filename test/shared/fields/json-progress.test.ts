import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseProgress } from '../../../shared/fields/progress.ts';
import { statusOf } from '../../../shared/fields/json-progress.ts';

const textOf = (json: unknown): string | null => statusOf(JSON.stringify(json), false).progress?.text ?? null;

describe('progress told as JSON', () => {
  it.each([
    { json: { progress: { done: 3, total: 10, text: 'Herding cats' } }, text: '3/10 "Herding cats"' },
    { json: { progress: { done: 0, total: null } }, text: '0/' },
    { json: { progress: { done: 4 } }, text: '4/' },
    { json: { progress: { done: 1, total: 2, text: 'say "é"' } }, text: "1/2 UTF-8''say%20%22%C3%A9%22" },
    { json: { progress: { done: 1, total: 2, text: 'say "so"' } }, text: String.raw`1/2 "say \"so\""` },
    { json: { percentComplete: 40 }, text: '40/100' },
    { json: { properties: { percentComplete: 99.9 } }, text: '99/100' },
    { json: { metadata: { progressPercent: 0 } }, text: '0/100' },
  ])('reads $json', ({ json, text }) => {
    expect(textOf(json)).toBe(text);
  });

  it.each([
    { progress: 3 },
    { progress: { done: -1, total: 10 } },
    { progress: { done: 1.5, total: 10 } },
    { progress: { done: '1', total: 10 } },
    { progress: { done: 1, total: 'many' } },
    { percentComplete: 101 },
    { percentComplete: '40' },
    [{ progress: { done: 1, total: 2 } }],
    'progress',
    null,
  ])('takes nothing out of %j', (json) => {
    expect(textOf(json)).toBeNull();
  });

  it('takes nothing out of what is no JSON', () => {
    expect(statusOf('{"progress": {"done": 1', false)).toEqual({
      progress: null,
      unfinished: false,
      name: null,
    });
  });

  it('is a Progress value, whatever its text', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.string({ unit: 'binary', maxLength: 300 }), (done, total, text) => {
        const told = textOf({ progress: { done, total, text } })!;
        const progress = parseProgress(told);
        expect(progress).not.toBeInstanceOf(FieldFault);
        expect(progress).toMatchObject({ numerator: done, denominator: total });
      }),
    );
  });
});

describe('a document that says whether work is done', () => {
  it.each([
    { json: { name: 'operations/1', done: false }, isStatus: false, unfinished: true },
    { json: { name: 'operations/1', done: true }, isStatus: true, unfinished: false },
    { json: { progress: { done: 1, total: 2 } }, isStatus: false, unfinished: true },
    { json: { progress: { done: 2, total: 2 } }, isStatus: false, unfinished: false },
    { json: { state: 'done', progress: { done: 1, total: 2 } }, isStatus: false, unfinished: false },
    { json: { state: 'running', progress: { done: 2, total: 2 } }, isStatus: false, unfinished: true },
    { json: { status: 'Running' }, isStatus: true, unfinished: true },
    { json: { status: 'InProgress' }, isStatus: true, unfinished: true },
    { json: { status: 'Succeeded' }, isStatus: true, unfinished: false },
    // A machine that runs is not work that goes on.
    { json: { status: 'running' }, isStatus: false, unfinished: false },
  ])('$json, known as a status: $isStatus', ({ json, isStatus, unfinished }) => {
    expect(statusOf(JSON.stringify(json), isStatus).unfinished).toBe(unfinished);
  });
});
