// Notes in a story: behind the sentence of what each is beside, and in no other operation's.

import { describe, expect, it } from 'vitest';
import type { RemarkRecord } from '../../../shared/capture/records.ts';
import { Kind } from '../../../shared/model/events.ts';
import type { Model } from '../../../shared/model/model.ts';
import { placeOfEvent, placeOfMoment } from '../../../shared/model/remark-places.ts';
import { RemarkedStory } from '../../../shared/model/story-remarks.ts';
import { head, modelOf, sized, storyOf } from './told.ts';
import { Transcript } from './transcript.ts';

const played = new Transcript()
  .open()
  .send('client', head('GET /job HTTP/1.1', 'Host: a'))
  .send('server', head('HTTP/1.1 102 Processing', 'Progress: 1/2'))
  .send('server', sized('done', 'HTTP/1.1 200 OK')).records;

function remarked(model: Model, operation = 0): string[] {
  return new RemarkedStory(model)
    .of(storyOf(model, operation), operation)
    .map(({ parts }) => parts.map(({ text }) => text).join(''));
}

describe('a story with notes', () => {
  const plain = modelOf(played);
  const row = Array.from(plain.events.columns.kind).indexOf(Kind.interimReceived);
  const note = (change: Partial<RemarkRecord>): RemarkRecord => ({
    kind: 'remark',
    time: 1e12,
    id: 1,
    ...placeOfEvent(plain.events, row),
    text: 'Half.',
    ...change,
  });

  it('tells each behind what it is beside, in order of time', () => {
    const told = remarked(modelOf([...played, note({})]));
    const place = told.findIndex((sentence) => sentence.includes('102 Processing'));
    expect(place).toBeGreaterThan(0);
    expect(told[place + 1]).toBe('Your note: Half.');
    expect(told.filter((sentence) => !sentence.startsWith('Your note'))).toEqual(remarked(plain));
    const times = new RemarkedStory(modelOf([...played, note({})]))
      .of(storyOf(plain, 0), 0)
      .map(({ at }) => at);
    expect(times).toEqual(times.toSorted((x, y) => x - y));
  });

  it('tells one of a moment behind what had happened by then', () => {
    const told = remarked(modelOf([...played, note({ ...placeOfMoment(1e11), text: 'Later.' })]));
    expect(told.at(-1)).toBe('Your note: Later.');
  });

  it('tells what a note says now, and nothing once it is taken back', () => {
    expect(remarked(modelOf([...played, note({}), note({ text: 'Two.' })]))).toContain('Your note: Two.');
    expect(remarked(modelOf([...played, note({}), note({ text: '' })]))).toEqual(remarked(plain));
  });
});
