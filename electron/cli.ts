// The command line: the same pieces without a window. Results on stdout, talk on stderr; exit 0 success, 1 a check
// failed or something was refused, 2 wrong usage. Never a stack trace for what a user did.

import { appendCommand } from './cli/append.ts';
import { exportCommand } from './cli/export.ts';
import { compareCommand } from './cli/compare.ts';
import { explainCommand } from './cli/explain.ts';
import { followCommand } from './cli/follow.ts';
import { listCommand } from './cli/list.ts';
import { patchCommand } from './cli/patch.ts';
import { replayCommand } from './cli/replay.ts';
import { runCommand } from './cli/run.ts';
import { sendCommand } from './cli/send.ts';
import { serveCommand } from './cli/serve.ts';
import { serverCommand } from './cli/server.ts';
import { type Command, type Io, USAGE, UsageError } from './cli/usage.ts';
import packageJson from '../package.json' with { type: 'json' };

const COMMANDS: Readonly<Record<string, Command>> = {
  list: listCommand,
  run: runCommand,
  send: sendCommand,
  patch: patchCommand,
  append: appendCommand,
  follow: followCommand,
  server: serverCommand,
  serve: serveCommand,
  explain: explainCommand,
  export: exportCommand,
  replay: replayCommand,
  compare: compareCommand,
};

/** Runs one command. @returns the exit code */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    io.out(`${packageJson.version}\n`);
    return 0;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    (name === undefined ? io.talk : io.out)(USAGE);
    return name === undefined ? 2 : 0;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    io.talk(`There is no command “${name}”; there are ${Object.keys(COMMANDS).join(', ')}.\n`);
    return 2;
  }
  let failed = false;
  const fail = (sentence: string): void => {
    failed = true;
    io.talk(`${sentence}\n`);
  };
  try {
    const code = await command(rest, { ...io, fail });
    return failed && code === 0 ? 1 : code;
  } catch (error) {
    io.talk(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
