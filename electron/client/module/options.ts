// What a program asks for, in the words of http.request, as one operation of the client. Reads only; whatever cannot be
// understood is refused with a sentence before anything is opened.

import { inspect } from 'node:util';
import { type FieldLines, HttpSyntaxError, writeRequest } from '../../../shared/http1/writer.ts';
import { valueOf } from '../../../shared/fields/value-of.ts';
import type { WireContext } from '../../wire/types.ts';
import { ClientError } from '../errors.ts';
import { wrongOption } from '../option-bounds.ts';
import { STRATEGY_NAMES } from '../run-strategy.ts';
import type { StrategyName, StrategyOptions } from '../strategy.ts';
import { parseTarget } from '../target.ts';
import { addressOf } from './address.ts';
import { RequestError } from './errors.ts';

export type Headers = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Beyond those of http.request: how the request is carried out. */
export interface RequestOptions extends Omit<StrategyOptions, 'segments' | 'legacyRange'> {
  /** `http:` only. */
  readonly protocol?: string | null;
  readonly host?: string | null;
  /** Preferred to {@link host}. */
  readonly hostname?: string | null;
  /** Default 80. */
  readonly port?: number | string | null;
  /** Path and query; default `/`. */
  readonly path?: string | null;
  /** `user:password` */
  readonly auth?: string | null;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Headers;
  /**
   * Default: `resume-download` for GET, `repeat` for HEAD, OPTIONS, DELETE, TRACE and for a GET of a Range,
   * `resumable-request` for all others.
   */
  readonly strategy?: StrategyName;
  readonly signal?: AbortSignal;
  /** Where to record what happens, which faults to apply, whose time it is; by default nothing, none, the machine's. */
  readonly context?: Partial<WireContext>;
}

/** One request, understood. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  /** Without Content-Length, which the content tells. */
  readonly fields: FieldLines;
  readonly contentLength: number | null;
  readonly strategy: StrategyName;
  readonly options: RequestOptions;
}

/** @throws {RequestError} `bad-url`, `bad-option` */
export function understand(url: string | URL | null, options: RequestOptions): Asked {
  const method = options.method ?? 'GET';
  const wrong = wrongOption(options) ?? wrongOfProgram(options);
  if (wrong !== null) throw new RequestError('bad-option', wrong);
  const all = fieldsOf(options.headers ?? {});
  if (all.some(([name]) => name.toLowerCase() === 'transfer-encoding'))
    throw new RequestError(
      'bad-option',
      'Content is sent with its length: leave Transfer-Encoding out, or set Content-Length.',
    );
  const length = valueOf(all, 'content-length');
  if (length !== null && !/^\d{1,15}$/.test(length))
    throw new RequestError(
      'bad-option',
      `Content-Length is a number of bytes, not ${JSON.stringify(length)}.`,
    );
  const fields = all.filter(([name]) => name.toLowerCase() !== 'content-length');
  const address = addressOf(url, options);
  try {
    writeRequest({ method, target: parseTarget(address).path, fields });
  } catch (error) {
    if (error instanceof ClientError) throw new RequestError(error.code, error.message);
    if (error instanceof HttpSyntaxError) throw new RequestError('bad-option', error.message);
    throw error;
  }
  return {
    method,
    url: address,
    fields,
    contentLength: length === null ? null : Number(length),
    strategy: strategyOf(method, fields, options.strategy),
    options,
  };
}

/** The same for the options that only a program has. */
function wrongOfProgram({
  method,
  signal,
}: {
  readonly method?: unknown;
  readonly signal?: unknown;
}): string | null {
  if (method !== undefined && typeof method !== 'string')
    return `method is a string, not ${inspect(method)}.`;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    return `signal is an AbortSignal, not ${inspect(signal)}.`;
  return null;
}

function strategyOf(method: string, fields: FieldLines, named: StrategyName | undefined): StrategyName {
  if (named !== undefined) {
    if (STRATEGY_NAMES.includes(named)) return named;
    throw new RequestError(
      'bad-option',
      `There is no strategy ${JSON.stringify(named)}; there are ${STRATEGY_NAMES.join(', ')}.`,
    );
  }
  if (method === 'GET')
    return fields.some(([name]) => name.toLowerCase() === 'range') ? 'repeat' : 'resume-download';
  return ['HEAD', 'OPTIONS', 'DELETE', 'TRACE'].includes(method) ? 'repeat' : 'resumable-request';
}

function fieldsOf(headers: Headers): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, String(each)]);
  });
}
