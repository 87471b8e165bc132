// What the upload protocols have in common for whoever carries them out: how an upload begins, the request for each
// action, and what is read of the answers. Decides nothing, and opens nothing.

import type { Head } from '../../../shared/http1/types.ts';
import { resolved } from '../answer.ts';
import type { Doable, Errand } from '../errands.ts';
import type { Situation, UploadState, UploadTold } from '../situation.ts';
import type { OperationRequest, StrategyOptions } from '../strategy.ts';

export interface UploadProtocol {
  /** What is known before anything happened. */
  begin(before: Situation, request: OperationRequest): Situation;
  /** The request for an action, for the part of the content that it is about. */
  errand(action: Doable, now: Situation, request: OperationRequest): Errand;
  /** One exchange, to be told of its responses. */
  listen(errand: Pick<Errand, 'purpose' | 'goal'>, now: Situation, base: string): UploadListener;
}

export interface UploadListener {
  /** @returns whether it told anything new */
  interim(head: Head): boolean;
  final(head: Head): void;
  readonly told: UploadTold;
  /** The content need not be held back any longer: what can be waited for is here. */
  readonly admitted: boolean;
  /** What was told makes it useless to go on with this exchange. */
  readonly futile: boolean;
}

export const NOTHING_TOLD: UploadTold = {
  spoken: false,
  location: null,
  announced: false,
  foreign: null,
  second: null,
  interimOffset: null,
  offset: null,
  complete: null,
  length: null,
  limits: null,
  versions: null,
  extensions: null,
  algorithms: null,
};

/** The state of an upload of which nothing has been sent. */
export function uploadBegun(
  request: Pick<OperationRequest, 'url'>,
  options: StrategyOptions,
  first: UploadState['first'],
): UploadState {
  return {
    creation: request.url,
    first: options.first ?? first,
    wish: options.segmentSize ?? Infinity,
    most: Infinity,
    least: 0,
    told: 0,
    spoken: false,
    complete: false,
    discovery: options.discover === true ? 'wanted' : 'none',
    tooLarge: null,
    until: Infinity,
    redirects: 0,
    anew: 0,
    cancel: options.cancel ?? false,
  };
}

/** What is known of the upload; only strategies that have one may ask. */
export function uploadOf({ upload }: Situation): UploadState {
  if (upload === null) throw new Error('this strategy has no upload resource');
  return upload;
}

/**
 * A Location that names the upload resource. Content goes to the host that the user named only.
 * @param known the one that was named before, in the same exchange
 */
export function named(
  head: Pick<Head, 'field'>,
  base: string,
  known: UploadTold,
): Pick<UploadTold, 'location' | 'foreign' | 'second'> {
  const { location, foreign, second } = known;
  const url = resolved(head, 'location', base);
  if (url === null || url === location || url === foreign) return { location, foreign, second };
  if (location !== null || foreign !== null) return { location, foreign, second: second ?? url };
  return new URL(url).hostname === new URL(base).hostname
    ? { location: url, foreign, second }
    : { location, foreign: url, second };
}

/** Bytes of content that a request which begins at an offset may carry. */
export function roomFrom(from: number, length: number, { wish, most, least }: UploadState): number {
  return Math.min(length - from, Math.min(most, Math.max(wish, least)));
}

/** Up to where the request that creates the upload resource carries the content. */
export function firstTo(now: Situation): number {
  const upload = uploadOf(now);
  return upload.first === 'empty' ? 0 : roomFrom(0, now.length, upload);
}
