// The decisions of the strategies that write or read the target itself, as tables: what is known, what happened, what
// follows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TRIES } from '../../../../electron/client/backoff.ts';
import { putThenPatch } from '../../../../electron/client/patches/put-then-patch.ts';
import { repeat } from '../../../../electron/client/repeat.ts';
import { resumeDownload } from '../../../../electron/client/resume-download.ts';
import { segmentedUpload } from '../../../../electron/client/patches/segmented-upload.ts';
import {
  type Action,
  type Answer,
  type End,
  type Ended,
  type Happening,
  NOTHING_RECEIVED,
  type Purpose,
  type Reception,
  type Situation,
  type TargetState,
  beginning,
} from '../../../../electron/client/situation.ts';
import { checking, creating, writing } from '../../../../electron/client/patches/sparse-decisions.ts';
import type { Strategy } from '../../../../electron/client/strategy.ts';
import { answer, ended } from '../happenings.ts';

const LENGTH = 100;
const begun = (segmentSize: number): Situation => ({
  ...beginning(LENGTH, {
    resumable: false,
    idempotent: false,
    segments: [],
    deleteWhenDone: false,
    segmentSize,
  }),
  connected: true,
});

interface Case {
  readonly name: string;
  readonly from?: Partial<Omit<Situation, 'target'>> & { readonly target?: Partial<TargetState> };
  readonly on: Happening;
  readonly leads: Action | End['outcome'];
  readonly known?: Partial<Omit<Situation, 'target'>> & { readonly target?: Partial<TargetState> };
  readonly delayed?: boolean;
  readonly final?: End['final'];
  readonly says?: RegExp;
}

const ASK: Action = { do: 'ask-size' };
const segment = (from: number, to: number, create = false): Action => ({ do: 'segment', from, to, create });
const wrote = (_from: number, to: number, more: Partial<Ended> = {}): Happening =>
  ended('segment', { goal: to, sentTo: to, issuedTo: to, ...more });
const size = (length: number | null, status = 299, more: Partial<Answer> = {}): Happening =>
  ended('size', {
    goal: 0,
    sentTo: 0,
    issuedTo: 0,
    elapsed: 1_000,
    answer: answer(status, { contentLength: length, age: 0, ...more }),
  });

function check(
  strategy: Strategy,
  start: Situation,
  { from, on, leads, known, delayed, final, says }: Case,
): void {
  const situation = { ...start, ...from, target: { ...start.target, ...from?.target } };
  const { action, situation: after, steps, delay } = strategy.decide(situation, on, 0.5);
  if (typeof leads === 'string')
    expect(action).toMatchObject({ do: 'end', outcome: leads, ...(final === undefined ? {} : { final }) });
  else expect(action).toEqual(leads);
  if (known !== undefined) expect(after).toMatchObject(known);
  expect(delay > 0).toBe(delayed ?? false);
  if (says !== undefined) expect(steps.map(({ why }) => why).join(' ')).toMatch(says);
  for (const { why } of steps) expect(why).toMatch(/^[A-Z0-9].*[.?]$/);
}

const doubt = { standing: 'doubt', sentMost: 40 } as const;
const ours = { standing: 'ours', sentMost: 40 } as const;

describe('a segmented upload', () => {
  const cases: readonly Case[] = [
    {
      name: 'creates the resource with its first segment',
      on: { kind: 'begin' },
      leads: segment(0, 40, true),
    },
    {
      name: 'is refused where nobody listens',
      from: { connected: false },
      on: { kind: 'unreachable', purpose: 'segment', sentence: 'Nobody.' },
      leads: 'refused',
    },
    {
      name: 'asks when a server that was there cannot be reached',
      on: { kind: 'unreachable', purpose: 'segment', sentence: 'Gone.' },
      leads: ASK,
      delayed: true,
    },
    {
      name: 'goes on when a segment is stored',
      on: wrote(0, 40, { answer: answer(299) }),
      leads: segment(40, 80),
      known: { stored: 40, best: 40, target: { standing: 'ours' }, incompleteStatus: 299 },
    },
    {
      name: 'goes on with the draft’s own 200, too',
      from: { stored: 40, target: ours },
      on: wrote(40, 80, { answer: answer(200) }),
      leads: segment(80, 100),
      known: { incompleteStatus: null },
    },
    {
      name: 'asks at once whether all of it is there when the last segment was answered',
      from: { stored: 80, target: ours, incompleteStatus: 299 },
      on: wrote(80, 100, { answer: answer(201) }),
      leads: ASK,
      known: { target: { answered: true } },
    },
    {
      name: 'is done when the answer itself tells the whole length',
      from: { stored: 80, target: ours },
      on: wrote(80, 100, {
        answer: answer(200, { contentRange: { unit: 'bytes', first: 0, last: 99, complete: 100 } }),
      }),
      leads: 'completed',
      final: 'answer',
    },
    {
      name: 'is done with the answer to the last segment when HEAD tells the whole length',
      from: { stored: 100, target: { standing: 'ours', sentMost: 100, answered: true } },
      on: size(100, 200),
      leads: 'completed',
      final: 'reception',
    },
    {
      name: 'sends what is missing after all when HEAD tells less',
      from: { stored: 100, best: 100, tries: 1, target: { standing: 'ours', sentMost: 100, answered: true } },
      on: size(40, 200),
      leads: segment(40, 80),
      known: { tries: 1, target: { answered: false } },
    },
    {
      name: 'does not ask for ever a server that answers segments which it does not keep',
      from: { stored: 80, best: 100, tries: MAX_TRIES, target: { standing: 'ours', sentMost: 100 } },
      on: wrote(80, 100, { answer: answer(200) }),
      leads: 'failed',
    },
    {
      name: 'asks when all was sent and the server still says incomplete',
      from: { stored: 80, target: ours },
      on: wrote(80, 100, { answer: answer(299) }),
      leads: ASK,
      delayed: true,
    },
    {
      name: 'asks when the server says that it has less than was sent',
      on: wrote(0, 40, {
        answer: answer(299, { contentRange: { unit: 'bytes', first: 0, last: 9, complete: 100 } }),
      }),
      leads: ASK,
      delayed: true,
      says: /it has 10 bytes, not 40/,
    },
    {
      name: 'asks when it was answered before all of it was sent',
      on: wrote(0, 40, { sentTo: 12, answer: answer(200) }),
      leads: ASK,
      delayed: true,
    },
    {
      name: 'asks after a break',
      on: wrote(0, 40, { broke: 'rst', sentTo: 12, issuedTo: 30 }),
      leads: ASK,
      known: { tries: 1, target: { standing: 'doubt', sentMost: 30 } },
      delayed: true,
    },
    {
      name: 'asks after an answer that broke off',
      from: { stored: 80, target: ours },
      on: wrote(80, 100, { broke: 'fin', answer: answer(201, { whole: false }) }),
      leads: ASK,
      delayed: true,
    },
    {
      name: 'goes on from what HEAD tells, to the end of that segment',
      from: { target: doubt },
      on: size(12),
      leads: segment(12, 40),
      known: { stored: 12, best: 12, tries: 0, resumes: 1, target: { standing: 'ours' } },
    },
    {
      name: 'goes on from 0 when the resource is there, empty',
      from: { target: doubt },
      on: size(0, 200),
      leads: segment(0, 40),
    },
    {
      name: 'begins again when nothing is there',
      from: { target: doubt },
      on: size(null, 404),
      leads: segment(0, 40, true),
      known: { target: { standing: 'doubt' }, resumes: 0 },
    },
    {
      name: 'is done when HEAD tells the whole length after all was sent',
      from: { stored: 80, target: { standing: 'ours', sentMost: 100 } },
      on: size(100, 200),
      leads: 'completed',
      final: 'answer',
    },
    {
      name: 'does not take another’s resource for its own: longer than what was sent',
      from: { target: doubt },
      on: size(100, 200),
      leads: 'failed',
      says: /only 40 were ever sent/,
    },
    {
      name: 'nor one that is to have another length',
      from: { target: doubt },
      on: size(10, 299, { contentRange: { unit: 'bytes', first: 0, last: 9, complete: 70 } }),
      leads: 'failed',
      says: /70 bytes in all, not 100/,
    },
    {
      name: 'nor one that is older than the upload',
      from: { target: doubt },
      on: size(10, 200, { age: 60_000 }),
      leads: 'failed',
      says: /before this upload began/,
    },
    {
      name: 'nor one of which nobody knows how old it is',
      from: { target: doubt },
      on: size(10, 200, { age: null }),
      leads: 'failed',
      says: /may be of somebody else/,
    },
    {
      name: 'takes one that was modified since for its own',
      from: { target: doubt },
      on: size(10, 200, { age: 2_000 }),
      leads: segment(10, 40),
    },
    {
      name: 'does not look at dates once it knows that it is its own',
      from: { target: ours },
      on: size(10, 200, { age: 60_000 }),
      leads: segment(10, 40),
    },
    {
      name: 'asks again when the question was lost',
      on: ended('size', { broke: 'silence' }),
      leads: ASK,
      delayed: true,
    },
    { name: 'asks again after a 503', on: size(null, 503), leads: ASK, delayed: true },
    {
      name: 'fails when HEAD tells no length',
      from: { target: doubt },
      on: size(null, 200),
      leads: 'failed',
    },
    { name: 'is refused by a 403 to the HEAD', on: size(null, 403), leads: 'refused' },
    {
      name: 'is refused by a 412 to the first request',
      on: wrote(0, 40, { answer: answer(412) }),
      leads: 'refused',
    },
    {
      name: 'asks after a 412 when the first request was lost: it may be its own',
      from: { target: doubt },
      on: wrote(0, 40, { answer: answer(412) }),
      leads: ASK,
      delayed: true,
    },
    {
      name: 'is refused by a 405',
      on: wrote(0, 40, { answer: answer(405) }),
      leads: 'refused',
      final: 'answer',
    },
    {
      name: 'is refused by a 400 to the first segment',
      on: wrote(0, 40, { answer: answer(400) }),
      leads: 'refused',
    },
    {
      name: 'asks once after a 400 to a later one',
      from: { stored: 40, target: ours },
      on: wrote(40, 80, { answer: answer(400) }),
      leads: ASK,
      delayed: true,
      known: { rejections: 1 },
    },
    {
      name: 'is refused by the second 400',
      from: { stored: 40, rejections: 1, target: ours },
      on: wrote(40, 80, { answer: answer(400) }),
      leads: 'refused',
    },
    {
      name: 'waits and asks after a 409 with Retry-After',
      from: { stored: 40, target: ours },
      on: wrote(40, 80, { answer: answer(409, { retryAfter: 3_000 }) }),
      leads: ASK,
      delayed: true,
      known: { rejections: 0 },
    },
    { name: 'follows no redirect', on: wrote(0, 40, { answer: answer(307) }), leads: 'refused' },
    {
      name: 'asks when the resource vanished',
      from: { stored: 40, target: ours },
      on: wrote(40, 80, { answer: answer(404) }),
      leads: ASK,
      delayed: true,
    },
    {
      name: 'fails when the server went back behind what is not here any more',
      from: { target: ours },
      on: ended('size', { released: 40, goal: 0, answer: answer(299, { contentLength: 20 }) }),
      leads: 'failed',
      says: /acknowledged 40 bytes and has 20 now/,
    },
    {
      name: 'fails when the resource is gone and its first bytes are not here any more',
      from: { target: ours },
      on: ended('size', { released: 40, goal: 0, answer: answer(404) }),
      leads: 'failed',
    },
    {
      name: 'ends at once when the server keeps it waiting without end',
      on: wrote(0, 40, { broke: 'endless' }),
      leads: 'failed',
      says: /nothing new/,
    },
    { name: 'fails on what is no HTTP', on: { kind: 'nonsense', sentence: 'No HTTP.' }, leads: 'failed' },
    {
      name: 'gives up after the last try',
      from: { tries: MAX_TRIES },
      on: wrote(0, 40, { broke: 'rst' }),
      leads: 'failed',
    },
  ];
  it.each(cases)('$name', (row) => check(segmentedUpload, begun(40), row));

  it('writes no bytes as one segment of none', () => {
    const nothing = { ...begun(40), length: 0 };
    expect(segmentedUpload.decide(nothing, { kind: 'begin' }, 0).action).toEqual(segment(0, 0, true));
    expect(segmentedUpload.decide(nothing, wrote(0, 0, { answer: answer(201) }), 0).action).toEqual(ASK);
    expect(segmentedUpload.decide(nothing, size(0, 200), 0).action).toMatchObject({ outcome: 'completed' });
  });
});

describe('a PUT that a PATCH completes', () => {
  const put = (create: boolean): Action => ({ do: 'put', create });
  const sent = (more: Partial<Ended>): Happening => ended('put', more);
  const cases: readonly Case[] = [
    { name: 'begins with the PUT, if there is nothing yet', on: { kind: 'begin' }, leads: put(true) },
    { name: 'is done after a 201', on: sent({ answer: answer(201) }), leads: 'completed', final: 'answer' },
    {
      name: 'is refused by a 412',
      on: sent({ answer: answer(412) }),
      leads: 'refused',
      says: /something at the target/,
    },
    { name: 'is refused by a 405 to PUT', on: sent({ answer: answer(405) }), leads: 'refused' },
    {
      name: 'asks after a break',
      on: sent({ broke: 'rst', sentTo: 30, issuedTo: 30 }),
      leads: ASK,
      delayed: true,
    },
    { name: 'asks after a 503', on: sent({ answer: answer(503) }), leads: ASK, delayed: true },
    { name: 'asks after a 299', on: sent({ answer: answer(299) }), leads: ASK, delayed: true },
    {
      name: 'asks after an early 2xx',
      on: sent({ sentTo: 3, answer: answer(200) }),
      leads: ASK,
      delayed: true,
    },
    {
      name: 'patches what is missing, in one piece',
      from: { target: doubt },
      on: size(30),
      leads: segment(30, 100),
      known: { resumes: 1 },
    },
    {
      name: 'patches from 0 when nothing is there',
      from: { target: doubt },
      on: size(null, 404),
      leads: segment(0, 100, true),
    },
    {
      name: 'is done when all is there',
      from: { target: { standing: 'doubt', sentMost: 100 } },
      on: size(100, 200),
      leads: 'completed',
    },
    ...[405, 415, 501].map((status) => ({
      name: `sends the PUT again after ${status} to the PATCH, whatever is there: it is its own`,
      from: { stored: 30, target: ours },
      on: wrote(30, 100, { answer: answer(status) }),
      leads: put(false),
      known: { target: { putOnly: true } },
    })),
    {
      name: 'sends it again under its condition when nothing was there',
      on: wrote(0, 100, { answer: answer(405) }),
      leads: put(true),
      known: { target: { putOnly: true } },
    },
    {
      name: 'does not try PATCH twice',
      from: { target: { ...doubt, putOnly: true } },
      on: size(30),
      leads: put(false),
    },
    {
      name: 'asks after a 412 to the repeated PUT: it may be its own',
      from: { target: { standing: 'doubt', sentMost: 100, putOnly: true } },
      on: sent({ answer: answer(412) }),
      leads: ASK,
      delayed: true,
    },
    {
      name: 'fails when the server keeps it waiting without end',
      on: sent({ broke: 'endless' }),
      leads: 'failed',
    },
  ];
  it.each(cases)('$name', (row) => check(putThenPatch, begun(Infinity), row));
});

describe('a repeated request', () => {
  const post: Action = { do: 'post' };
  const cases: readonly Case[] = [
    { name: 'begins', on: { kind: 'begin' }, leads: post },
    { name: 'is sent again after a break', on: ended('post', { broke: 'fin' }), leads: post, delayed: true },
    {
      name: 'is sent again after an answer that broke off',
      on: ended('post', { broke: 'fin', answer: answer(200, { whole: false }) }),
      leads: post,
      delayed: true,
    },
    {
      name: 'is refused by an error whose content broke off: the status says all',
      on: ended('post', { broke: 'fin', answer: answer(404, { whole: false }) }),
      leads: 'refused',
      final: 'answer',
      says: /404 Reason; its content broke off/,
    },
    {
      name: 'waits after a 503 that names a time, whether its content came or not',
      on: ended('post', { broke: 'fin', answer: answer(503, { whole: false, retryAfter: 2_000 }) }),
      leads: post,
      delayed: true,
    },
    { name: 'is done after a 2xx', on: ended('post', { answer: answer(204) }), leads: 'completed' },
    {
      name: 'is done after a 304, which it asked for',
      on: ended('post', { answer: answer(304) }),
      leads: 'completed',
    },
    { name: 'is refused by a 404', on: ended('post', { answer: answer(404) }), leads: 'refused' },
    {
      name: 'is refused by a 412',
      on: ended('post', { answer: answer(412) }),
      leads: 'refused',
      says: /^The server answered 412 Reason\.$/,
    },
    {
      name: 'is refused by a 412 after a break, and says that what is there may be its own',
      from: { target: { standing: 'doubt' } },
      on: ended('post', { answer: answer(412) }),
      leads: 'refused',
      says: /may be our own: an earlier try/,
    },
    {
      name: 'does not know after a break whether it was carried out',
      on: ended('post', { broke: 'rst' }),
      leads: post,
      delayed: true,
      known: { target: { standing: 'doubt' } },
    },
    {
      name: 'knows that it was not where the answer began with a refusal',
      on: ended('post', { broke: 'fin', answer: answer(503, { whole: false }) }),
      leads: post,
      delayed: true,
      known: { target: { standing: 'absent' } },
    },
    {
      name: 'changes nothing, lost or not, where it only reads',
      from: { safe: true },
      on: ended('post', { broke: 'fin' }),
      leads: post,
      delayed: true,
      known: { target: { standing: 'absent' } },
    },
    { name: 'is refused by a 500', on: ended('post', { answer: answer(500) }), leads: 'refused' },
    { name: 'follows no redirect', on: ended('post', { answer: answer(302) }), leads: 'refused' },
    {
      name: 'is refused by a 503 without a time',
      on: ended('post', { answer: answer(503) }),
      leads: 'refused',
    },
    ...[409, 423, 429, 503].map((status) => ({
      name: `waits after a ${status} that names a time`,
      on: ended('post', { answer: answer(status, { retryAfter: 2_000 }) }),
      leads: post,
      delayed: true,
    })),
    {
      name: 'waits so often only',
      from: { tries: MAX_TRIES },
      on: ended('post', { answer: answer(503, { retryAfter: 2_000 }) }),
      leads: 'failed',
    },
    {
      name: 'fails after an early 2xx',
      on: ended('post', { sentTo: 40, answer: answer(200) }),
      leads: 'failed',
    },
    {
      name: 'is refused where nobody listens',
      from: { connected: false },
      on: { kind: 'unreachable', purpose: 'post', sentence: 'Nobody.' },
      leads: 'refused',
    },
    {
      name: 'is sent again when the server is away for a while',
      on: { kind: 'unreachable', purpose: 'post', sentence: 'Gone.' },
      leads: post,
      delayed: true,
    },
    { name: 'fails on what is no HTTP', on: { kind: 'nonsense', sentence: 'No HTTP.' }, leads: 'failed' },
  ];
  it.each(cases)('$name', (row) => check(repeat, begun(Infinity), row));
});

describe('a download', () => {
  const get = (from: number): Action => ({ do: 'download', from });
  const here = (have: number, more: Partial<Reception> = {}): Partial<Ended> => ({
    reception: { ...NOTHING_RECEIVED, have, complete: 100, validator: '"v1"', ...more },
  });
  const came = (more: Partial<Ended>): Happening =>
    ended('download', { goal: 0, sentTo: 0, issuedTo: 0, reading: 'anew', ...more });
  const cut = { broke: 'rst', answer: answer(200, { whole: false }) } as const;
  const cases: readonly Case[] = [
    { name: 'begins at 0', on: { kind: 'begin' }, leads: get(0) },
    {
      name: 'is done when all came',
      on: came({ ...here(100), answer: answer(200) }),
      leads: 'completed',
      final: 'reception',
    },
    {
      name: 'is asked for again when nothing came',
      on: came({ broke: 'rst', reading: null }),
      leads: get(0),
      delayed: true,
    },
    {
      name: 'goes on at its byte',
      on: came({ ...cut, ...here(40) }),
      leads: get(40),
      delayed: true,
      known: { resumes: 1 },
    },
    {
      name: 'goes on at its byte when the answer to that was lost',
      on: came({ broke: 'silence', reading: null, ...here(40) }),
      leads: get(40),
      delayed: true,
    },
    {
      name: 'begins again without a validator, and says so',
      on: came({ ...cut, ...here(40, { validator: null }) }),
      leads: get(0),
      delayed: true,
      says: /no strong entity tag/,
    },
    {
      name: 'is done when the rest came',
      on: came({ ...here(100), askedFrom: 40, reading: 'continues', answer: answer(206) }),
      leads: 'completed',
    },
    {
      name: 'asks on when the server gave a part of the rest',
      on: came({ ...here(70), askedFrom: 40, reading: 'continues', answer: answer(206) }),
      leads: get(70),
      delayed: true,
    },
    {
      name: 'begins again when the range is not the one asked for',
      on: came({
        ...here(40),
        askedFrom: 40,
        reading: 'ignored',
        broke: 'rst',
        answer: answer(206, { whole: false }),
      }),
      leads: get(0),
      delayed: true,
      says: /again from the start/,
    },
    {
      name: 'says that what was read is void when all of it comes instead',
      on: came({ ...here(100), askedFrom: 40, answer: answer(200) }),
      leads: 'completed',
      says: /is void/,
    },
    {
      name: 'is done when there are no more bytes (416)',
      on: came({
        ...here(100, { complete: null }),
        reading: 'ignored',
        answer: answer(416, { contentRange: { unit: 'bytes', first: null, last: null, complete: 100 } }),
      }),
      leads: 'completed',
      final: 'reception',
    },
    {
      name: 'asks on when a part came and no length is known',
      on: came({ ...here(60, { complete: null }), askedFrom: 50, reading: 'continues', answer: answer(206) }),
      leads: get(60),
      delayed: true,
    },
    {
      name: 'begins again when a 416 tells the end here, but more was announced',
      on: came({
        ...here(50),
        reading: 'ignored',
        answer: answer(416, { contentRange: { unit: 'bytes', first: null, last: null, complete: 50 } }),
      }),
      leads: get(0),
      delayed: true,
    },
    {
      name: 'begins again when a 416 tells another length',
      on: came({
        ...here(60),
        reading: 'ignored',
        answer: answer(416, { contentRange: { unit: 'bytes', first: null, last: null, complete: 50 } }),
      }),
      leads: get(0),
      delayed: true,
    },
    {
      name: 'comes back after a 503, with what it has',
      on: came({ ...here(40), reading: 'ignored', answer: answer(503, { retryAfter: 1_000 }) }),
      leads: get(40),
      delayed: true,
    },
    { name: 'is refused by a 404', on: came({ answer: answer(404) }), leads: 'refused', final: 'answer' },
    {
      name: 'is refused by a 404 whose content broke off',
      on: came({ broke: 'rst', answer: answer(404, { whole: false }) }),
      leads: 'refused',
      says: /its content broke off/,
    },
    {
      name: 'is done after a 304, which its user asked for',
      on: came({ answer: answer(304) }),
      leads: 'completed',
      final: 'answer',
    },
    {
      name: 'is refused by a 304 that nobody asked for',
      on: came({ ...here(40), reading: 'ignored', answer: answer(304) }),
      leads: 'refused',
    },
    { name: 'follows no redirect', on: came({ answer: answer(302) }), leads: 'refused' },
    {
      name: 'tells a 299 as incomplete',
      on: came({ ...here(40), answer: answer(299) }),
      leads: 'failed',
      final: 'reception',
      says: /incomplete \(299 Reason\): 40 bytes/,
    },
    {
      name: 'tells a 200 as incomplete that says of itself that it is a part',
      on: came({
        ...here(40),
        answer: answer(200, { contentRange: { unit: 'bytes', first: 0, last: 39, complete: 100 } }),
      }),
      leads: 'failed',
    },
    {
      name: 'gives up after the last try',
      from: { tries: MAX_TRIES },
      on: came({ ...cut, ...here(40) }),
      leads: 'failed',
    },
  ];
  it.each(cases)('$name', (row) => check(resumeDownload, begun(Infinity), row));
});

describe('a sparse upload', () => {
  it.each<Case>([
    { name: 'creates', on: { kind: 'begin' }, leads: segment(0, 40, true) },
    {
      name: 'has created when the first segment is stored',
      on: wrote(0, 40, { answer: answer(299) }),
      leads: 'completed',
    },
    {
      name: 'has created when HEAD tells that segment',
      from: { target: doubt },
      on: size(40),
      leads: 'completed',
    },
    {
      name: 'completes the first segment where the server kept a part all the same',
      from: { target: doubt },
      on: size(12),
      leads: segment(12, 40),
    },
    { name: 'is refused by a 405', on: wrote(0, 40, { answer: answer(405) }), leads: 'refused' },
  ])('$name', (row) => check(creating(40), begun(40), row));

  it.each([409, 423, 500, 503])(
    'sends a segment again after a %d without a time, as one after the other does',
    (status) => {
      for (const { decide } of [writing([40, 80], LENGTH), checking])
        expect(decide(begun(40), ended('post', { answer: answer(status) }), 0)).toMatchObject({
          action: { do: 'post' },
          situation: { tries: 1 },
        });
    },
  );

  it('says why a segment without an answer is sent again, and of no segment that it is complete', () => {
    const { decide } = writing([40, 80], LENGTH);
    const again = decide(begun(40), ended('post', { broke: 'rst' }), 0);
    expect(again.action).toEqual({ do: 'post' });
    expect(again.steps.at(-1)?.why).toMatch(/cannot be asked/);
    expect(decide(begun(40), ended('post', { answer: answer(200) }), 0)).toMatchObject({
      action: { outcome: 'completed' },
      steps: [],
    });
  });
});

describe('the strategies on the target', () => {
  it.each([
    ['segmented-upload', segmentedUpload],
    ['put-then-patch', putThenPatch],
    ['repeat', repeat],
    ['resume-download', resumeDownload],
  ])('%s comes to an end against any server that never moves on', (_name, strategy) => {
    const responses = fc.record({
      status: fc.constantFrom(
        null,
        200,
        201,
        202,
        206,
        299,
        302,
        400,
        404,
        405,
        409,
        412,
        416,
        500,
        501,
        503,
      ),
      whole: fc.boolean(),
      length: fc.constantFrom(null, 0, 12, 40, 100),
      share: fc.constantFrom(0, 0.5, 1),
      reading: fc.constantFrom('anew' as const, 'continues' as const, 'ignored' as const),
      have: fc.constantFrom(0, 40, 100),
    });
    const server = fc.record({
      put: responses,
      segment: responses,
      size: responses,
      post: responses,
      download: responses,
    });
    fc.assert(
      fc.property(server, (does) => {
        let decision = strategy.decide(begun(40), { kind: 'begin' }, 0);
        for (let i = 0; i < 1_000; i++) {
          const { action } = decision;
          if (action.do === 'end') return;
          const purpose: Purpose = action.do === 'ask-size' ? 'size' : (action.do as Purpose);
          const said = does[purpose as keyof typeof does];
          const goal = action.do === 'segment' ? action.to : LENGTH;
          const sentTo = Math.floor(goal * said.share);
          decision = strategy.decide(
            decision.situation,
            ended(purpose, {
              goal,
              sentTo,
              issuedTo: goal,
              broke: said.status === null ? 'rst' : null,
              answer:
                said.status === null
                  ? null
                  : answer(said.status, { whole: said.whole, contentLength: said.length, retryAfter: 1_000 }),
              reception: { ...NOTHING_RECEIVED, have: said.have, complete: 100, validator: '"v"' },
              reading: said.reading,
            }),
            0,
          );
        }
        expect.unreachable(`still at it: ${JSON.stringify(decision)}`);
      }),
      { numRuns: 2000 },
    );
  });
});
