// What the commands share: their options, read by Node's own parser, and one sentence for each wrong use.

import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { CutSpec, Disturbance } from '../../shared/contract.ts';
import { parseFaultSpec } from '../wire/fault-spec.ts';
import { MOST_CUTS, MOST_DISTURBANCES } from '../wire/faults.ts';
import { parseCutSpec } from '../wire/spec.ts';
import type { IdleRule } from '../wire/types.ts';

/** Where a command reads and writes; tests put their own in its place. */
export interface Io {
  /** Results. */
  out(text: string | Uint8Array): void;
  /** Talk. */
  talk(text: string): void;
  /** Standard input, whole. */
  input(): Promise<Uint8Array>;
  /** Standard input as it comes; it ends when the signal is aborted, too. */
  pieces(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Aborted by Ctrl+C or a request to end. */
  readonly signal: AbortSignal;
}

/** The same, as commands have it. */
export interface CommandIo extends Io {
  /** Says at once what went wrong; the exit code is that of a failure, whatever else comes of the command. */
  fail(sentence: string): void;
}

/** @returns the exit code */
export type Command = (args: readonly string[], io: CommandIo) => Promise<number>;

/** Wrong usage: exit code 2. The message says what is wrong and what is right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `interim: watch, break and resume HTTP

  list [--json]                        the experiments with their parameters
  run ID [--target URL] [--set NAME=VALUE]… [--cut SPEC]… [--fault FAULT]… [--seed N] [--json]
       [--out F.pcapng] [--har F.har]
                                       runs one; prints the timeline as text
  send METHOD URL [--field 'N: V']… [--body FILE|-|@SIZE] [--strategy NAME] [--segment BYTES] [--parallel N]
       [--cut SPEC]… [--fault FAULT]… [--json] [--out F.pcapng] [--har F.har]
                                       one request of your own; with --strategy ietf-upload or tus-upload, too:
       [--first whole|empty] [--discover] [--delete] [--cancel] [--interop-version 3…8]
       [--digests content|representation|both] [--checksum sha1|sha256] [--metadata NAME=VALUE]…
  send --raw FILE|- URL [--cut SPEC]… [--fault FAULT]… [--json] [--out F.pcapng] [--har F.har]
                                       the bytes of a file as they are, and what is answered
  patch URL OFFSET DATA|@FILE|- [--form message|multipart|application] [--length N] [--if-match ETAG]
       [--transaction atomic|persist] [--field 'N: V']… [--cut SPEC]… [--fault FAULT]… [--json]
       [--out F.pcapng] [--har F.har]
                                       writes bytes at an offset of a resource
  append URL [--body FILE|-] [--record F.pcapng] [--json]
                                       appends standard input to a stream, each piece as it comes
  follow URL [--out FILE] [--record F.pcapng] [--json]
                                       prints a stream, and what is appended to it meanwhile
  server [--port N] [--root DIR] [--incomplete-status N] [--interim-limit N] [--idle FIRST:BETWEEN[:final]]
       [--out F.pcapng] [--cut SPEC]… [--fault FAULT]… [--json]
                                       only the test server; default port 18080 or the next free one
  serve [--port N]                     the interface in a browser
  explain [--role request|response] [--method M] [--json] [FILE]
                                       parses bytes and says what each one is
  export F --as har|ndjson|curl|http|trace-event [--out F]
                                       converts a session
  replay F [--target URL] [--timing asap|as-recorded|TIMES] [--faults none] [--json] [--out F2.pcapng]
                                       sends a session's requests again, with its faults, and reports differences
  compare A B [--json]                 two sessions side by side, aligned by exchange, and what differs

  SPEC  client|server:in|out:[content:]BYTE[:rst|fin|stall]   e.g. server:in:100000:rst
        run takes --cut none, too: then not even the experiment cuts
  FAULT client|server:in|out:delay:MS, :throttle:BYTES-A-SECOND, :fragment:BYTES or :cut:MS[:rst|fin|stall];
        client|server:out:corrupt:BYTE; each stands for every connection, cut and corrupt strike once
  FIRST:BETWEEN[:final]   milliseconds to the first byte of an answer, and to each further one, after which the
        connection is reset, as a platform's router does; final: interim responses are no first byte; e.g. 30000:55000
`;

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses options strictly. Throws a {@link UsageError} that names what was not understood. */
export function options<T extends Options>(
  args: readonly string[],
  known: T,
  positionals: { readonly least: number; readonly most: number; readonly what: string },
): {
  values: ReturnType<typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>>['values'];
  positionals: string[];
} {
  try {
    const parsed = parseArgs({
      args: [...args],
      options: known,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    const once = new Set<string>();
    for (const token of parsed.tokens) {
      if (token.kind !== 'option' || known[token.name]?.multiple === true) continue;
      if (known[token.name]?.type === 'string' && once.has(token.name))
        throw new UsageError(`--${token.name} is given twice: give it once.`);
      if (token.value === '') throw new UsageError(`--${token.name} is given nothing: give it a value.`);
      once.add(token.name);
    }
    const count = parsed.positionals.length;
    if (count < positionals.least || count > positionals.most)
      throw new UsageError(`Expected ${positionals.what}.`);
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const names = Object.keys(known).map((name) => `--${name}`);
    const said =
      error instanceof Error
        ? error.message.split('\n')[0]!.replace(/\. To specify .*$/, '.')
        : String(error);
    const list = names.length === 0 ? 'This command takes no options.' : `Options here: ${names.join(', ')}.`;
    throw new UsageError(`${said.endsWith('.') ? said : `${said}.`} ${list}`);
  }
}

/** A whole number of an option within bounds. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not “${text}”.`);
  return value;
}

/** Every `--cut`. Throws a {@link UsageError} for a SPEC that is none, and for more than can be armed. */
export function cuts(texts: readonly string[] | undefined): CutSpec[] {
  if (texts !== undefined && texts.length > MOST_CUTS)
    throw new UsageError(`--cut can be given ${MOST_CUTS} times at most, not ${texts.length} times.`);
  return (texts ?? []).map((text) => {
    try {
      return parseCutSpec(text);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  });
}

/** Every `--fault`. Throws a {@link UsageError} for a FAULT that is none, and for more than can stand. */
export function faults(texts: readonly string[] | undefined): Disturbance[] {
  if (texts !== undefined && texts.length > MOST_DISTURBANCES)
    throw new UsageError(
      `--fault can be given ${MOST_DISTURBANCES} times at most, not ${texts.length} times.`,
    );
  return (texts ?? []).map((text) => {
    try {
      return parseFaultSpec(text);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  });
}

/** Whether only a test server of our own can do it. */
export function isAtServer(disturbance: Disturbance): boolean {
  return disturbance.fault === 'cut-idle' || disturbance.end === 'server';
}

/** The value of `--idle`: `30000:55000`, `30000:55000:final`. */
export function idleRule(text: string): IdleRule {
  const [, first, between, final] = /^(\d{1,9}):(\d{1,9})(:final)?$/.exec(text) ?? [];
  const rule: IdleRule = {
    firstByte: Number(first),
    between: Number(between),
    first: final === undefined ? 'any-byte' : 'final-response',
  };
  if (rule.firstByte >= 1 && rule.between >= 1) return rule;
  throw new UsageError(
    `--idle takes two numbers of milliseconds such as 30000:55000, or 30000:55000:final, not “${text}”.`,
  );
}
