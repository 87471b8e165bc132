import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/filter/complete.ts';
import { FilterFault } from '../../../shared/filter/filter.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { Vocabulary } from '../../../shared/filter/vocabulary.ts';
import { storyModel } from '../../renderer/story-fixture.ts';

const vocabulary = new Vocabulary(storyModel());
vocabulary.update();
vocabulary.head(['host', 'progress']);
vocabulary.head(['host']);

/** What is offered where the caret (`|`) stands, with its count, and the text once the first is taken. */
function offered(marked: string): { options: string[]; first: string } {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, to, options } = complete(text, caret, vocabulary);
  return {
    options: options.map(({ label, count }) => (count === null ? label : `${label} ${count}`)),
    first: options[0] === undefined ? '' : text.slice(0, from) + options[0].insert + text.slice(to),
  };
}

describe('completion', () => {
  it.each([
    ['|', ['status:', 'kind:', 'method:', 'path:', 'field:', 'note:', 'size:', 'conn:', 'op:'], 'status:'],
    ['s|', ['status:', 'size:'], 'status:'],
    ['-st|', ['status:'], '-status:'],
    ['(a OR ki|', ['kind:'], '(a OR kind:'],
    ['method:|', ['HEAD 2', 'PATCH 2', 'POST 1', 'GET 1'], null],
    ['method:P| a', ['PATCH 2', 'POST 1'], null],
    ['kind:in|', ['interim 6'], 'kind:interim'],
    ['field:|', ['host 2', 'progress 1'], 'field:host'],
    ['field:pro|g', ['progress 1'], 'field:progress'],
    ['size:|', ['>1kB', '>64KiB', '>1MB', '>100MB'], 'size:>1kB'],
    ['"wor|', [], ''],
    ['nothing-like-it|', [], ''],
    ['colour:|', [], ''],
  ])('offers at %s: %j', (text, options, first) => {
    const found = offered(text);
    expect(found.options.toSorted()).toEqual(options.toSorted());
    if (first !== null) expect(found.first).toBe(first);
  });

  it('counts the most frequent values first, and a class where more than one of its statuses occurs', () => {
    const { options } = offered('status:|');
    expect(options.slice(0, 3)).toEqual(['1xx 6', '2xx 4', '100 1']);
    expect(offered('method:|').options.map((option) => Number(option.split(' ')[1]))).toEqual([2, 2, 1, 1]);
  });

  it('offers a value for a word that begins as it does', () => {
    expect(offered('PAT|').options).toEqual(['path:', 'method:PATCH 2']);
    expect(offered('PAT|').first).toBe('path:');
  });

  it('offers only what reads as a filter', () => {
    for (const name of ['status', 'kind', 'method', 'path', 'field', 'note', 'size', 'conn', 'op'])
      for (const { insert } of complete(`${name}:`, name.length + 1, vocabulary).options)
        expect(parseFilter(`${name}:${insert}`), insert).not.toBeInstanceOf(FilterFault);
  });
});
