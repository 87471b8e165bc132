// Runs one experiment: checks its parameters, arms its cuts, runs it, and holds what happened against what it expects.
// Knows no experiment by name.

import { setMaxListeners } from 'node:events';
import type { Check, CutSpec, Parameter, ResultTable } from '../../../shared/contract.ts';
import { formatCutSpec } from '../../../shared/export/specs.ts';
import type { Experiment, ExperimentContext, ExperimentResult } from './types.ts';

/** A run that cannot begin; the message says what exists and what to change. */
export class ExperimentError extends Error {
  readonly code: 'unknown-parameter' | 'parameter-value' | 'foreign-cut';
  constructor(code: ExperimentError['code'], message: string) {
    super(message);
    this.name = 'ExperimentError';
    this.code = code;
  }
}

/**
 * Runs an experiment to its end, with missing parameters at their defaults. Cuts that it armed and that never fired
 * are taken back, each with a warning among the checks.
 * @throws {ExperimentError} before anything was sent
 */
export async function runExperiment(
  experiment: Experiment,
  context: ExperimentContext,
): Promise<{
  readonly result: ExperimentResult;
  readonly checks: Check[];
  readonly tables: ResultTable[];
}> {
  const { board, signal } = context;
  // As many wait for a stop as take part: Node would take more than ten for a leak, and say so to the user.
  setMaxListeners(0, signal);
  const full: ExperimentContext = { ...context, parameters: completed(experiment, context.parameters) };
  const specs = full.cuts ?? experiment.ownCuts?.(full) ?? [];
  if (full.target !== null && specs.some((spec) => spec.end === 'server'))
    throw new ExperimentError(
      'foreign-cut',
      'Only the client end of a foreign server can be cut. Use client:… instead of server:…, or leave the target out.',
    );
  const armed = new Map(specs.map((spec) => [board.arm(spec, 'plan'), spec]));
  try {
    const { result, observed, tables = [] } = await experiment.run(full);
    const missed = unfired(board.list(), armed);
    return {
      result,
      checks: [...observed, ...experiment.expect(full.model(), result, full), ...missed.map(notReached)],
      tables: [...tables, ...(experiment.tables?.(full.model(), result, full) ?? [])],
    };
  } finally {
    for (const { id, fired } of board.list()) if (armed.has(id) && !fired) board.disarm(id);
  }
}

function unfired(
  list: ReturnType<ExperimentContext['board']['list']>,
  armed: ReadonlyMap<number, CutSpec>,
): readonly CutSpec[] {
  return list.filter(({ id, fired }) => armed.has(id) && !fired).map(({ spec }) => spec);
}

function notReached(spec: CutSpec): Check {
  return {
    id: 'cut-not-reached',
    level: 'warning',
    message: `The cut ${formatCutSpec(spec)} never fired: its byte was not reached. Choose a smaller one.`,
  };
}

/** Every declared parameter: the given value, checked, or the default. */
function completed(
  experiment: Experiment,
  given: Readonly<Record<string, string | number | boolean>>,
): Record<string, string | number | boolean> {
  const { id, parameters } = experiment.info;
  const names = parameters.map(({ name }) => name);
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw new ExperimentError(
        'unknown-parameter',
        `${id} has no parameter "${name}". It has: ${names.join(', ') || 'none'}.`,
      );
  return Object.fromEntries(
    parameters.map((parameter) => {
      const value = given[parameter.name];
      return [parameter.name, value === undefined ? parameter.default : checked(id, parameter, value)];
    }),
  );
}

function checked(
  id: string,
  parameter: Parameter,
  value: string | number | boolean,
): string | number | boolean {
  const { name, type, minimum, maximum, choices } = parameter;
  const wrong = (form: string): ExperimentError =>
    new ExperimentError(
      'parameter-value',
      `${name} of ${id} must be ${form}, not "${value}". ${parameter.help}`,
    );
  if (typeof value !== type) throw wrong(type === 'boolean' ? 'true or false' : `a ${type}`);
  if (
    typeof value === 'number' &&
    (!Number.isInteger(value) || value < (minimum ?? -Infinity) || value > (maximum ?? Infinity))
  )
    throw wrong(`a whole number from ${minimum ?? '−∞'} to ${maximum ?? '∞'}`);
  if (choices !== undefined && !choices.includes(String(value))) throw wrong(`one of ${choices.join(', ')}`);
  return value;
}
