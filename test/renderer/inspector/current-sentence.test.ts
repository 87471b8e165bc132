import { describe, expect, it } from 'vitest';
import { currentSentence, toldBy } from '../../../renderer/inspector/current-sentence.ts';
import { fieldHelp } from '../../../renderer/inspector/field-help.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import { storyModel } from '../story-fixture.ts';
import { storyOf } from '../../shared/model/told.ts';

const model = storyModel();
const story = storyOf(model, 0);
const words = (index: number): string | null => story[index]?.parts.map(({ text }) => text).join('') ?? null;

it('counts what is told by a time', () => {
  for (const ms of [0, 104, 1302, 2590, 9999])
    expect(toldBy(story, ms * 1e6)).toBe(story.filter(({ at }) => at <= ms * 1e6).length);
  expect(toldBy([], 5)).toBe(0);
});

describe('the sentence for what is selected', () => {
  const cut = model.connections[0]!.faults.at(0)!;
  const interim = model.exchanges[4]!.interim.at(1)!;
  it.each<[Selection | null, string | null]>([
    [null, null],
    [{ kind: 'operation', id: 0 }, null],
    [{ kind: 'exchange', id: 1 }, 'HEAD asks how many bytes arrived'],
    [{ kind: 'connection', id: 2 }, 'HEAD asks how many bytes arrived'],
    [{ kind: 'event', id: interim }, '102 Processing 1/3 “Knitting sweaters”, of that 8020/8591489 bytes'],
    [
      { kind: 'event', id: interim + 1 },
      '102 Processing 1/3 “Knitting sweaters”, of that 8020/8591489 bytes',
    ],
    [{ kind: 'event', id: 1e9 }, null],
  ])('%o is %o', (selected, expected) => {
    expect(words(currentSentence(story, story.length, selected, model))).toBe(expected);
  });

  it('is the cut for the cut', () => {
    const index = currentSentence(story, story.length, { kind: 'event', id: cut }, model);
    expect(story[index]!.tone).toBe('cut');
  });

  it('is none that is not told yet', () => {
    expect(currentSentence(story, 2, { kind: 'exchange', id: 4 }, model)).toBe(-1);
  });
});

it('knows fields whatever their case, and says where they are defined', () => {
  expect(fieldHelp('CONTENT-length')?.source).toBe('RFC 9110 §8.6');
  expect(fieldHelp('Progress')?.source).toBe('draft-wright-http-progress');
  expect(fieldHelp('X-Unheard-Of')).toBeNull();
});
