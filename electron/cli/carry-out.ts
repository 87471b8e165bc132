// One operation of the user's own, by a strategy, and what is printed of it: what `send` and `patch` share.

import type { ContentSource } from '../client/content.ts';
import { ClientError } from '../client/errors.ts';
import { runStrategy, unsuitedFor } from '../client/run-strategy.ts';
import type { OperationRequest, OperationResult, StrategyName, StrategyOptions } from '../client/strategy.ts';
import { parseTarget } from '../client/target.ts';
import type { Check, CutSpec, Disturbance } from '../../shared/contract.ts';
import { HttpSyntaxError, writeRequest } from '../../shared/http1/writer.ts';
import { apart, armAll, disturbAll, type Laboratory, laboratory } from './laboratory.ts';
import { forTerminal, summary, timeline } from './text.ts';
import { cuts, faults, type CommandIo, isAtServer, UsageError } from './usage.ts';

/** Options that every command with an operation of the user's own takes. */
export const OPERATION_OPTIONS = {
  field: { type: 'string', multiple: true },
  cut: { type: 'string', multiple: true },
  fault: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  out: { type: 'string' },
  har: { type: 'string' },
} as const;

export interface OperationValues {
  readonly field?: readonly string[] | undefined;
  readonly cut?: readonly string[] | undefined;
  readonly fault?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
  readonly out?: string | undefined;
  readonly har?: string | undefined;
}

interface Errand {
  readonly strategy: StrategyName;
  readonly method: string;
  readonly url: string;
  readonly fields: OperationRequest['fields'];
  /** Opened when everything else was found to be in order. */
  readonly content: () => Promise<ContentSource | null>;
  readonly options: StrategyOptions;
}

/** @returns the exit code: 0 when it completed */
export async function carryOut(errand: Errand, values: OperationValues, io: CommandIo): Promise<number> {
  const { strategy, method, url, fields, options } = errand;
  const specs = clientCuts(values.cut);
  const disturbances = clientFaults(values.fault);
  refuseUnsendable(method, url, fields);
  const unsuited = unsuitedFor(strategy, { method, fields });
  if (unsuited !== null) throw new UsageError(unsuited);
  await apart(values.out, values.har);
  const content = await errand.content();
  try {
    refuseOtherLength(fields, content?.length ?? 0);
  } catch (error) {
    await content?.close();
    throw error;
  }

  const lab = await laboratory(`${method} ${url}`, values, io);
  try {
    armAll(lab.context, specs);
    disturbAll(lab.context, disturbances);
    const result = await runStrategy(strategy, { method, url, fields, content }, options, {
      ...lab.context,
      random: Math.random,
      signal: io.signal,
    });
    await tell(lab, result, values, io);
    return result.outcome === 'completed' ? 0 : 1;
  } finally {
    await lab.close();
    await content?.close();
  }
}

/** Prints what came of it. */
export async function tell(
  lab: Laboratory,
  result: Pick<OperationResult, 'outcome' | 'reason' | 'final' | 'payloadDigest'>,
  values: OperationValues,
  io: CommandIo,
): Promise<void> {
  const checks: Check[] = lab.context.board
    .list()
    .filter((armed) => !armed.fired)
    .map(({ spec }) => ({
      id: 'cut-not-reached',
      level: 'warning',
      message: `The cut at byte ${spec.at} was never reached.`,
    }));
  const model = lab.fold();
  if (values.json === true) {
    const document = await lab.report({
      experiment: null,
      outcome: result.outcome,
      reason: result.reason,
      checks,
      digest: { sent: result.payloadDigest, stored: null },
    });
    io.out(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  for (const line of timeline(model)) io.talk(`${line}\n`);
  io.talk(`\n${summary(model).join('\n')}\n`);
  for (const check of checks) io.talk(`${check.level} ${forTerminal(check.message)}\n`);
  io.talk(`${result.outcome}: ${forTerminal(result.reason)}\n`);
  if (result.final === null) return;
  io.out(result.final.content);
  const whole = model.operations[0]?.download.lengthAt() ?? 0;
  if (whole > result.final.content.length)
    io.talk(`Printed ${result.final.content.length} of ${whole} bytes; --out records all of them.\n`);
}

/** RFC 9110 §5.6.2 */
export const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Every `--field`. */
export function fieldsOf(texts: readonly string[] | undefined): [string, string][] {
  return (texts ?? []).map((text) => {
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(colon, 0));
    if (!TOKEN.test(name)) throw new UsageError(`--field takes 'Name: value', not ${JSON.stringify(text)}.`);
    return [name, text.slice(colon + 1).trim()];
  });
}

export function clientCuts(texts: readonly string[] | undefined): CutSpec[] {
  const specs = cuts(texts);
  if (specs.some((spec) => spec.end === 'server'))
    throw new UsageError(
      'A server: cut needs the embedded test server (interim run, interim server); here only client: cuts can be made.',
    );
  return specs;
}

export function clientFaults(texts: readonly string[] | undefined): Disturbance[] {
  const disturbances = faults(texts);
  if (disturbances.some(isAtServer))
    throw new UsageError(
      'A server: fault needs the embedded test server (interim run, interim server); here only client: faults can be made.',
    );
  return disturbances;
}

/** What could never be sent is wrong usage, and is said before anything is opened. */
function refuseUnsendable(method: string, url: string, fields: OperationRequest['fields']): void {
  try {
    writeRequest({ method, target: parseTarget(url).path, fields });
  } catch (error) {
    if (!(error instanceof ClientError || error instanceof HttpSyntaxError)) throw error;
    throw new UsageError(error.message);
  }
}

/** A message that says another length than it has would never come to its end, or be taken for two. */
function refuseOtherLength(fields: OperationRequest['fields'], length: number): void {
  for (const [name, value] of fields)
    if (name.toLowerCase() === 'content-length' && value !== String(length))
      throw new UsageError(
        `--field says Content-Length: ${value}, and the content has ${length} bytes: leave it out, it is added.`,
      );
}
