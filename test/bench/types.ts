// What a row of the bench is: our way of doing a piece of work, and what it is measured against.

export interface BenchRow {
  name: string;
  /** One measured round; returns its cost, e.g. in milliseconds. */
  ours(): number | Promise<number>;
  peers: {
    name: string;
    round(): number | Promise<number>;
    /** Our speed must be at least this multiple; 0: only for comparison. */
    atLeast: number;
  }[];
  setup?(): void | Promise<void>;
  teardown?(): void | Promise<void>;
  /** What else was measured, one sentence each, told behind the figures. */
  remarks?(): readonly string[];
}
