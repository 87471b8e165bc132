// The tokens of the themes, measured: what is read must be legible, and more so in high contrast.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../renderer/ui/theme.css'), 'utf8');

/** The colours of the first rule whose selectors end with this one. */
function tokens(selector: string): Map<string, string> {
  const at = css.indexOf(`${selector} {`);
  if (at === -1) throw new Error(`theme.css has no ${selector}`);
  const block = css.slice(at, css.indexOf('}', at));
  return new Map(
    Array.from(block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g), ([, name, value]) => [name!, value!]),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

const TEXTS = ['text-1', 'text-2', 'text-3'];
const MARKS = ['request', 'received', 'acknowledged', 'interim', 'final', 'error', 'cut', 'resent', 'accent'];
const GROUNDS = ['bg-0', 'bg-1', 'bg-2'];

describe.each([
  ["[data-theme='dark']", 4.5, 3],
  ["[data-theme='light']", 4.5, 3],
  ["[data-contrast='more'][data-theme='dark']", 7, 7],
  ["[data-contrast='more'][data-theme='light']", 7, 5.5],
])('the colours of %s', (selector, text, mark) => {
  const found = tokens(selector);
  const pairs = (names: readonly string[]): [string, string][] =>
    names.flatMap((name) => GROUNDS.map((ground): [string, string] => [name, ground]));

  it.each(pairs(TEXTS))(`show %s on %s at ${text}:1 and more`, (name, ground) => {
    expect(contrast(found.get(name)!, found.get(ground)!)).toBeGreaterThanOrEqual(text);
  });

  it.each(pairs(MARKS))(`show %s on %s at ${mark}:1 and more`, (name, ground) => {
    expect(contrast(found.get(name)!, found.get(ground)!)).toBeGreaterThanOrEqual(mark);
  });

  it('show words on the accent', () => {
    expect(contrast(found.get('on-accent')!, found.get('accent')!)).toBeGreaterThanOrEqual(4.5);
  });
});
