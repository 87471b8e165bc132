import { describe, expect, it } from 'vitest';
import { accept } from '../../../renderer/filter/accept.ts';

/** The text with the caret (`|`), before and after a completion of the characters between the brackets. */
function accepted(marked: string, insert: string, whole: boolean): string {
  const from = marked.indexOf('[');
  const to = marked.indexOf(']') - 1;
  const { text, caret } = accept(marked.replace('[', '').replace(']', ''), { from, to }, { insert, whole });
  return `${text.slice(0, caret)}|${text.slice(caret)}`;
}

describe('a completion that was chosen', () => {
  it.each([
    ['[]', 'status:', false, 'status:|'],
    ['[st]', 'status:', false, 'status:|'],
    ['status:[4]', '404', true, 'status:404 |'],
    ['status:[4] method:GET', '404', true, 'status:404 |method:GET'],
    ['(status:[4])', '404', true, '(status:404 |)'],
    ['-[ki] a', 'kind:', false, '-kind:| a'],
  ] as const)('turns %s by %s into the text and the caret', (marked, insert, whole, expected) => {
    expect(accepted(marked, insert, whole)).toBe(expected);
  });
});
