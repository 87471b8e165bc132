// What a library let its user see of an answer, held against the raw client's view of the same answer: one short phrase a
// fact. Pure; knows no library by name.

import { valueOf } from '../../../shared/fields/value-of.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { LensReport, Told } from '../../client/lenses/types.ts';

type Interim = Extract<Told, { what: 'interim' }>;
type Final = Extract<Told, { what: 'final' }>;

const NONE = 'none';

export function interimsOf({ told }: LensReport): readonly Interim[] {
  return told.filter((each) => each.what === 'interim');
}

/** The last one: a library may have tried again. */
function finalOf({ told }: LensReport): Final | null {
  return told.findLast((each) => each.what === 'final') ?? null;
}

export function trailersOf({ told }: LensReport): FieldLines {
  return told.flatMap((each) => (each.what === 'trailers' ? each.fields : []));
}

/** `102 103 104 199` */
export function interimStatuses(report: LensReport): string {
  return (
    interimsOf(report)
      .map(({ status }) => status)
      .join(' ') || NONE
  );
}

/** `200 Odd But Fine` */
export function finalStatus(report: LensReport): string {
  const final = finalOf(report);
  return final === null ? NONE : `${final.status} ${final.reason}`.trimEnd();
}

/** Of the names of all fields that it shows, trailers and interim responses included. */
export function nameCase(report: LensReport, raw: LensReport): string {
  const names = namesIn(report);
  const sent = new Set(namesIn(raw));
  if (names.length === 0) return NONE;
  if (names.every((name) => sent.has(name))) return 'as sent';
  return names.every((name) => name === name.toLowerCase()) ? 'lower case' : 'another';
}

/** Of the lines of the final response. */
export function lineOrder(report: LensReport, raw: LensReport): string {
  const lines = lowerNames(report);
  const sent = lowerNames(raw);
  if (lines.length === 0) return NONE;
  if (same(lines, sent)) return 'as sent';
  const unique = [...new Set(lines)];
  if (same(unique, [...new Set(sent)])) return 'as sent, one name’s lines together';
  return same(unique, unique.toSorted()) ? 'sorted by name' : 'another';
}

/** Of names that come several times in the final response. */
export function duplicates(report: LensReport, raw: LensReport): string {
  const sent = lowerNames(raw);
  const twice = sent.find((name, index) => sent.indexOf(name) !== index);
  if (twice === undefined) return 'none were sent';
  const of = (names: readonly string[]): number => names.filter((name) => name === twice).length;
  const shown = of(lowerNames(report));
  if (shown === 0) return NONE;
  if (shown === of(sent)) return 'a line each';
  const value = valueOf(finalOf(report)?.fields, twice) ?? '';
  return value.includes(', ') ? 'joined by a comma' : 'only one of them';
}

export function trailerNames(report: LensReport): string {
  return (
    trailersOf(report)
      .map(([name]) => name)
      .join(', ') || NONE
  );
}

/** Bytes of content that its user got. */
export function contentBytes({ told }: LensReport): number {
  return told.findLast((each) => each.what === 'content')?.bytes ?? 0;
}

/** How it ended for its user: `whole`, or the error by name, code and words. */
export function ending({ completed, error }: LensReport): string {
  if (completed) return 'whole';
  if (error === null) return 'nothing was told';
  const { name, code, message } = error;
  return `${code === '' ? name : `${name} ${code}`}: ${message}`;
}

/** When the first of a kind was told, in milliseconds since the request began. */
export function toldAt({ told }: LensReport, what: Told['what']): string {
  const found = told.find((each) => each.what === what);
  return found === undefined ? '–' : `${Math.round(found.at)} ms`;
}

function namesIn(report: LensReport): string[] {
  return report.told.flatMap((each) => ('fields' in each ? each.fields.map(([name]) => name) : []));
}

function lowerNames(report: LensReport): string[] {
  return (finalOf(report)?.fields ?? []).map(([name]) => name.toLowerCase());
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}
