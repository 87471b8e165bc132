// How fast a session is sent again, and the bounds of that for every place that lets it be chosen. Pure.

/** `asap`: each step as soon as it may; a number: no sooner after the first than it was, so many times as fast. */
export type Timing = 'asap' | number;

/** How many times as fast as it was, at least and at most. */
export const SLOWEST = 0.1;
export const FASTEST = 100;
