// The requests that experiments on one resource are made of: where the resource lies, one request repeated until it is
// answered, several in order. Knows no experiment; only what an experiment's steps have in common stands here.

import type { CutSpec } from '../../../shared/contract.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { type ContentSource, contentDigest } from '../../client/content.ts';
import { runStrategy } from '../../client/run-strategy.ts';
import type { OperationResult } from '../../client/strategy.ts';
import type { ExperimentContext, ExperimentResult } from './types.ts';

/**
 * The resource that an experiment works on: the user's own, or one of the embedded server whose name nobody else can
 * guess (draft-wright-http-patch-byterange, Segmented Document Creation).
 * @param folder `uploads`, `put-only` for a server that takes no PATCH, or `streams`
 */
export function resourceOf(
  context: ExperimentContext,
  folder: 'uploads' | 'put-only' | 'streams' = 'uploads',
): string {
  if (context.target !== null) return context.target;
  const name = Math.floor(context.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return `${context.server.url}/${folder}/example-${name}.txt`;
}

/** What one request carries. */
export interface RequestParts {
  readonly fields?: FieldLines;
  readonly content?: ContentSource;
}

/** Sends a request that may be sent twice without harm, again after each break, until it is answered. */
export function ask(
  context: ExperimentContext,
  method: string,
  url: string,
  { fields = [], content }: RequestParts = {},
): Promise<OperationResult> {
  return runStrategy(
    'repeat',
    { method, url, fields, content: content ?? null },
    { patience: patienceOf(context) },
    context,
  );
}

/** The operations one after the other, until one does not complete; the last one that was begun is the outcome. */
export async function inOrder(
  first: () => Promise<OperationResult>,
  ...others: readonly (() => Promise<OperationResult>)[]
): Promise<OperationResult> {
  let result = await first();
  for (const operation of others) {
    if (result.outcome !== 'completed') break;
    result = await operation();
  }
  return result;
}

export function patienceOf({ parameters }: ExperimentContext): number {
  return Number(parameters['patience']);
}

/** SHA-256 (hex) of what a resource holds now: looked up in the embedded server, read back from a foreign one. */
export async function resourceDigest(context: ExperimentContext, url: string): Promise<string | null> {
  if (context.target === null) return context.server.digest(new URL(url).pathname);
  const options = { patience: patienceOf(context) };
  const read = await runStrategy(
    'resume-download',
    { method: 'GET', url, fields: [], content: null },
    options,
    context,
  );
  return read.outcome === 'completed' ? (read.download?.digest ?? null) : null;
}

/** The result of an experiment that leaves `content` at `url`. */
export async function resultOf(
  context: ExperimentContext,
  { outcome, reason }: OperationResult,
  url: string,
  content: ContentSource,
): Promise<ExperimentResult> {
  const digest =
    outcome === 'completed'
      ? { sent: await contentDigest(content, context.signal), stored: await resourceDigest(context, url) }
      : { sent: null, stored: null };
  return { outcome, reason, digest };
}

/** The cut that an experiment makes by itself, at the server's end where that is ours. */
export function ownCut(
  context: ExperimentContext,
  stream: 'request' | 'response',
  at: number,
  content = true,
): CutSpec {
  const { target, parameters } = context;
  const chosen = parameters['cut'];
  const cut = chosen === 'fin' || chosen === 'stall' ? chosen : 'rst';
  return target === null
    ? { end: 'server', direction: stream === 'request' ? 'in' : 'out', at, content, cut }
    : { end: 'client', direction: stream === 'request' ? 'out' : 'in', at, content, cut };
}
