// What was heard, put into words: tables of answers as they come through proxies of all kinds.

import { describe, expect, it } from 'vitest';
import type { Heard, HeardHead } from '../../../../electron/experiments/survival/probe.ts';
import type { StatusSurvey } from '../../../../electron/experiments/survival/survey.ts';
import {
  answerIn,
  arrivals,
  changes,
  expectFate,
  fateOf,
  survives,
} from '../../../../electron/experiments/survival/verdict.ts';
import { interimFields } from '../../../../electron/server/resources/interims.ts';

const ANSWER = '{"sent":3,"version":"1.1","expect":null,"content":0}\n';
const OK: HeardHead = { status: 200, reason: 'OK', fields: [] };

const sent = (number: number, of: number, over: Partial<HeardHead> = {}): HeardHead => ({
  status: 103,
  reason: 'Early Hints',
  fields: interimFields(number, of),
  ...over,
});

const heard = (over: Partial<Heard> = {}): Heard => ({
  interim: [],
  final: OK,
  content: ANSWER,
  whole: true,
  broke: null,
  nonsense: false,
  reused: false,
  ...over,
});

const all = (times: number): HeardHead[] =>
  Array.from({ length: times }, (_, index) => sent(index + 1, times));

const surveyed = (
  heardOf: readonly (readonly [times: number, heard: Heard])[],
  dead = false,
): StatusSurvey => ({
  status: 103,
  heard: heardOf.map(([times, one]) => ({ times, heard: one })),
  dead,
});

describe('the fate of a probe', () => {
  it.each<[string, Heard, number, string | null]>([
    ['everything arrives', heard({ interim: all(3) }), 3, null],
    ['they are swallowed', heard(), 0, null],
    ['others arrive in their place', heard({ interim: [sent(1, 3, { status: 102 })] }), 0, null],
    ['502', heard({ interim: all(2), final: { ...OK, status: 502 }, content: '' }), 2, '502'],
    ['silence', heard({ final: null, content: '', whole: false, broke: 'silence' }), 0, 'nothing'],
    [
      'a close',
      heard({ final: null, content: '', whole: false, broke: 'fin' }),
      0,
      'the connection is closed',
    ],
    ['a reset', heard({ final: null, whole: false, broke: 'rst' }), 0, 'the connection is reset'],
    ['nobody', heard({ final: null, whole: false, broke: 'unreachable' }), 0, 'no connection'],
    [
      'a leak',
      heard({ interim: all(1), content: `HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n${ANSWER}` }),
      1,
      '200 with the rest in its content',
    ],
    [
      'a torn answer',
      heard({ content: ANSWER.slice(0, 9), whole: false, broke: 'fin' }),
      0,
      '200 that breaks off',
    ],
    ['another answer', heard({ content: '<html>' }), 0, '200 with other content'],
    ['no HTTP', heard({ final: null, nonsense: true }), 0, 'what is no HTTP'],
  ])('%s', (_what, one, arrived, instead) => {
    expect(fateOf(103, 3, one)).toEqual({ times: 3, arrived, instead });
  });
});

describe('a cell of arrivals', () => {
  const bad = { ...OK, status: 502 };
  it.each<[string, StatusSurvey]>([
    [
      'all',
      surveyed([
        [1, heard({ interim: all(1) })],
        [3, heard({ interim: all(3) })],
      ]),
    ],
    [
      'none',
      surveyed([
        [1, heard()],
        [3, heard()],
      ]),
    ],
    [
      'none: nothing',
      surveyed(
        [1, 3].map((times) => [times, heard({ final: null, whole: false, broke: 'silence' })] as const),
      ),
    ],
    [
      'all of 1 and 3; 10 of 11, then 502',
      surveyed([
        [1, heard({ interim: all(1) })],
        [3, heard({ interim: all(3) })],
        [11, heard({ interim: all(11).slice(0, 10), final: bad })],
      ]),
    ],
    [
      'none of 1; none of 11, then 502',
      surveyed([
        [1, heard()],
        [11, heard({ final: bad })],
      ]),
    ],
    [
      'all of 1; 2 of 3',
      surveyed([
        [1, heard({ interim: all(1) })],
        [3, heard({ interim: all(2) })],
      ]),
    ],
    ['all; the connection is of no use after it', surveyed([[1, heard({ interim: all(1) })]], true)],
    [
      'all; the first is taken for the final response: the connection is of no use after it',
      surveyed(
        [
          [
            3,
            heard({
              interim: all(3).map((head, index) =>
                index > 0 ? head : { ...head, fields: [['Date', 'today'], ...head.fields] },
              ),
            }),
          ],
        ],
        true,
      ),
    ],
  ])('says %s', (cell, survey) => {
    expect(arrivals(survey)).toBe(cell);
    expect(survives(survey)).toBe(cell === 'all');
  });
});

describe('a cell of changes', () => {
  const of = (change: (head: HeardHead, index: number) => HeardHead): StatusSurvey =>
    surveyed([[3, heard({ interim: all(3).map(change) })]]);
  const renamed = (name: (name: string) => string) => (head: HeardHead) => ({
    ...head,
    fields: head.fields.map(([each, value]) => [name(each), value] as const),
  });
  it.each<[string, StatusSurvey]>([
    ['nothing', of((head) => head)],
    ['–', surveyed([[3, heard()]])],
    ['names in lower case', of(renamed((name) => name.toLowerCase()))],
    ['writes Mixed-Case', of(renamed((name) => (name === 'MiXed-CaSe' ? 'Mixed-Case' : name)))],
    ['“Early Hints” becomes “Hints”', of((head) => ({ ...head, reason: 'Hints' }))],
    ['drops the reason', of((head) => ({ ...head, reason: '' }))],
    ['adds Via', of((head) => ({ ...head, fields: [...head.fields, ['Via', '1.1 x']] }))],
    [
      'adds Date, Server to the first',
      of((head, index) =>
        index > 0 ? head : { ...head, fields: [['Date', 'd'], ['Server', 's'], ...head.fields] },
      ),
    ],
    ['drops Link', of((head) => ({ ...head, fields: head.fields.filter(([name]) => name !== 'Link') }))],
    [
      'another order',
      of((head) => ({
        ...head,
        fields: head.fields.toReversed().with(0, head.fields[2]!).with(1, head.fields[3]!),
      })),
    ],
    [
      'joins the lines of Link',
      of((head) => ({
        ...head,
        fields: [
          ...head.fields.slice(0, 2),
          ['Link', '</first.css>; rel=preload; as=style, </second.js>; rel=preload; as=script'],
        ],
      })),
    ],
    [
      'changes the value of Interim-Number',
      of((head) => ({ ...head, fields: [['Interim-Number', '9/9'], ...head.fields.slice(1)] })),
    ],
  ])('says %s', (cell, survey) => {
    expect(changes(survey)).toBe(cell);
  });
});

describe('an expectation', () => {
  const ours: HeardHead = { status: 100, reason: 'Continue', fields: interimFields(1, 1) };
  const own: HeardHead = { status: 100, reason: 'Continue', fields: [] };
  const passed = '{"sent":1,"version":"1.1","expect":"100-continue","content":5}';
  it.each<[Heard, string, string, string]>([
    [heard({ interim: [ours], content: passed }), 'yes', 'by the server', '200'],
    [heard({ interim: [own] }), 'no', 'by the proxy itself', '200'],
    [heard({ interim: [own, ours] }), 'no', 'by the proxy, and by the server as well', '200'],
    [heard({ content: passed }), 'yes', 'not at all', '200'],
    [heard({ final: { ...OK, status: 417 }, content: '' }), 'not known', 'not at all', '417'],
    [heard({ final: null, whole: false, broke: 'silence' }), 'not known', 'not at all', 'nothing'],
  ])('is told of as it was met', (one, reaches, answered, final) => {
    expect(expectFate(one)).toEqual({ reaches, answered, final });
  });
});

it('takes only an answer of the test server for one', () => {
  expect(answerIn(heard())).toMatchObject({ sent: 3, version: '1.1' });
  for (const content of ['', 'null', '[]', '{"sent":1}', '<html>'])
    expect(answerIn(heard({ content }))).toBeNull();
  expect(answerIn(heard({ final: { ...OK, status: 404 } }))).toBeNull();
});
