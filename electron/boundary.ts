// What stands between an interface and the engine in every host: a command is known, its arguments are what the
// contract says, or nothing happens. Must never pass on what it has not checked.

import type { Engine } from './engine-types.ts';
import { type CommandName, commands } from '../shared/contract.ts';

/** What a host refuses; the message is one sentence for the user. */
export class BoundaryError extends Error {
  readonly code: 'unknown-command' | 'arguments' | 'path';
  constructor(code: BoundaryError['code'], message: string) {
    super(message);
    this.name = 'BoundaryError';
    this.code = code;
  }
}

/** A command whose name and arguments were checked; its arguments are typed by what stands in the contract. */
export interface CheckedCommand {
  readonly name: CommandName;
  readonly args: unknown;
}

/**
 * Checks a command as it came from an interface.
 * Throws a {@link BoundaryError} for a name that is none, or arguments that are not exactly the contract's.
 */
export function checkCommand(name: unknown, args: unknown): CheckedCommand {
  if (typeof name !== 'string' || !Object.hasOwn(commands, name))
    throw new BoundaryError('unknown-command', `There is no command ${JSON.stringify(name)?.slice(0, 60)}.`);
  const known = name as CommandName;
  const parsed = commands[known].args.safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? 'arguments' : issue.path.join('.');
    throw new BoundaryError('arguments', `The command ${known} was given a wrong ${where}.`);
  }
  return { name: known, args: parsed.data };
}

/** Does a command that came from an interface. Rejects with a {@link BoundaryError}, or with the engine's refusal. */
export async function callCommand(
  engine: Pick<Engine, 'commands'>,
  name: unknown,
  args: unknown,
): Promise<unknown> {
  const checked = checkCommand(name, args);
  // The table of commands types each pair of arguments and method; what was parsed by a name belongs to that name.
  const call = engine.commands[checked.name] as (args: unknown) => Promise<unknown>;
  return call.call(engine.commands, checked.args);
}

/** A failure as one line for the user: never a stack, never empty. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]?.trim() || 'Something went wrong that has no name.';
}
