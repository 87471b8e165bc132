// The words that a story is made of: numbers in groups, statuses by name, places shortened. Pure, and without any state.

import { assertNever } from '../capture/records.ts';
import { FieldFault } from '../fields/fault.ts';
import { type Progress, parseProgress } from '../fields/progress.ts';
import { reasonOf } from '../http1/status.ts';
import type { Coverage } from './coverage.ts';
import { Layer, Located, MessageType, type PackedFault } from './events.ts';
import type { Connection } from './model.ts';

export interface StoryPart {
  readonly kind: 'text' | 'strong' | 'code';
  readonly text: string;
}

/** A request's start, as the first of its operation, the same again, or a later one. */
export function requestParts(
  method: string,
  target: string,
  place: 'first' | 'again' | 'instead' | 'later' | 'later-download' | 'giving-up',
): StoryPart[] {
  if (place === 'giving-up')
    return [strong(method), text(' '), code(shorten(target)), text(' gives the upload up')];
  if (method === 'HEAD' && place === 'later') return [strong('HEAD'), text(' asks how many bytes arrived')];
  if (method === 'HEAD' && place === 'later-download')
    return [strong('HEAD'), text(' asks what is there now')];
  if (method === 'PATCH' && place === 'later') return [strong('PATCH'), text(' sends what is missing')];
  if (method === 'MOVE' && place === 'later')
    return [strong('MOVE'), text(' '), code(shorten(target)), text(' puts what was uploaded in its place')];
  const instead = place === 'instead' ? ': PATCH is not taken here' : '';
  const again =
    place === 'again' || instead !== '' ? [text(` is sent again, from the beginning${instead}`)] : [];
  return [strong(method), text(' '), code(shorten(target)), ...again];
}

/** A request for a range: first … last in bytes; last NaN: to the end; first NaN: the last so many. */
export function askedParts(method: string, target: string, first: number, last: number): StoryPart[] {
  const range = Number.isNaN(first)
    ? `the last ${bytes(last)}`
    : Number.isNaN(last)
      ? `everything from byte ${grouped(first)} on`
      : `bytes ${grouped(first)}–${grouped(last)}`;
  return [strong(method), text(' '), code(shorten(target)), text(` asks for ${range}`)];
}

/** A question that is asked again and again. */
export function questionParts(method: string, path: string, times: number): StoryPart[] {
  return [strong(method), text(' '), code(shorten(path)), text(` is asked ${grouped(times)} times`)];
}

/** Where a final response says that something is, behind its name. */
export function locationParts(what: Located, reference: string): StoryPart[] {
  switch (what) {
    case Located.upload:
      return [text(': the upload lives at '), code(shorten(reference))];
    case Located.status:
      return [text(': how it is going, says '), code(shorten(reference))];
    case Located.result:
      return [text(': what came of it is at '), code(shorten(reference))];
    default:
      return assertNever(what);
  }
}

/** What the messages of a response are, behind its name; `count` of them, once that is known. */
export function streamParts(type: MessageType, count: number | null): StoryPart[] {
  const many = (one: string, more: string): string =>
    count === null ? more : count === 1 ? `one ${one}` : `${grouped(count)} ${more}`;
  switch (type) {
    case MessageType.event:
    case MessageType.comment:
      return [text(`: a stream of ${many('event or comment', 'events and comments')}`)];
    case MessageType.heartbeat:
      return [text(`: ${many('blank', 'blanks')} so that it is not taken for idle`)];
    case MessageType.text:
    case MessageType.binary:
    case MessageType.close:
    case MessageType.ping:
    case MessageType.pong:
      return [text(`: ${many('message', 'messages')} from here on, in both directions`)];
    default:
      return assertNever(type);
  }
}

/** A Close frame. @param gist as in MessageType */
export function closeParts(byClient: boolean, gist: string): StoryPart[] {
  const end = /[.!?…]$/.test(gist) ? [] : [text('.')];
  const why = gist === '' ? end : [text(': '), code(gist), ...end];
  return [strong(`The ${byClient ? 'client' : 'server'} closes`), text(' the WebSocket'), ...why];
}

/** A rule that was broken: by whom, what it says, whose rule it is. */
export function noteParts(side: string, says: string, source: string, times: number): StoryPart[] {
  const often = times === 1 ? '' : ` ${grouped(times)} times.`;
  return [strong(`Against the rules, by the ${side}`), text(`: ${says}${often} (${source})`)];
}

/** What a fault did, and who asked for it. @param amount as in Kind.fault */
export function faultParts(fault: PackedFault, place: string, amount: string): StoryPart[] {
  const who = fault.origin === 'user' ? 'You' : fault.origin === 'plan' ? 'The plan' : 'The server’s test';
  switch (fault.action) {
    case 'cut': {
      const how = fault.cut === 'stall' ? 'silence' : (fault.cut ?? 'rst').toUpperCase();
      if (fault.origin === 'plan') return [strong('Cut as planned'), text(`: ${how} at ${place}.`)];
      return [strong(`${who} cut`), text(` the connection: ${how} at ${place}.`)];
    }
    case 'stall':
      return [strong(`${who} stalled`), text(' the connection: its bytes are held.')];
    case 'resume':
      return [strong(`${who} let go`), text(': the held bytes move on.')];
    case 'throttle':
    case 'delay':
    case 'fragment': {
      const moves = fault.direction === 'out' ? 'writes' : 'reads';
      const what = `what the ${fault.end} ${moves} from ${place} on`;
      if (amount === '0') return [strong(`${who} took back`), text(` the ${fault.action} of ${what}.`)];
      return [
        strong(`${who} ${DISTURBED[fault.action]}`),
        text(` ${what}${amountOf(fault.action, amount)}.`),
      ];
    }
    case 'corrupt':
      return [strong(`${who} changed`), text(` ${place} on its way out of the ${fault.end}.`)];
    default:
      return assertNever(fault.action);
  }
}

const DISTURBED = { throttle: 'throttled', delay: 'delayed', fragment: 'fragmented' } as const;

/** `: 200 ms later`; empty where the record does not say how much. */
function amountOf(action: keyof typeof DISTURBED, amount: string): string {
  if (amount === '') return '';
  const figure = grouped(Number(amount));
  switch (action) {
    case 'throttle':
      return `: ${figure} bytes a second at most`;
    case 'delay':
      return `: ${figure} ms later`;
    case 'fragment':
      return amount === '1' ? ': byte by byte' : `: ${figure} bytes at a time at most`;
    default:
      return assertNever(action);
  }
}

/** How a connection was lost that we did not cut. */
export function lossParts({ how, by, error }: NonNullable<Connection['closed']>): StoryPart[] {
  const words: Record<typeof how, string> = {
    fin: `the ${by} ended it in the middle (FIN)`,
    rst: `the ${by} reset it (RST)`,
    silence: 'neither FIN nor RST, only silence',
    error: error === '' ? 'an error' : error,
  };
  return [strong('Connection lost'), text(`: ${words[how]}.`)];
}

/** A reason as the rest is written: places without the server's own address, long numbers in groups. */
export function reason(why: string, server: string | null): string {
  const local = server === null ? why : why.replaceAll(`http://${server}/`, '/');
  return local.replaceAll(/(?<![\w./-])\d{5,15}(?![\w/]|\.\w)/g, (digits) => grouped(Number(digits)));
}

/** What an interim response says, behind its name; `gist` as in Kind.interimReceived. */
export function interimParts(gist: string): StoryPart[] {
  if (gist === '') return [];
  if (gist === 'transaction=atomic') return [text(' promises all or nothing')];
  if (gist === 'transaction=persist') return [text(' promises to keep every byte as it arrives')];
  const has = /^has (\d+)$/.exec(gist);
  if (has !== null) return [text(`: ${bytes(Number(has[1]))} stored`)];
  if (/^\d+\//.test(gist)) {
    const progress = parseProgress(gist);
    if (progress instanceof FieldFault) return [text(' '), code(gist)];
    const { numerator, denominator, remarks } = progress;
    const words = remarks.flatMap((remark) =>
      remark.depth === 0 && (remark.kind === 'quoted' || remark.kind === 'text') ? [remark.text] : [],
    );
    return [
      text(' '),
      code(`${numerator}/${denominator ?? ''}`),
      ...(words.length === 0 ? [] : [text(` “${words.join(', ')}”`)]),
      ...nestedParts(progress),
    ];
  }
  return [text(' tells where the upload lives: '), code(shorten(gist))];
}

/** How far the subordinate operation is: its fraction, and the comment that says what is counted. */
function nestedParts({ remarks }: Progress): StoryPart[] {
  const nested = remarks.filter(({ depth }) => depth === 1);
  const fraction = nested.find((remark) => remark.kind === 'fraction');
  if (fraction === undefined) return [];
  const unit = nested.find((remark) => remark.kind === 'comment');
  const { numerator, denominator } = fraction;
  return [
    text(', of that '),
    code(`${numerator}/${denominator ?? ''}`),
    ...(unit === undefined ? [] : [text(` ${unit.text}`)]),
  ];
}

/** How much of an upload had arrived by `time` (nanoseconds), and how much of it was sent more than once. */
export function arrived(upload: Coverage, time: number): StoryPart[] {
  const length = upload.lengthAt(time);
  const got = upload.total(Layer.received, time);
  if (length === null || got === 0) return [text('.')];
  const twice = upload.repeated(Layer.sent, time).reduce((sum, [first, end]) => sum + end - first, 0);
  const all = got >= length ? `all ${bytes(length)} arrived` : `${grouped(got)} of ${bytes(length)} arrived`;
  return [text(`: ${all}${twice > 0 ? `, ${grouped(twice)} of them sent twice` : ''}.`)];
}

/** What the answer to a HEAD means: how much of an upload is there, how much must go again. */
export function offsetParts(upload: Coverage, has: number, time: number): StoryPart[] {
  const sent = topOf(upload, Layer.sent, time);
  const length = upload.lengthAt(time);
  if (length !== null && has >= length) return [text(`: all ${bytes(has)} arrived`)];
  const again = sent > has ? [text(` The last ${grouped(sent - has)} must go again.`)] : [];
  return [text(`: ${grouped(has)} arrived.`), ...again];
}

/** How far an upload had come at both ends. */
export function hadReadParts(upload: Coverage, time: number): StoryPart[] {
  if (upload.empty) return [];
  const sent = topOf(upload, Layer.sent, time);
  const read = topOf(upload, Layer.received, time);
  if (sent === 0) return [text(' No content had been sent.')];
  if (sent === read) return [text(' Nothing was on its way.')];
  return [text(` The client had sent ${grouped(sent)}, the server had read ${grouped(read)}.`)];
}

function topOf(upload: Coverage, layer: Layer, time: number): number {
  return upload.stretches(layer, time).reduce((most, [, end]) => Math.max(most, end), 0);
}

/** A place in the representation where that is known (`content` not NaN), else in the stream. */
export function where(position: number, content: number): string {
  return Number.isNaN(content)
    ? `byte ${grouped(position)} of the stream`
    : `byte ${grouped(content)} of the content`;
}

/** `299 Incomplete Content`; without a reason, the registered one. */
export function named(status: number, reason: string): string {
  return `${status} ${reason === '' ? reasonOf(status) : reason}`.trim();
}

/** A target in 48 characters at most, its end kept. */
export function shorten(target: string): string {
  return target.length > 48 ? `${target.slice(0, 20)}…${target.slice(-24)}` : target;
}

/** What stands before and behind the first separator. */
export function split(whole: string, separator: string): [string, string] {
  const at = whole.indexOf(separator);
  return at === -1 ? [whole, ''] : [whole.slice(0, at), whole.slice(at + 1)];
}

const NUMBERS = new Intl.NumberFormat('en-US');

/** `1,000,000` */
export function grouped(value: number): string {
  return NUMBERS.format(value);
}

/** `1 byte`, `1,000,000 bytes` */
export function bytes(value: number): string {
  return `${grouped(value)} ${value === 1 ? 'byte' : 'bytes'}`;
}

export function text(value: string): StoryPart {
  return { kind: 'text', text: value };
}

export function strong(value: string): StoryPart {
  return { kind: 'strong', text: value };
}

export function code(value: string): StoryPart {
  return { kind: 'code', text: value };
}
