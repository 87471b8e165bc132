// What a library keeps from its user of what was on the wire, one sentence each. Compares; knows no library by name.

import { counted } from '../counted.ts';
import type { AnswerHead, WireAnswer } from './answer.ts';
import type { Seen } from './lenses.ts';

export function hiddenBy({ interim, final, trailers }: WireAnswer, seen: Seen): string[] {
  const sentences: string[] = [];
  const fewer = interim.length - seen.interim.length;
  if (fewer > 0) sentences.push(`${counted(fewer, 'interim response')} of ${interim.length}`);
  if (final !== null && seen.final === null) sentences.push('The final response');
  if (trailers.length > 0 && seen.trailers.length === 0)
    sentences.push(counted(trailers.length, 'trailer field'));
  if (final !== null && seen.final !== null) sentences.push(...ofFields(final, seen.final));
  return sentences;
}

function ofFields(sent: AnswerHead, seen: AnswerHead): string[] {
  const sentences: string[] = [];
  const names = (head: AnswerHead): string[] => head.fields.map(([name]) => name);
  const lower = (head: AnswerHead): string[] => names(head).map((name) => name.toLowerCase());
  const shown = new Set(names(seen));
  if (names(sent).some((name) => !shown.has(name))) sentences.push('The case of field names');
  if (seen.fields.length < sent.fields.length)
    sentences.push('That a field came in several lines: their values are joined');
  const firsts = [...new Set(lower(sent))];
  const order = [...new Set(lower(seen))];
  if (firsts.some((name, index) => name !== order[index])) sentences.push('The order of fields');
  else if (seen.fields.length === sent.fields.length && lower(sent).join() !== lower(seen).join())
    sentences.push('What stood between the lines of one field');
  return sentences;
}
