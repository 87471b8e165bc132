// The decisions of the upload protocols against servers that say anything at all, in any order: they come to an end, and
// never send again what a server has said to have.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../electron/client/uploads/ietf/upload-decisions.ts';
import { ietfProtocol } from '../../../../electron/client/uploads/ietf/protocol.ts';
import { type Ended, type UploadTold, beginning } from '../../../../electron/client/situation.ts';
import type { Strategy, StrategyOptions } from '../../../../electron/client/strategy.ts';
import { asking, concatenating, partial } from '../../../../electron/client/uploads/tus/concatenation.ts';
import { deciding } from '../../../../electron/client/uploads/tus/upload-decisions.ts';
import { tusProtocol } from '../../../../electron/client/uploads/tus/protocol.ts';
import { NOTHING_TOLD, firstTo, uploadOf } from '../../../../electron/client/uploads/upload-protocol.ts';
import { NO_UPLOAD_LIMIT } from '../../../../shared/fields/upload-limit.ts';
import { answer, ended } from '../happenings.ts';

const LENGTH = 100;
const REQUEST = { method: 'POST', url: 'http://127.0.0.1:9/uploads', fields: [], content: null };

const offset = fc.constantFrom(null, 0, 12, 40, 60, 99, 100, 101);
const place = fc.constantFrom(null, 'http://127.0.0.1:9/up/1', 'http://127.0.0.1:9/up/2');
const told: fc.Arbitrary<UploadTold> = fc
  .record({
    spoken: fc.boolean(),
    location: place,
    foreign: fc.constantFrom(null, null, null, 'http://198.51.100.7/'),
    second: fc.constantFrom(null, null, null, 'http://127.0.0.1:9/up/3'),
    interimOffset: offset,
    offset,
    complete: fc.constantFrom(null, true, false),
    length: fc.constantFrom(null, null, 100, 5),
    limits: fc.constantFrom(
      null,
      null,
      NO_UPLOAD_LIMIT,
      { ...NO_UPLOAD_LIMIT, maxAppendSize: 30 },
      { ...NO_UPLOAD_LIMIT, maxAppendSize: 0 },
      { ...NO_UPLOAD_LIMIT, minAppendSize: 50, maxAppendSize: 20 },
      { ...NO_UPLOAD_LIMIT, maxSize: 7, maxAge: 1 },
    ),
    versions: fc.constantFrom(null, '1.0.0', '0.2.2'),
    extensions: fc.constantFrom(null, 'creation', 'creation,concatenation'),
  })
  .map((some) => ({ ...NOTHING_TOLD, ...some }));

const turn = fc.record({
  status: fc.constantFrom(
    null,
    null,
    200,
    201,
    201,
    204,
    204,
    204,
    302,
    307,
    308,
    400,
    403,
    404,
    409,
    410,
    412,
    413,
    417,
    423,
    460,
    500,
    501,
    503,
  ),
  whole: fc.boolean(),
  share: fc.constantFrom(0, 0.5, 1, 1),
  continued: fc.boolean(),
  progressed: fc.constant(false),
  broke: fc.constantFrom('rst' as const, 'fin' as const, 'silence' as const),
  location: fc.constantFrom(null, 'http://127.0.0.1:9/moved', 'http://198.51.100.7/moved'),
  retryAfter: fc.constantFrom(null, 0, 1_000),
  told,
});

const options: readonly StrategyOptions[] = [
  {},
  { first: 'empty' },
  { first: 'whole', segmentSize: 40 },
  { discover: true, cancel: true, deleteWhenDone: true },
  { discover: true, checksum: 'sha1', first: 'whole', parallel: 2 },
];

const strategies: readonly (readonly [string, (some: StrategyOptions) => Strategy])[] = [
  ['ietf-upload', () => ({ resumable: false, protocol: ietfProtocol, decide })],
  ['tus-upload', (some) => ({ resumable: false, protocol: tusProtocol, decide: deciding(some) })],
  ['a partial upload', partial],
  ['the question before', asking],
  ['the final upload', (some) => concatenating(some, ['http://127.0.0.1:9/up/1', 'http://127.0.0.1:9/up/2'])],
];

describe.each(strategies)('%s', (name, strategyFor) => {
  it.each(options)('comes to an end whatever the server says, with %j', (some) => {
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 12 }), (turns) => {
        const strategy = strategyFor(some);
        const protocol = strategy.protocol!(some);
        const start = beginning(LENGTH, {
          resumable: false,
          idempotent: false,
          segments: [],
          deleteWhenDone: some.deleteWhenDone ?? false,
        });
        let decision = strategy.decide(protocol.begin(start, REQUEST), { kind: 'begin' }, 0);
        for (let i = 0; i < 1_000; i++) {
          const { action, situation, steps } = decision;
          for (const { why } of steps) expect(why).toMatch(/^[A-Z0-9].*[.?]$/);
          if (action.do === 'end') return;
          const errand = protocol.errand(action, situation, REQUEST);
          if (action.do === 'append') {
            expect(action.from).toBeGreaterThanOrEqual(uploadOf(situation).told);
            expect(action.to).toBeLessThanOrEqual(LENGTH);
            expect(action.to > action.from || action.from === LENGTH).toBe(true);
          }
          const from = action.do === 'append' ? action.from : 0;
          const goal = action.do === 'append' ? action.to : action.do === 'post' ? firstTo(situation) : 0;
          const said = turns[i % turns.length]!;
          // There are no interim responses in tus.
          const heard = name === 'ietf-upload' ? said.told : { ...said.told, interimOffset: null };
          const sentTo = Math.floor(from + (goal - from) * said.share);
          const more: Partial<Ended> = {
            goal,
            sentTo,
            issuedTo: sentTo,
            continued: said.continued,
            elapsed: i * 1_000,
            upload: heard,
            requestContent: errand.purpose === 'post' ? said.told.location : null,
          };
          const doubtful = said.status === null && action.do === 'post' && sentTo > 0;
          decision = strategy.decide(
            situation,
            said.status === null
              ? ended(errand.purpose, { ...more, broke: said.broke })
              : ended(errand.purpose, {
                  ...more,
                  broke: said.whole ? null : said.broke,
                  answer: answer(said.status, {
                    whole: said.whole,
                    location: said.location,
                    retryAfter: said.retryAfter,
                  }),
                }),
            0,
          );
          // A POST that may have done its work is not sent twice.
          if (doubtful && name === 'ietf-upload') expect(decision.action.do).not.toBe('post');
        }
        expect.unreachable(`still at it: ${JSON.stringify(decision)}`);
      }),
      { numRuns: 1_000 },
    );
  });
});
