// The decisions of a resumable request, as a table: what is known, what happened, what follows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TRIES } from '../../../electron/client/backoff.ts';
import { plain } from '../../../electron/client/plain.ts';
import { decide } from '../../../electron/client/resumable-request-decisions.ts';
import {
  type Action,
  type End,
  type Ended,
  type Happening,
  type Reception,
  type Situation,
  beginning,
} from '../../../electron/client/situation.ts';
import { answer, ended } from './happenings.ts';

const REQ = 'http://h/job/1.req';
const RES = 'http://h/job/1.res';
const JOB = 'http://h/job/1.job';

const start = beginning(100, { resumable: true, idempotent: false, segments: [], deleteWhenDone: false });
const begun: Situation = { ...start, connected: true, requestContent: REQ, responseMessage: RES };

function offset(length: number | null, status = 299, reason = 'Incomplete Content'): Happening {
  return ended('offset', { goal: 0, sentTo: 0, answer: answer(status, { contentLength: length, reason }) });
}

const document = (status: number, whole = true): Partial<Ended> => ({
  answer: answer(200),
  document: { status, reason: 'Created', whole },
});

interface Case {
  readonly name: string;
  readonly from?: Partial<Situation>;
  readonly on: Happening;
  /** The action, or the outcome of an end. */
  readonly leads: Action | 'completed' | 'failed' | 'refused';
  readonly known?: Partial<Situation>;
  readonly delayed?: boolean;
  readonly final?: End['final'];
}

const askOffset: Action = { do: 'ask-offset' };
const post: Action = { do: 'post' };
const follow: Action = { do: 'follow-status' };
const fetchNow: Action = { do: 'fetch-response', restart: true, wait: false };
const fetchWaiting: Action = { do: 'fetch-response', restart: true, wait: true };
const at = (have: number): Reception => ({
  have,
  complete: 20,
  validator: '"v1"',
  at: 'http://u:secret@h/items/1',
});
const lost = { requestContent: null, responseMessage: null } as const;

const cases: readonly Case[] = [
  // The initial request
  { name: 'begins with the request', from: { ...start }, on: { kind: 'begin' }, leads: post },
  {
    name: 'gives up at once when the very first connection is refused',
    from: { ...start },
    on: { kind: 'unreachable', purpose: 'post', sentence: 'Nothing listens there.' },
    leads: 'refused',
  },
  {
    name: 'sends the same request again when it broke before the 100',
    from: { ...start },
    on: ended('post', { broke: 'rst', continued: false, sentTo: 0 }),
    leads: post,
    known: { tries: 1, waitForContinue: true },
    delayed: true,
  },
  {
    name: 'sends the content unasked after three silent waits for the 100',
    from: { ...start, silences: 2 },
    on: ended('post', { broke: 'silence', continued: false, sentTo: 0 }),
    leads: post,
    known: { waitForContinue: false },
    delayed: true,
  },
  {
    name: 'drops the expectation once after 417',
    from: { ...start },
    on: ended('post', { continued: false, sentTo: 0, answer: answer(417) }),
    leads: post,
    known: { expect: false },
  },
  {
    name: 'does not drop it twice',
    from: { ...start, expect: false },
    on: ended('post', { continued: false, answer: answer(417) }),
    leads: 'refused',
    final: 'answer',
  },
  {
    name: 'asks how much arrived when it broke while uploading',
    from: { ...start },
    on: ended('post', { broke: 'rst', sentTo: 70, requestContent: REQ, responseMessage: RES }),
    leads: askOffset,
    known: { requestContent: REQ, responseMessage: RES, tries: 1 },
    delayed: true,
  },
  {
    name: 'gives up when it broke while uploading and no place was named',
    from: { ...start },
    on: ended('post', { broke: 'fin', sentTo: 70 }),
    leads: 'failed',
    final: 'none',
  },
  {
    name: 'repeats an idempotent request when no place was named',
    from: { ...start, idempotent: true },
    on: ended('post', { broke: 'fin', sentTo: 70 }),
    leads: post,
    delayed: true,
  },
  {
    name: 'waits as long as a busy server says before content was sent',
    from: { ...start },
    on: ended('post', { continued: false, sentTo: 0, answer: answer(503, { retryAfter: 2_000 }) }),
    leads: post,
    delayed: true,
  },
  {
    name: 'takes an error as the answer',
    on: ended('post', { answer: answer(500) }),
    leads: 'refused',
    final: 'answer',
  },
  { name: 'takes a redirect as a refusal', on: ended('post', { answer: answer(302) }), leads: 'refused' },
  {
    name: 'is done after a 2xx',
    on: ended('post', { answer: answer(201) }),
    leads: 'completed',
    final: 'answer',
  },
  {
    name: 'does not believe a 2xx that came before the content was sent',
    on: ended('post', { sentTo: 40, answer: answer(200) }),
    leads: 'failed',
    final: 'answer',
  },
  {
    name: 'fetches the kept response when the final one broke off',
    on: ended('post', { broke: 'rst', answer: answer(201, { whole: false }) }),
    leads: fetchWaiting,
    delayed: true,
  },
  {
    name: 'fails when the final response broke off and no copy is offered',
    from: lost,
    on: ended('post', { broke: 'rst', answer: answer(201, { whole: false }) }),
    leads: 'failed',
    final: 'answer',
  },
  {
    name: 'is refused by an error whose content broke off, where no copy is offered',
    from: lost,
    on: ended('post', { broke: 'rst', answer: answer(500, { whole: false }) }),
    leads: 'refused',
    final: 'answer',
  },
  {
    name: 'is done after a 304, which its user asked for',
    on: ended('post', { answer: answer(304) }),
    leads: 'completed',
    final: 'answer',
  },
  {
    name: 'follows the status document when the final response broke off and nothing else is known',
    from: { ...lost, status: JOB },
    on: ended('post', { broke: 'rst', answer: answer(201, { whole: false }) }),
    leads: follow,
    delayed: true,
  },
  {
    name: 'follows the status document of a 202',
    on: ended('post', { answer: answer(202), status: JOB }),
    leads: follow,
  },
  {
    name: 'follows it even if the 202 broke off',
    on: ended('post', { broke: 'fin', answer: answer(202, { whole: false }), status: JOB }),
    leads: follow,
    delayed: true,
  },
  {
    name: 'reads the response later when a 202 names no status',
    on: ended('post', { answer: answer(202) }),
    leads: fetchWaiting,
  },
  {
    name: 'has nothing more to do after a 202 that names nothing',
    from: lost,
    on: ended('post', { answer: answer(202) }),
    leads: 'completed',
  },
  { name: 'fails on what is no HTTP', on: { kind: 'nonsense', sentence: 'No HTTP.' }, leads: 'failed' },

  // Where do we stand?
  {
    name: 'does not believe that more arrived than was ever sent',
    from: { target: { ...begun.target, sentMost: 70 } },
    on: ended('offset', { issuedTo: 0, answer: answer(299, { contentLength: 71 }) }),
    leads: 'failed',
  },
  {
    name: 'believes that all arrived that was ever given to the wire',
    from: { target: { ...begun.target, sentMost: 70 } },
    on: ended('offset', { issuedTo: 0, answer: answer(299, { contentLength: 70 }) }),
    leads: { do: 'append', from: 70, to: 100 },
  },
  {
    name: 'remembers how far it sent at the most',
    from: { target: { ...begun.target, sentMost: 70 } },
    on: ended('append', { broke: 'rst', issuedTo: 60, goal: 60 }),
    leads: askOffset,
    known: { target: { ...begun.target, sentMost: 70 } },
    delayed: true,
  },
  {
    name: 'asks again when the question was lost',
    on: ended('offset', { broke: 'fin' }),
    leads: askOffset,
    delayed: true,
  },
  {
    name: 'sends the rest',
    on: offset(3),
    leads: { do: 'append', from: 3, to: 100 },
    known: { stored: 3, resumes: 1, incompleteStatus: 299 },
  },
  {
    name: 'sends the rest from the start when nothing arrived',
    on: offset(0),
    leads: { do: 'append', from: 0, to: 100 },
  },
  {
    name: 'sends the next segment only',
    from: { segments: [20] },
    on: offset(3),
    leads: { do: 'append', from: 3, to: 20 },
  },
  {
    name: 'skips segments that are there already',
    from: { segments: [20, 60] },
    on: offset(20),
    leads: { do: 'append', from: 20, to: 60 },
  },
  {
    name: 'infers nothing from a 200: lengths count',
    on: offset(3, 200, 'OK'),
    leads: { do: 'append', from: 3, to: 100 },
    known: { incompleteStatus: null },
  },
  {
    name: 'infers nothing from a 299 either',
    on: offset(100),
    leads: fetchWaiting,
    known: { resumes: 1, incompleteStatus: null },
  },
  {
    name: 'knows the proof of concept by its reason',
    on: offset(3, 299, 'Incomplete Resource'),
    leads: { do: 'append', from: 3, to: 100 },
    known: { legacyServer: true },
  },
  {
    name: 'follows the status when only that is known',
    from: { responseMessage: null, status: JOB },
    on: offset(100, 200),
    leads: follow,
  },
  {
    name: 'fails when everything arrived and the response is nowhere',
    from: { responseMessage: null },
    on: offset(100, 200),
    leads: 'failed',
  },
  { name: 'gives up when the upload is gone (404)', on: offset(null, 404), leads: 'failed' },
  { name: 'gives up when the upload is gone (410)', on: offset(null, 410), leads: 'failed' },
  { name: 'is refused by a 403', on: offset(null, 403), leads: 'refused' },
  { name: 'asks again after a 503', on: offset(null, 503), leads: askOffset, delayed: true },
  { name: 'fails without a length', on: offset(null), leads: 'failed' },
  { name: 'fails when the server claims more than there is', on: offset(101), leads: 'failed' },
  {
    name: 'resets its patience when more arrived',
    from: { tries: 7, best: 50 },
    on: offset(51),
    leads: { do: 'append', from: 51, to: 100 },
    known: { tries: 0 },
  },
  {
    name: 'does not when nothing did',
    from: { tries: 7, best: 50 },
    on: offset(50),
    leads: { do: 'append', from: 50, to: 100 },
    known: { tries: 7 },
  },
  {
    name: 'goes on where the server is, even if it lost bytes',
    from: { best: 50 },
    on: offset(10),
    leads: { do: 'append', from: 10, to: 100 },
  },

  // The rest
  {
    name: 'asks where it stands after a broken PATCH',
    on: ended('append', { broke: 'rst', sentTo: 60 }),
    leads: askOffset,
    delayed: true,
  },
  {
    name: 'goes on with the next segment',
    from: { segments: [20] },
    on: ended('append', { goal: 20, sentTo: 20, answer: answer(299) }),
    leads: { do: 'append', from: 20, to: 100 },
    known: { stored: 20 },
  },
  {
    name: 'goes on after a plain 200 for a segment, too',
    on: ended('append', { goal: 20, sentTo: 20, answer: answer(200) }),
    leads: { do: 'append', from: 20, to: 100 },
  },
  {
    name: 'asks when a segment was answered early',
    on: ended('append', { goal: 20, sentTo: 9, answer: answer(200) }),
    leads: askOffset,
    delayed: true,
  },
  {
    name: 'takes the answer to the last PATCH as the answer',
    on: ended('append', { answer: answer(201) }),
    leads: 'completed',
    final: 'answer',
    known: { stored: 100 },
  },
  {
    name: 'follows the 202 to the last PATCH',
    on: ended('append', { answer: answer(202), status: JOB }),
    leads: follow,
  },
  {
    name: 'asks when the last PATCH is called incomplete',
    from: { incompleteStatus: 299 },
    on: ended('append', { answer: answer(299) }),
    leads: askOffset,
    delayed: true,
  },
  {
    name: 'asks when the last PATCH is answered by 299 though nothing was called so before',
    on: ended('append', { answer: answer(299) }),
    leads: askOffset,
    delayed: true,
  },
  {
    name: 'asks when the last PATCH is called incomplete by the name of it',
    on: ended('append', { answer: answer(200, { reason: 'Incomplete Content' }) }),
    leads: askOffset,
    delayed: true,
  },
  {
    name: 'asks when the request itself is answered by 299',
    on: ended('post', { answer: answer(299) }),
    leads: askOffset,
    delayed: true,
  },
  {
    name: 'fetches the response of the proof of concept',
    from: { legacyServer: true },
    on: ended('append', { answer: answer(200) }),
    leads: fetchNow,
  },
  {
    name: 'asks once when a PATCH is turned down',
    on: ended('append', { answer: answer(409) }),
    leads: askOffset,
    delayed: true,
    known: { rejections: 1 },
  },
  {
    name: 'is refused when it is turned down again',
    from: { rejections: 1 },
    on: ended('append', { answer: answer(409) }),
    leads: 'refused',
  },
  {
    name: 'asks after a 500 to a PATCH',
    on: ended('append', { answer: answer(500) }),
    leads: askOffset,
    delayed: true,
  },
  { name: 'is refused without PATCH (405)', on: ended('append', { answer: answer(405) }), leads: 'refused' },
  {
    name: 'is refused without message/byterange (415)',
    on: ended('append', { answer: answer(415) }),
    leads: 'refused',
  },
  { name: 'is refused by a 401', on: ended('append', { answer: answer(401) }), leads: 'refused' },
  {
    name: 'is refused by a redirect of the PATCH',
    on: ended('append', { answer: answer(307) }),
    leads: 'refused',
  },
  {
    name: 'gives up when the upload is gone at the PATCH',
    on: ended('append', { answer: answer(410) }),
    leads: 'failed',
  },

  // The rest of a final response whose content broke off
  {
    name: 'asks for the rest of the content at its Content-Location',
    on: ended('post', { broke: 'rst', reception: at(7), answer: answer(201, { whole: false }) }),
    leads: { do: 'fetch-rest', from: 7 },
    delayed: true,
  },
  {
    name: 'does so after the PATCH that completed the upload, too',
    on: ended('append', { broke: 'rst', reception: at(7), answer: answer(200, { whole: false }) }),
    leads: { do: 'fetch-rest', from: 7 },
    delayed: true,
  },
  {
    name: 'does not without a strong validator',
    on: ended('post', {
      broke: 'rst',
      reception: { ...at(7), validator: null },
      answer: answer(201, { whole: false }),
    }),
    leads: fetchWaiting,
    delayed: true,
  },
  {
    name: 'is done when the rest came',
    on: ended('rest', { reading: 'continues', reception: at(20), answer: answer(206) }),
    leads: 'completed',
    final: 'reception',
  },
  {
    name: 'asks on when the rest broke off',
    on: ended('rest', {
      broke: 'fin',
      reading: 'continues',
      reception: at(9),
      answer: answer(206, { whole: false }),
    }),
    leads: { do: 'fetch-rest', from: 9 },
    delayed: true,
  },
  {
    name: 'asks again when the answer was lost',
    on: ended('rest', { broke: 'silence', reception: at(9) }),
    leads: { do: 'fetch-rest', from: 9 },
    delayed: true,
  },
  {
    name: 'is done when there is no more behind it',
    on: ended('rest', {
      reading: 'ignored',
      reception: at(20),
      answer: answer(416, { contentRange: { unit: 'bytes', first: null, last: null, complete: 20 } }),
    }),
    leads: 'completed',
    final: 'reception',
  },
  {
    name: 'begins the rest anew when a 416 tells another length than was announced',
    from: lost,
    on: ended('rest', {
      reading: 'ignored',
      reception: at(9),
      answer: answer(416, { contentRange: { unit: 'bytes', first: null, last: null, complete: 9 } }),
    }),
    leads: 'failed',
    final: 'reception',
  },
  {
    name: 'asks on when a part came and no length is known',
    on: ended('rest', { reading: 'continues', reception: { ...at(9), complete: null }, answer: answer(206) }),
    leads: { do: 'fetch-rest', from: 9 },
    delayed: true,
  },
  {
    name: 'comes back after a 503',
    on: ended('rest', { reading: 'ignored', reception: at(9), answer: answer(503) }),
    leads: { do: 'fetch-rest', from: 9 },
    delayed: true,
  },
  {
    name: 'reads the response document when the representation has changed',
    on: ended('rest', { reading: 'ignored', reception: at(9), answer: answer(200) }),
    leads: fetchWaiting,
  },
  {
    name: 'fails when it has changed and no document is kept',
    from: lost,
    on: ended('rest', { reading: 'ignored', reception: at(9), answer: answer(404) }),
    leads: 'failed',
    final: 'reception',
  },

  // What cannot be sent again
  {
    name: 'fails when the server went back behind what it acknowledged and what is not here any more',
    on: ended('offset', { goal: 0, released: 64, answer: answer(299, { contentLength: 32 }) }),
    leads: 'failed',
  },
  {
    name: 'goes on behind what was let go of',
    on: ended('offset', { goal: 0, released: 64, answer: answer(299, { contentLength: 64 }) }),
    leads: { do: 'append', from: 64, to: 100 },
  },
  {
    name: 'ends at once when the server keeps it waiting without end',
    from: { status: JOB },
    on: ended('status', { broke: 'endless' }),
    leads: 'failed',
  },

  // The response document
  {
    name: 'ends with the document',
    on: ended('response', document(201)),
    leads: 'completed',
    final: 'document',
  },
  {
    name: 'takes an error inside as a refusal',
    on: ended('response', document(500)),
    leads: 'refused',
    final: 'document',
  },
  {
    name: 'asks for the rest when the document broke off',
    on: ended('response', { ...document(201, false), broke: 'rst', answer: answer(200, { whole: false }) }),
    leads: { do: 'fetch-response', restart: false, wait: true },
    delayed: true,
  },
  {
    name: 'asks for the document again when nothing of it came',
    on: ended('response', { broke: 'fin' }),
    leads: { do: 'fetch-response', restart: false, wait: true },
    delayed: true,
  },
  {
    name: 'reads the document anew when the range is of another one',
    on: ended('response', { broke: 'rst', reading: 'ignored', answer: answer(206, { whole: false }) }),
    leads: fetchWaiting,
    delayed: true,
  },
  {
    name: 'asks on when only a part of the document came',
    on: ended('response', {
      ...document(201, false),
      reading: 'continues',
      missing: true,
      answer: answer(206),
    }),
    leads: { do: 'fetch-response', restart: false, wait: true },
    delayed: true,
  },
  {
    name: 'judges the document when a 416 tells that this is its end',
    on: ended('response', { ...document(201, true), answer: answer(416) }),
    leads: 'completed',
    final: 'document',
  },
  {
    name: 'comes back when there is no response yet',
    on: ended('response', { answer: answer(404, { retryAfter: 1_000 }) }),
    leads: fetchWaiting,
    delayed: true,
    known: { asks: 1, tries: 0 },
  },
  {
    name: 'does not come back for ever',
    from: { asks: 100 },
    on: ended('response', { answer: answer(404, { retryAfter: 1_000 }) }),
    leads: 'failed',
  },
  {
    name: 'gives up when the response is gone',
    on: ended('response', { answer: answer(404) }),
    leads: 'failed',
  },
  {
    name: 'starts over when the range is refused',
    on: ended('response', { answer: answer(416) }),
    leads: fetchWaiting,
    delayed: true,
  },
  {
    name: 'tries the response again after a 502',
    on: ended('response', { answer: answer(502) }),
    leads: fetchWaiting,
    delayed: true,
  },
  {
    name: 'is refused the response by a 403',
    on: ended('response', { answer: answer(403) }),
    leads: 'refused',
  },
  {
    name: 'fails when the document holds no response',
    on: ended('response', { answer: answer(200) }),
    leads: 'failed',
  },
  {
    name: 'fails when the kept response is cut short',
    on: ended('response', document(201, false)),
    leads: 'failed',
    final: 'document',
  },
  {
    name: 'says that it is done when it was asked to',
    from: { deleteWhenDone: true },
    on: ended('response', document(201)),
    leads: { do: 'delete', url: RES },
  },

  // The status document
  {
    name: 'reads the response when the job is done',
    from: { status: JOB },
    on: ended('status', { answer: answer(200) }),
    leads: fetchNow,
  },
  {
    name: 'ends with the status document when nothing else is known',
    from: { ...lost, status: JOB },
    on: ended('status', { answer: answer(200) }),
    leads: 'completed',
    final: 'answer',
  },
  {
    name: 'asks again while the job runs',
    from: { status: JOB },
    on: ended('status', { answer: answer(200, { unfinished: true, retryAfter: 1_000 }) }),
    leads: follow,
    delayed: true,
    known: { asks: 1 },
  },
  {
    name: 'asks again after another 202',
    from: { status: JOB },
    on: ended('status', { answer: answer(202) }),
    leads: follow,
    delayed: true,
  },
  {
    name: 'follows again after a break',
    from: { status: JOB },
    on: ended('status', { broke: 'silence' }),
    leads: follow,
    delayed: true,
  },
  {
    name: 'reads the response when the status is gone',
    from: { status: JOB },
    on: ended('status', { answer: answer(404) }),
    leads: fetchWaiting,
  },
  {
    name: 'gives up when the status is gone and nothing else known',
    from: { ...lost, status: JOB },
    on: ended('status', { answer: answer(410) }),
    leads: 'failed',
  },
  {
    name: 'tries the status again after a 500',
    from: { status: JOB },
    on: ended('status', { answer: answer(500) }),
    leads: follow,
    delayed: true,
  },
  {
    name: 'follows the 303 of a status document to the result',
    from: { status: JOB },
    on: ended('status', { answer: answer(303, { location: 'http://u:secret@h/items/1' }) }),
    leads: { do: 'fetch-result', url: 'http://u:secret@h/items/1' },
    known: { result: 'http://u:secret@h/items/1' },
  },
  {
    name: 'does not follow a 303 without Location',
    from: { status: JOB },
    on: ended('status', { answer: answer(303) }),
    leads: 'refused',
  },
  {
    name: 'ends with the result',
    from: { result: 'http://h/items/1' },
    on: ended('result', { answer: answer(200) }),
    leads: 'completed',
    final: 'answer',
  },
  {
    name: 'follows the result no further',
    from: { result: 'http://h/items/1' },
    on: ended('result', { answer: answer(303, { location: 'http://h/items/2' }) }),
    leads: 'refused',
  },
  {
    name: 'asks for the result again after a break',
    from: { result: 'http://h/items/1' },
    on: ended('result', { broke: 'rst' }),
    leads: { do: 'fetch-result', url: 'http://h/items/1' },
    delayed: true,
  },
  {
    name: 'asks for the result again after a 503',
    from: { result: 'http://h/items/1' },
    on: ended('result', { answer: answer(503) }),
    leads: { do: 'fetch-result', url: 'http://h/items/1' },
    delayed: true,
  },
  {
    name: 'counts its questions anew when the job moved on',
    from: { status: JOB, asks: 100 },
    on: ended('status', { progressed: true, answer: answer(200, { unfinished: true }) }),
    leads: follow,
    delayed: true,
    known: { asks: 1 },
  },
  {
    name: 'is refused the status by a 403',
    from: { status: JOB },
    on: ended('status', { answer: answer(403) }),
    leads: 'refused',
  },

  // The end
  {
    name: 'is completed whatever the DELETE says',
    from: { ending: { do: 'end', outcome: 'completed', reason: 'Done.', final: 'document' } },
    on: ended('delete', { answer: answer(405) }),
    leads: 'completed',
    final: 'document',
  },
  {
    name: 'is completed even if the DELETE is answered by no HTTP',
    from: { ending: { do: 'end', outcome: 'completed', reason: 'Done.', final: 'document' } },
    on: { kind: 'nonsense', sentence: 'No HTTP.' },
    leads: 'completed',
  },
  {
    name: 'is completed even if the DELETE is answered without end',
    from: { ending: { do: 'end', outcome: 'completed', reason: 'Done.', final: 'document' } },
    on: ended('delete', { broke: 'endless' }),
    leads: 'completed',
  },
  {
    name: 'lets the server forget the status document, too',
    from: {
      ending: { do: 'end', outcome: 'completed', reason: 'Done.', final: 'document' },
      toDelete: [RES, JOB],
    },
    on: ended('delete', { answer: answer(204) }),
    leads: { do: 'delete', url: JOB },
    known: { toDelete: [JOB] },
  },
  {
    name: 'is completed even if the DELETE cannot be sent',
    from: { ending: { do: 'end', outcome: 'completed', reason: 'Done.', final: 'document' } },
    on: { kind: 'unreachable', purpose: 'delete', sentence: 'Gone.' },
    leads: 'completed',
  },

  // A server that went away for a while
  {
    name: 'tries again when a server that was there cannot be reached',
    on: { kind: 'unreachable', purpose: 'append', sentence: 'Gone.' },
    leads: askOffset,
    delayed: true,
  },
  {
    name: 'tries the response again, too',
    on: { kind: 'unreachable', purpose: 'response', sentence: 'Gone.' },
    leads: { do: 'fetch-response', restart: false, wait: true },
    delayed: true,
  },
  {
    name: 'gives up after the last try',
    from: { tries: MAX_TRIES },
    on: ended('append', { broke: 'rst' }),
    leads: 'failed',
  },
];

describe('a resumable request', () => {
  it.each(cases)('$name', ({ from, on, leads, known, delayed, final }) => {
    const decision = decide({ ...begun, ...from }, on, 0.5);
    if (typeof leads === 'string') {
      expect(decision.action).toMatchObject({
        do: 'end',
        outcome: leads,
        ...(final === undefined ? {} : { final }),
      });
    } else expect(decision.action).toEqual(leads);
    if (known !== undefined) expect(decision.situation).toMatchObject(known);
    expect(decision.delay > 0).toBe(delayed ?? false);
    expect(decision.steps.length).toBeGreaterThan(0);
    for (const { why } of decision.steps) expect(why).toMatch(/^[A-Z0-9].*[.!]$/);
  });

  it('does not expect a 100 for a request without content', () => {
    expect(
      beginning(0, { resumable: true, idempotent: false, segments: [], deleteWhenDone: false }).expect,
    ).toBe(false);
  });

  it('shows no password in any sentence', () => {
    const secret = {
      requestContent: 'http://u:secret@h/1.req',
      responseMessage: 'http://u:secret@h/1.res',
      status: 'http://u:secret@h/1.job',
    };
    for (const { from, on } of cases) {
      const { steps, action } = decide({ ...begun, ...secret, ...from }, on, 0.5);
      expect(JSON.stringify([steps, action.do === 'end' ? action.reason : ''])).not.toContain('secret');
    }
  });

  it('comes to an end against any server that never moves on', () => {
    const on = (purpose: Ended['purpose']): fc.Arbitrary<Ended> =>
      fc.constantFrom(
        ...cases.flatMap((c) =>
          c.on.kind === 'ended' && c.on.end.purpose === purpose ? [{ ...c.on.end, progressed: false }] : [],
        ),
      );
    const server = fc.record({
      post: on('post'),
      'ask-offset': on('offset'),
      append: on('append'),
      'fetch-response': on('response'),
      'follow-status': on('status'),
      'fetch-rest': on('rest'),
      'fetch-result': on('result'),
      delete: on('delete'),
    });
    fc.assert(
      fc.property(server, fc.boolean(), fc.boolean(), (does, deleteWhenDone, idempotent) => {
        let decision = decide(
          { ...start, deleteWhenDone, idempotent, segments: [20, 60] },
          { kind: 'begin' },
          0,
        );
        for (let i = 0; i < 1_000; i++) {
          const { action } = decision;
          if (action.do === 'end') return;
          const end = does[action.do as keyof typeof does];
          const goal = action.do === 'append' ? action.to : end.goal;
          const happening: Happening = {
            kind: 'ended',
            end: { ...end, goal, sentTo: Math.min(end.sentTo, goal) },
          };
          decision = decide(decision.situation, happening, 0);
        }
        expect.unreachable(`still at it: ${JSON.stringify(decision)}`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('following progress only', () => {
  const watching = {
    ...beginning(0, { resumable: false, idempotent: false, segments: [], deleteWhenDone: false }),
    connected: true,
  };

  it('goes to the status document when the first connection broke after it was named', () => {
    const { action } = decide(watching, ended('post', { broke: 'rst', status: JOB, goal: 0, sentTo: 0 }), 0);
    expect(action).toEqual(follow);
  });

  it('does not send an unsafe request twice when it was not', () => {
    const { action } = decide(
      watching,
      ended('post', { broke: 'rst', continued: false, goal: 0, sentTo: 0 }),
      0,
    );
    expect(action).toMatchObject({ do: 'end', outcome: 'failed' });
  });
});

describe('a break without content', () => {
  it('is told without counts', () => {
    const watching = beginning(0, {
      resumable: false,
      idempotent: false,
      segments: [],
      deleteWhenDone: false,
    });
    const { action } = decide(
      { ...watching, connected: true },
      ended('post', { broke: 'fin', goal: 0, sentTo: 0 }),
      0,
    );
    expect(action).toMatchObject({
      reason: expect.stringMatching(/^The connection broke and the server had/),
    });
  });
});

describe('a plain request', () => {
  const once = beginning(100, { resumable: false, idempotent: true, segments: [], deleteWhenDone: false });
  it.each([
    ['completes with a 2xx', ended('post', { answer: answer(200) }), 'completed'],
    ['completes with a redirect, which is an answer', ended('post', { answer: answer(303) }), 'completed'],
    ['is refused by a 4xx', ended('post', { answer: answer(404) }), 'refused'],
    ['is refused by a 5xx', ended('post', { answer: answer(500) }), 'refused'],
    [
      'fails when the answer broke off',
      ended('post', { broke: 'fin', answer: answer(200, { whole: false }) }),
      'failed',
    ],
    ['fails when there was no answer', ended('post', { broke: 'rst' }), 'failed'],
    ['fails on what is no HTTP', { kind: 'nonsense', sentence: 'No HTTP.' } as const, 'failed'],
    [
      'is refused when nobody listens',
      { kind: 'unreachable', purpose: 'post', sentence: 'Nobody.' } as const,
      'refused',
    ],
  ] as const)('%s', (_name, on, outcome) => {
    expect(plain.decide(once, on, 0).action).toMatchObject({ do: 'end', outcome });
  });

  it.each([
    [200, 'completed'],
    [413, 'refused'],
  ])('says that a %d came before all of the content was sent', (status, outcome) => {
    expect(plain.decide(once, ended('post', { sentTo: 40, answer: answer(status) }), 0).action).toMatchObject(
      {
        outcome,
        reason: expect.stringMatching(/after 40 of 100 bytes: the rest was not sent/),
      },
    );
  });
});
