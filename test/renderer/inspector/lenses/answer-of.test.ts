// Where the answer of an exchange lies, at a time, and how it ended.

import { describe, expect, test } from 'vitest';
import { answerPlace } from '../../../../renderer/inspector/lenses/answer-of.ts';
import { head, modelOf, sized } from '../../../shared/model/told.ts';
import { Transcript } from '../../../shared/model/transcript.ts';

const GET = head('GET /a HTTP/1.1', 'Host: a');
const INTERIM = head('HTTP/1.1 102 Processing');
const FINAL = sized('ok', 'HTTP/1.1 200 OK');

function placeOf(transcript: Transcript, time = Infinity) {
  const model = modelOf(transcript.records);
  return answerPlace(model, model.exchanges[0]!, time);
}

const begun = (): Transcript => new Transcript().open().send('client', GET);

describe('an answer', () => {
  test('that is whole reaches from its first interim response to its end', () => {
    const told = begun().send('server', INTERIM).send('server', FINAL);
    expect(placeOf(told)).toEqual({ start: 0, end: INTERIM.length + FINAL.length, ending: 'fin' });
  });

  test('was shorter at an earlier time', () => {
    const told = begun().send('server', INTERIM).send('server', FINAL);
    const time = told.records.filter(({ kind }) => kind === 'received')[1]!.time;
    expect(placeOf(told, time)).toEqual({ start: 0, end: INTERIM.length, ending: 'open' });
  });

  test('that has not begun is none', () => {
    expect(placeOf(begun())).toBeNull();
  });

  test.each([
    ['reset', 'rst'],
    ['closed', 'fin'],
    ['silent', 'silence'],
  ] as const)('that never came, where the connection was %s', (_, how) => {
    const told = begun().close('server', how, 'fault').close('client', how, 'server');
    expect(placeOf(told)).toEqual({ start: 0, end: 0, ending: how });
  });
});
