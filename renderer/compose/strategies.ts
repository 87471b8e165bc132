// How a composed request is carried out: each strategy with what it does, in one sentence, and the options that belong to
// it. Must say nothing that the client does not do. Pure.

import type { CommandArgs, SendOptions } from '../../shared/contract.ts';
import { INTEROP_VERSIONS } from '../../shared/fields/upload-draft-interop-version.ts';
import { readNumber } from '../ui/numbers.ts';

export type StrategyName = CommandArgs<'send'>['strategy'];

export type OptionName =
  | 'segmentSize'
  | 'parallel'
  | 'interopVersion'
  | 'first'
  | 'digests'
  | 'checksum'
  | 'transaction'
  | 'deleteWhenDone'
  | 'patience';

export interface StrategyInfo {
  readonly name: StrategyName;
  readonly title: string;
  /** One sentence. */
  readonly does: string;
  readonly options: readonly OptionName[];
  /** Its first request is the composed one, with these preferences beside it; null: it makes requests of its own. */
  readonly adds: readonly string[] | null;
}

const UPLOADS = ['segmentSize', 'first', 'deleteWhenDone'] as const;

/** In the order of a menu: from one request to protocols of their own. */
export const STRATEGIES: readonly StrategyInfo[] = [
  {
    name: 'plain',
    title: 'Plain',
    does: 'The request goes out once, and whatever comes is the result.',
    options: [],
    adds: [],
  },
  {
    name: 'repeat',
    title: 'Repeat',
    does: 'After a break the same request goes out again, whole, as most libraries do.',
    options: [],
    adds: [],
  },
  {
    name: 'idempotency-key',
    title: 'Idempotency-Key',
    does: 'Repeats the request under one Idempotency-Key, so that the server carries it out once only.',
    options: [],
    adds: null,
  },
  {
    name: 'resumable-request',
    title: 'Resumable request',
    does: 'Asks to be resumable; after a break it finds out by HEAD what arrived, and sends the rest by PATCH.',
    options: ['deleteWhenDone'],
    adds: ['resume'],
  },
  {
    name: 'follow-progress',
    title: 'Follow progress',
    does: 'Sends the request once, and follows the document about its progress when the connection is lost.',
    options: ['deleteWhenDone'],
    adds: [],
  },
  {
    name: 'follow-operation',
    title: 'Follow a long operation',
    does: 'Understands a 202 or 303 in the styles of well-known interfaces, and asks until the work is done.',
    options: [],
    adds: null,
  },
  {
    name: 'poll',
    title: 'Poll',
    does: 'Asks the same address again and again until the answer is final.',
    options: [],
    adds: null,
  },
  {
    name: 'server-sent-events',
    title: 'Server-sent events',
    does: 'Reads a stream of events, and connects again with Last-Event-ID when it ends.',
    options: [],
    adds: null,
  },
  {
    name: 'segmented-upload',
    title: 'Segmented upload',
    does: 'Writes the target in segments by byte-range PATCH; after a break it asks where it stands.',
    options: ['segmentSize', 'transaction'],
    adds: null,
  },
  {
    name: 'sparse-upload',
    title: 'Sparse upload',
    does: 'Writes segments of the target over several connections at once, in any order.',
    options: ['segmentSize', 'parallel', 'transaction'],
    adds: null,
  },
  {
    name: 'put-then-patch',
    title: 'PUT, then PATCH',
    does: 'Begins with an ordinary PUT, and mends what a break left out by byte-range PATCH.',
    options: ['transaction'],
    adds: null,
  },
  {
    name: 'ietf-upload',
    title: 'IETF resumable upload',
    does: 'Uploads as draft-ietf-httpbis-resumable-upload says: create, ask for Upload-Offset, append.',
    options: ['interopVersion', ...UPLOADS, 'digests'],
    adds: null,
  },
  {
    name: 'tus-upload',
    title: 'tus upload',
    does: 'Uploads as tus 1.0.0 says: create, then PATCH from the offset that HEAD tells.',
    options: [...UPLOADS, 'parallel', 'checksum'],
    adds: null,
  },
  {
    name: 'resume-download',
    title: 'Resume download',
    does: 'Downloads, and after a break asks for the rest by Range, guarded by If-Range.',
    options: [],
    adds: null,
  },
];

export interface OptionInfo {
  readonly name: OptionName;
  readonly title: string;
  readonly help: string;
  /** Absent: a whole number within the bounds; what an empty field means is said in `help`. */
  readonly choices?: readonly { readonly value: string; readonly title: string }[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export const OPTIONS: readonly OptionInfo[] = [
  {
    name: 'segmentSize',
    title: 'Segment, bytes',
    help: 'Bytes of a request at most; empty: as the strategy has it.',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
  },
  {
    name: 'parallel',
    title: 'Connections',
    help: 'How many at once; empty: as the strategy has it.',
    minimum: 1,
    maximum: 100,
  },
  {
    name: 'interopVersion',
    title: 'Interop version',
    help: 'Which version of the draft is spoken.',
    choices: [
      { value: '', title: 'newest' },
      ...INTEROP_VERSIONS.map((version) => ({ value: String(version), title: String(version) })),
    ],
  },
  {
    name: 'first',
    title: 'First request',
    help: 'What the request that creates the upload carries.',
    choices: [
      { value: '', title: 'as usual' },
      { value: 'whole', title: 'all it may' },
      { value: 'empty', title: 'nothing' },
    ],
  },
  {
    name: 'digests',
    title: 'Digests',
    help: 'SHA-256 of what: each content, the whole representation, or both.',
    choices: [
      { value: '', title: 'none' },
      { value: 'content', title: 'content' },
      { value: 'representation', title: 'whole' },
      { value: 'both', title: 'both' },
    ],
  },
  {
    name: 'checksum',
    title: 'Checksum',
    help: 'Of the content of each PATCH.',
    choices: [
      { value: '', title: 'none' },
      { value: 'sha1', title: 'SHA-1' },
      { value: 'sha256', title: 'SHA-256' },
    ],
  },
  {
    name: 'transaction',
    title: 'When it breaks',
    help: 'What the target is to do with a request that breaks.',
    choices: [
      { value: '', title: 'as usual' },
      { value: 'atomic', title: 'atomic' },
      { value: 'persist', title: 'persist' },
    ],
  },
  {
    name: 'deleteWhenDone',
    title: 'Afterwards',
    help: 'Whether the resources about the request are deleted at the end.',
    choices: [
      { value: '', title: 'leave' },
      { value: 'yes', title: 'DELETE' },
    ],
  },
  {
    name: 'patience',
    title: 'Patience, ms',
    help: 'Without a byte for so long, the server is taken for dead; empty: 5,000.',
    minimum: 1,
    maximum: 2_147_483_647,
  },
];

export function strategyInfo(name: StrategyName): StrategyInfo {
  return STRATEGIES.find((one) => one.name === name)!;
}

/** The options that a strategy takes, patience last: every strategy has it. */
export function optionsOf(name: StrategyName): readonly OptionInfo[] {
  const own = strategyInfo(name).options;
  return OPTIONS.filter((option) => option.name === 'patience' || own.includes(option.name));
}

/** What is wrong with an option, one sentence; null: nothing. */
export function judgeOption(option: OptionInfo, typed: string): string | null {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER, choices } = option;
  if (choices !== undefined || typed.trim() === '') return null;
  const number = readNumber(typed);
  if (number === null || number < minimum) return `A whole number, at least ${minimum}.`;
  return number > maximum ? `At most ${maximum.toLocaleString('en-US')}.` : null;
}

/** What `send` is told: only what was chosen, and only what the strategy takes. */
export function sendOptions(
  name: StrategyName,
  typed: Readonly<Partial<Record<OptionName, string>>>,
): SendOptions {
  const options: Record<string, unknown> = {};
  for (const option of optionsOf(name)) {
    const value = typed[option.name]?.trim() ?? '';
    if (value === '') continue;
    if (option.name === 'deleteWhenDone') options[option.name] = true;
    else if (option.choices === undefined || option.name === 'interopVersion')
      options[option.name] = readNumber(value);
    else options[option.name] = value;
  }
  return options;
}
