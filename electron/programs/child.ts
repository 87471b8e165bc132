// One child process: its last words, its end, and the promise that it does end. Ends no process but its own child.

import { type ChildProcess, spawn } from 'node:child_process';
import { whenProcessEnds } from './last-resort.ts';
import type { Clock } from '../wire/types.ts';

/** How long (ms) a child may take to end in good order. */
const LEAVE_WITHIN = 2_000;
/** How long (ms) after its end it is listened for its last words. */
const READ_WITHIN = 500;
/** Characters of what it said that are kept: the last ones. */
const KEPT = 8 * 1024;

export interface ChildOptions {
  readonly clock: Clock;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export class Child {
  /** Resolves once it has ended, or could not be started. */
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  readonly #clock: Clock;
  #over = false;
  #said = '';

  /** Starts a program, without a shell. One that cannot be started has ended at once, and said why. */
  constructor(path: string, args: readonly string[], { clock, folder, environment }: ChildOptions) {
    this.#clock = clock;
    this.#process = spawn(path, args, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-KEPT);
      });
    const takeBack = whenProcessEnds(() => void this.#process.kill('SIGKILL'));
    this.ended = new Promise((resolve) => {
      let cancel = (): void => {};
      const over = (): void => {
        cancel();
        this.#over = true;
        takeBack();
        this.#process.stdout?.destroy();
        this.#process.stderr?.destroy();
        resolve();
      };
      // `close` comes when its last word was read: never, as long as a child of its own holds on to its outputs.
      this.#process.once('close', over);
      this.#process.once('exit', () => {
        cancel = clock.after(READ_WITHIN, over);
      });
      this.#process.once('error', (error) => {
        if (this.#process.pid !== undefined) return;
        this.#said += error.message;
        over();
      });
    });
  }

  get over(): boolean {
    return this.#over;
  }

  /** Undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The last of what it wrote to both its outputs. */
  get said(): string {
    return this.#said;
  }

  /** Asks it to end, makes it end two seconds later, and resolves when it has. */
  async stop(): Promise<void> {
    if (this.#over) return;
    this.#process.kill('SIGTERM');
    const cancel = this.#clock.after(LEAVE_WITHIN, () => void this.#process.kill('SIGKILL'));
    await this.ended;
    cancel();
  }
}
