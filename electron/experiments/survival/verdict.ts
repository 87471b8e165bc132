// What became of the interim responses, in words: how many arrived, what was changed, what broke. Pure: reads what was
// heard, and holds it against what was sent.

import { interimFields, MADE_UP_REASON } from '../../server/resources/interims.ts';
import { reasonOf } from '../../../shared/http1/status.ts';
import type { InterimsAnswer } from '../../server/resources/interims.ts';
import type { Heard, HeardHead } from './probe.ts';
import { isNothing, type StatusSurvey } from './survey.ts';

/** One probe: how many arrived of those that were sent, and how it went on. */
export interface Fate {
  readonly times: number;
  readonly arrived: number;
  /** Null: the answer came as it was sent. Else what came in its place: completes "then …". */
  readonly instead: string | null;
}

export function fateOf(status: number, times: number, heard: Heard): Fate {
  const arrived = heard.interim.filter((head) => head.status === status).length;
  return { times, arrived, instead: insteadOf(heard) };
}

function insteadOf(heard: Heard): string | null {
  const { final, content, whole, broke, nonsense } = heard;
  if (nonsense) return 'what is no HTTP';
  if (final === null) {
    switch (broke) {
      case 'unreachable':
        return 'no connection';
      case 'fin':
        return 'the connection is closed';
      case 'rst':
      case 'error':
        return 'the connection is reset';
      default:
        return 'nothing';
    }
  }
  if (final.status >= 100 && final.status !== 200) return String(final.status);
  if (/HTTP\/1\.[01] \d{3}/.test(content)) return '200 with the rest in its content';
  if (!whole) return '200 that breaks off';
  return answerIn(heard) === null ? '200 with other content' : null;
}

/** What our server told of the request; null: this is no answer of it. */
export function answerIn({ final, content }: Heard): InterimsAnswer | null {
  if (final?.status !== 200) return null;
  try {
    const told: unknown = JSON.parse(content);
    return typeof told === 'object' &&
      told !== null &&
      'sent' in told &&
      'version' in told &&
      'expect' in told
      ? (told as InterimsAnswer)
      : null;
  } catch {
    return null;
  }
}

/** Every probe of the status was answered as it was sent, with every interim response before it. */
export function survives({ status, heard, dead }: StatusSurvey): boolean {
  return !dead && heard.every((one) => isWhole(fateOf(status, one.times, one.heard)));
}

function isWhole({ times, arrived, instead }: Fate): boolean {
  return arrived === times && instead === null;
}

/** `all`; `all of 1 and 3; 10 of 11, then 502`; `none` … */
export function arrivals(survey: StatusSurvey): string {
  const fates = survey.heard.map(({ times, heard }) => fateOf(survey.status, times, heard));
  const whole = fates.filter(isWhole).map(({ times }) => times);
  const others = fates.filter((fate) => !isWhole(fate));
  const parts: string[] = [];
  if (others.length === 0) parts.push('all');
  else if (whole.length > 0) parts.push(`all of ${listed(whole)}`);
  const same = others.every(({ arrived, instead }) => arrived === 0 && instead === others[0]!.instead);
  if (others.length > 0 && whole.length === 0 && same)
    parts.push(others[0]!.instead === null ? 'none' : `none: ${others[0]!.instead}`);
  else
    for (const { times, arrived, instead } of others)
      parts.push(
        `${arrived === 0 ? 'none' : arrived} of ${times}${instead === null ? '' : `, then ${instead}`}`,
      );
  if (survey.dead)
    parts.push(
      firstOnly(survey).length > 0
        ? 'the first is taken for the final response: the connection is of no use after it'
        : 'the connection is of no use after it',
    );
  return parts.join('; ');
}

/** `1, 3, 11 and 20` */
export function listed(numbers: readonly number[]): string {
  return numbers.length < 2 ? numbers.join() : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

/** What was changed on those that arrived: `names in lower case`, `adds Server` …; `nothing`; `–` where none arrived. */
export function changes(survey: StatusSurvey): string {
  const { status } = survey;
  const found = new Set<string>();
  let any = false;
  for (const { times, heard } of survey.heard)
    for (const [index, head] of heard.interim.filter((each) => each.status === status).entries()) {
      any = true;
      for (const change of changesOf(status, head, interimFields(index + 1, times))) found.add(change);
    }
  const first = firstOnly(survey);
  if (first.length > 0) {
    found.delete(`adds ${first.join(', ')}`);
    found.add(`adds ${first.join(', ')} to the first`);
  }
  if (!any) return '–';
  return found.size === 0 ? 'nothing' : Array.from(found).join('; ');
}

function changesOf(
  status: number,
  { reason, fields }: HeardHead,
  sent: ReturnType<typeof interimFields>,
): string[] {
  const found: string[] = [];
  const reasonSent = reasonSentWith(status);
  if (reason !== reasonSent)
    found.push(reason === '' ? 'drops the reason' : `“${reasonSent}” becomes “${reason}”`);
  const lower = (name: string): string => name.toLowerCase();
  const added = namesOf(fields.filter(([name]) => !sent.some(([each]) => lower(each) === lower(name))));
  const lost = namesOf(sent.filter(([name]) => !fields.some(([each]) => lower(each) === lower(name))));
  if (added.length > 0) found.push(`adds ${added.join(', ')}`);
  if (lost.length > 0) found.push(`drops ${lost.join(', ')}`);
  const kept = fields.filter(([name]) => sent.some(([each]) => lower(each) === lower(name)));
  const respelt = kept.filter(([name]) => !sent.some(([each]) => each === name)).map(([name]) => name);
  if (respelt.length > 0)
    found.push(
      kept.every(([name]) => name === lower(name))
        ? 'names in lower case'
        : `writes ${Array.from(new Set(respelt)).join(', ')}`,
    );
  const valuesOf = (lines: HeardHead['fields'], name: string): string[] =>
    lines.filter(([each]) => lower(each) === lower(name)).map(([, value]) => value);
  for (const name of namesOf(sent)) {
    const before = valuesOf(sent, name);
    const after = valuesOf(kept, name);
    if (after.length === 0 || before.join('\n') === after.join('\n')) continue;
    if (before.join(', ') === after.join(', ')) found.push(`joins the lines of ${name}`);
    else found.push(`changes the value of ${name}`);
  }
  const order = (lines: HeardHead['fields']): string => lines.map(([name]) => lower(name)).join();
  if (kept.length === sent.length && order(kept) !== order(sent)) found.push('another order');
  return found;
}

/** Names of fields that were added to the first of several, and to none of the others. */
function firstOnly(survey: StatusSurvey): string[] {
  for (const { heard } of survey.heard) {
    const [first, ...others] = heard.interim.filter(({ status }) => status === survey.status);
    if (first === undefined || others.length === 0) continue;
    const elsewhere = new Set(others.flatMap(({ fields }) => fields.map(([name]) => name)));
    return namesOf(first.fields.filter(([name]) => !elsewhere.has(name)));
  }
  return [];
}

function namesOf(fields: HeardHead['fields']): string[] {
  return Array.from(new Set(fields.map(([name]) => name)));
}

/** What becomes of an Expect: 100-continue and of the 100 that answers it, in three cells. */
export interface ExpectFate {
  readonly reaches: string;
  readonly answered: string;
  readonly final: string;
}

export function expectFate(heard: Heard): ExpectFate {
  const told = answerIn(heard);
  const hundreds = heard.interim.filter(({ status }) => status === 100);
  const isOurs = ({ fields }: HeardHead): boolean =>
    fields.some(([name]) => name.toLowerCase() === 'interim-number');
  const ours = hundreds.filter(isOurs).length;
  const own = hundreds.length - ours;
  return {
    reaches: told === null ? 'not known' : told.expect === null ? 'no' : 'yes',
    answered:
      own > 0 && ours > 0
        ? 'by the proxy, and by the server as well'
        : own > 0
          ? 'by the proxy itself'
          : ours > 0
            ? 'by the server'
            : 'not at all',
    final: isNothing(heard) && heard.final === null ? 'nothing' : (insteadOf(heard) ?? '200'),
  };
}

function reasonSentWith(status: number): string {
  return status === 199 ? MADE_UP_REASON : reasonOf(status);
}
