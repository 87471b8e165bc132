// How one exchange tells the progress of its operation, checked against what was told before it began. Numbers only:
// progress comes by the hundred thousand.

import type { RuleId } from './rules.ts';

/** What an operation's progress was last: the numbers of its first fraction. */
export class ProgressWatch {
  /** −1 before the first. */
  numerator = -1;
  /** NaN while it is not known. */
  denominator = NaN;
  /** A final response told that all is done. */
  ended = false;

  /** @param known what an exchange begins with is what its operation knows */
  constructor(known: ProgressWatch | null = null) {
    if (known === null) return;
    this.numerator = known.numerator;
    this.denominator = known.denominator;
    this.ended = known.ended;
  }

  /** Takes the next value. Null: in keeping with the values before. @param denominator NaN when absent */
  take(numerator: number, denominator: number): RuleId | null {
    const before = this.numerator;
    const beforeOf = this.denominator;
    this.numerator = numerator;
    this.denominator = denominator;
    if (this.ended) return numerator === before && denominator === beforeOf ? null : 'progress-after-end';
    if (numerator < before) return 'progress-decreasing';
    if (denominator < numerator) return 'progress-beyond-denominator';
    if (denominator !== denominator && beforeOf === beforeOf) return 'progress-denominator-vanished';
    return null;
  }
}
