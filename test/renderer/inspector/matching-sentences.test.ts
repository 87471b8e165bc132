import { describe, expect, it } from 'vitest';
import { MatchingSentences } from '../../../renderer/inspector/matching-sentences.ts';
import type { Expression } from '../../../shared/filter/filter.ts';
import { Matcher } from '../../../shared/filter/matcher.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { NONE } from '../../../shared/model/events.ts';
import { storyModel } from '../story-fixture.ts';
import { storyOf } from '../../shared/model/told.ts';

const model = storyModel();

function matcher(text: string): Matcher {
  const made = new Matcher(model, parseFilter(text) as Expression);
  made.update();
  return made;
}

describe('the sentences that a filter shows', () => {
  it('are those of exchanges that match, and of none', () => {
    const story = storyOf(model, 0);
    const patches = matcher('method:PATCH');
    const shown = new MatchingSentences().of(story, patches);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(story.length);
    for (const { row } of shown) {
      const exchange = patches.exchangeOf(row);
      expect(exchange === NONE || model.exchanges[exchange]!.method === 'PATCH').toBe(true);
    }
  });

  it('are none where no exchange of the story matches', () => {
    expect(new MatchingSentences().of(storyOf(model, 0), matcher('status:599'))).toEqual([]);
  });

  it('are looked for again only after a change of the story or of the filter', () => {
    const story = [...storyOf(model, 0)];
    const matching = new MatchingSentences();
    const patches = matcher('method:PATCH');
    const first = matching.of(story, patches);
    expect(matching.of(story, patches)).toBe(first);
    story.pop();
    const second = matching.of(story, patches);
    expect(second).not.toBe(first);
    expect(matching.of(story, matcher('method:HEAD'))).not.toEqual(second);
  });
});
