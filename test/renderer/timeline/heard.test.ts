import { describe, expect, it } from 'vitest';
import { heard, interimWords, resumedWords } from '../../../renderer/timeline/heard.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import { storyModel } from '../story-fixture.ts';

const model = storyModel();

describe('what is heard of the timeline', () => {
  it.each<[Selection | null, number, string]>([
    [null, Infinity, ''],
    [
      { kind: 'operation', id: 0 },
      Infinity,
      'Operation Upload 1,000,000 bytes to /capture, 3 connections, 5 exchanges, resumed twice, completed',
    ],
    [{ kind: 'connection', id: 1 }, Infinity, 'Connection 1, POST /capture, 1 exchange, RST by you'],
    [{ kind: 'connection', id: 1 }, 1e9, 'Connection 1, POST /capture, 1 exchange, open'],
    [
      { kind: 'connection', id: 2 },
      Infinity,
      'Connection 2, HEAD, PATCH /job/7f3a.req, 2 exchanges, silence as planned, given up',
    ],
    [{ kind: 'connection', id: 4 }, Infinity, 'Connection 4, GET /job/7f3a.job, 1 exchange, open'],
    [{ kind: 'connection', id: 9 }, Infinity, ''],
    [
      { kind: 'exchange', id: 0 },
      Infinity,
      'Exchange POST /capture, on connection 1, 100, no final response',
    ],
    [
      { kind: 'exchange', id: 1 },
      Infinity,
      'Exchange HEAD /job/7f3a.req, on connection 2, goes on from POST /capture on connection 1, 299 Incomplete Content',
    ],
    [
      { kind: 'exchange', id: 4 },
      Infinity,
      'Exchange PATCH /job/7f3a.req, on connection 3, 102 0/3 "Herding cats", 102 1/3 "Knitting sweaters" 8020/8591489 (bytes), 102 2/3 "Slaying dragons", 201 Created',
    ],
    [{ kind: 'exchange', id: 99 }, Infinity, ''],
    [
      { kind: 'event', id: model.interims.at(-1)! },
      Infinity,
      '102 2/3 "Slaying dragons", PATCH /job/7f3a.req, interim response, received at 5.183 s',
    ],
    [{ kind: 'event', id: model.folded }, Infinity, ''],
  ])('%j at %d: %s', (selection, time, words) => {
    expect(heard(model, selection, time)).toBe(words);
  });

  it('names interim responses as they come', () => {
    const { interim } = model.exchanges[4]!;
    const second = model.events.columns.time[interim.values[1]!]!;
    expect(interimWords(model, model.exchanges[4]!, second)).toBe(
      '102 0/3 "Herding cats", 102 1/3 "Knitting sweaters" 8020/8591489 (bytes)',
    );
    expect(interimWords(model, model.exchanges[4]!, 0)).toBe('');
  });

  it('says from where an exchange goes on', () => {
    expect(resumedWords(model, model.exchanges[3]!)).toBe('PATCH /job/7f3a.req on connection 2');
    expect(resumedWords(model, model.exchanges[0]!)).toBe('');
  });
});
