// `interim/client`: requests that survive breaks, for programs on Node. Exports only; the README beside it tells how.

import { type RequestOptions, understand } from './options.ts';
import { ResumableRequest } from './request.ts';
import type { ResumableResponse } from './response.ts';

export { RequestError, type RequestErrorCode } from './errors.ts';
export type { Headers, RequestOptions } from './options.ts';
export { ResumableRequest, type RequestEvents, type TakenStep } from './request.ts';
export { ResumableResponse, type Information } from './response.ts';
export type { OperationResult, StrategyName } from '../strategy.ts';

type Callback = (response: ResumableResponse) => void;

/**
 * A request, not yet sent: write its content, then end it. With a Content-Length header it goes out while it is written,
 * else when it is ended.
 * @param callback the first listener of `response`
 * @throws {RequestError} `bad-url` or `bad-option`
 */
export function request(url: string | URL, options?: RequestOptions, callback?: Callback): ResumableRequest;
export function request(url: string | URL, callback?: Callback): ResumableRequest;
export function request(options: RequestOptions, callback?: Callback): ResumableRequest;
export function request(
  first: string | URL | RequestOptions,
  second?: RequestOptions | Callback,
  third?: Callback,
): ResumableRequest {
  const address = typeof first === 'string' || first instanceof URL ? first : null;
  const options = address === null ? (first as RequestOptions) : typeof second === 'object' ? second : {};
  const callback = typeof second === 'function' ? second : third;
  const made = new ResumableRequest(understand(address, options));
  if (callback !== undefined) made.once('response', callback);
  return made;
}
