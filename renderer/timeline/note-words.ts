// What a conformance note says to whoever reads it: its rule as a title, and what the rule asks for. Pure.

import type { Model } from '../../shared/model/model.ts';
import { findRule } from '../../shared/model/rules/rules.ts';
import { counted } from './format.ts';

/** `bare-lf` → `Bare LF` */
export function ruleTitle(code: string): string {
  const words = code.replaceAll('-', ' ').replaceAll(/\b(lf|cr|http|uri)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the rule says; of what was left out, which rule it is. */
export function ruleSays(rule: string, source: string): string {
  return findRule(source)?.says ?? findRule(rule)?.says ?? '';
}

/** A note in lines, its rule first. `row`: of the event table. */
export function noteLines(model: Model, row: number): readonly string[] {
  const [rule = '', side = '', source = ''] = model.events.text(row).split('|');
  return [ruleTitle(rule), ruleSays(rule, source), `${side} · ${source}`].filter((line) => line !== '');
}

/** A mark that leads to a note, and what else it stands for. */
export function markLines(model: Model, row: number, times: number): readonly string[] {
  const more = times > 1 ? [`and ${counted(times - 1, 'note')} more here`] : [];
  return [...noteLines(model, row), ...more, 'click: the note'];
}
